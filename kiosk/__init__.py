"""The machine: a touchscreen on which citizens rate, and everything that keeps their votes safe."""

VERSION = "0.1.0"
