"""Bytes to lines, for every scanner that ends a code with a terminator, and for those that send none.

Pure: no port, no thread, no clock. Terminators as shipped: CR LF (Honeywell, Datalogic), CR (GM65, Zebra in
some hosts), TAB and ETX (by set-up code), none at all (Zebra "standard RS-232").
"""

import re

from hardware.driver import Fault, Frame

LONGEST_LINE = 512  # bytes; a chip-card QR is 100 to 200
IDLE_SECONDS = 0.1  # no scanner pauses that long inside a code, no hand is faster between two

_TERMINATORS = re.compile(rb"[\r\n\t\x03]")


class LineFramer:
    """Cuts a stream of bytes into lines. Never raises, and holds at most LONGEST_LINE bytes.

    Times are seconds of any clock that only goes forward. The outcome does not depend on how the bytes are split.
    """

    def __init__(self) -> None:
        self._pending = bytearray()
        self._dropping = False
        self._last = 0.0

    def opened(self, now: float) -> list[Frame | Fault]:
        """Forget what came before; nothing has to be said to such a scanner."""
        self._pending.clear()
        self._dropping = False
        self._last = now
        return []

    def feed(self, chunk: bytes, now: float) -> list[Frame | Fault]:
        """Take what was read, and return the lines that it completes; an overlong line is one fault."""
        done = self.tick(now)
        first, *others = _TERMINATORS.split(chunk)
        self._take(first, done)
        for piece in others:
            self._end(done)
            self._take(piece, done)
        if chunk:
            self._last = now
        return done

    def tick(self, now: float) -> list[Frame | Fault]:
        """Return the line that ends because nothing has followed it for IDLE_SECONDS."""
        return self.flush() if now - self._last >= IDLE_SECONDS else []

    @property
    def between(self) -> bool:
        """Whether no line has been begun."""
        return not self._pending and not self._dropping

    def drop(self) -> None:
        """Give up the line that is being read, to its end."""
        self._pending.clear()
        self._dropping = True

    def flush(self) -> list[Frame | Fault]:
        """End the line here, and return it if there is one."""
        done: list[Frame | Fault] = []
        self._end(done)
        return done

    def _take(self, piece: bytes, done: list[Frame | Fault]) -> None:
        if self._dropping:
            return
        if len(self._pending) + len(piece) > LONGEST_LINE:
            self.drop()
            done.append(Fault.OVERFLOW)
        else:
            self._pending += piece

    def _end(self, done: list[Frame | Fault]) -> None:
        if self._pending:
            done.append(Frame(bytes(self._pending)))
        self._pending.clear()
        self._dropping = False
