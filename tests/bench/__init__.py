"""Measurements, printed with the machine they were taken on; never asserted."""
