"""Whole lines of real processes."""
