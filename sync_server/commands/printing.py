"""Printing Vietnamese: a terminal set to another encoding would refuse its letters, or turn a file's into others."""

import sys


def print_text(text: str) -> None:
    """Write a text to standard output as UTF-8, as it is."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()
