"""The same look for everybody, whatever the visitor before them chose."""

from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.ui.look import CHOICES, LOOK


@contextmanager
def everybody_looks(*choices: str) -> Iterator[None]:
    """Make these choices of CHOICES, and keep them when a visitor leaves."""
    usual = LOOK.usual
    LOOK.usual = lambda: None  # type: ignore[method-assign]
    for choice in CHOICES:
        setattr(LOOK, choice, choice in choices)
    try:
        yield
    finally:
        LOOK.usual = usual  # type: ignore[method-assign]
        LOOK.usual()
