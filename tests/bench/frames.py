"""When a window is redrawn, as the X server sees it: the same for every program, and nothing is added to any."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import xcffib
import xcffib.damage
import xcffib.xproto


class Frames:
    """Every change of a display's picture."""

    def __init__(self, display: Any) -> None:
        self._x = display
        self._damage = display(xcffib.damage.key)
        self._damage.QueryVersion(xcffib.damage.MAJOR_VERSION, xcffib.damage.MINOR_VERSION).reply()
        self._watched = display.generate_id()
        root = display.get_setup().roots[0].root
        self._damage.Create(self._watched, root, xcffib.damage.ReportLevel.NonEmpty)
        self._x.flush()

    def next(self, seconds: float) -> float | None:
        """Wait for the next change; return when it came (perf_counter), None when there was none."""
        deadline = perf_counter() + seconds
        while (event := self._x.poll_for_event()) is None:
            left = deadline - perf_counter()
            if left <= 0:
                return None
            select.select([self._x.get_file_descriptor()], [], [], left)
        at = perf_counter()
        assert isinstance(event, xcffib.damage.NotifyEvent)
        self._damage.Subtract(self._watched, xcffib.xproto.Atom._None, xcffib.xproto.Atom._None)
        self._x.flush()
        return at

    def still(self, seconds: float = 0.0) -> int:
        """Wait until nothing has changed for so long; return how many changes there were."""
        changes = 0
        while self.next(seconds) is not None:
            changes += 1
        return changes


@contextmanager
def frames(display: str) -> Iterator[Frames]:
    """Watch a display."""
    connect: Any = xcffib.connect
    connection = connect(display=display)
    try:
        yield Frames(connection)
    finally:
        connection.disconnect()
