"""Exports: votes in a file that others can read."""
