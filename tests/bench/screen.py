"""A screen to draw on: the machine's own, or a virtual one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fakes.virtual_screen import virtual_screen


@contextmanager
def screen() -> Iterator[str]:
    """See to it that DISPLAY names a screen; say in words which it is."""
    if os.environ.get("DISPLAY"):
        yield "this machine's screen"
        return
    with virtual_screen() as display:
        os.environ["DISPLAY"] = display
        try:
            yield "a virtual screen (Xvfb, software GL)"
        finally:
            del os.environ["DISPLAY"]
