"""Bytes to scans: framers and decoders, ports, supervisors, and simulators that ship."""
