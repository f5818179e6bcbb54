"""A scanner without hardware: a real pseudo-terminal, behind a link that comes and goes as a device's name does."""

import os
import termios
import tty
from contextlib import suppress
from errno import EEXIST
from pathlib import Path
from threading import Event
from time import monotonic
from types import TracebackType
from typing import Self

PATIENCE = 1.0  # seconds; what nobody has read by then is lost, as on a line
MOST_HEARD = 4096
PIECE_SECONDS = 0.005  # between bytes that come one by one: a line of 9600 baud brings five in it
_PAUSE = 0.001  # poll(2) always calls a pseudo-terminal writable


class Unplugged(Exception):
    """The simulated scanner is not plugged in."""


class SimulatedScanner:
    """A scanner that is plugged in at *link* from the start; use it as a context manager, or close it.

    The link is replaced when it is a link already; FileExistsError when it is anything else, OSError when it
    cannot be made.
    """

    def __init__(self, link: Path) -> None:
        self.link = link
        self._terminal: str | None = None
        self.replug()

    @property
    def terminal(self) -> str | None:
        """The pseudo-terminal behind the link; None while unplugged. It is another one after each plugging in."""
        return self._terminal

    def scan(self, text: str, suffix: str = "\r") -> None:
        """Send a code as a scanner would; Unplugged."""
        self.send((text + suffix).encode())

    def send(self, raw: bytes) -> None:
        """Send any bytes; Unplugged. The bytes that nobody reads for PATIENCE are dropped, and all others waiting."""
        if self._terminal is None:
            raise Unplugged
        deadline = monotonic() + PATIENCE
        while raw:
            try:
                raw = raw[os.write(self._master, raw) :]
            except BlockingIOError:
                if monotonic() >= deadline:
                    termios.tcflush(self._slave, termios.TCIFLUSH)
                    return
                Event().wait(_PAUSE)

    def send_in_pieces(self, raw: bytes) -> None:
        """Send bytes one by one; Unplugged."""
        for place in range(len(raw)):
            if place:
                Event().wait(PIECE_SECONDS)
            self.send(raw[place : place + 1])

    def heard(self) -> bytes:
        """Return what the program at the other end has sent since the last call; Unplugged."""
        if self._terminal is None:
            raise Unplugged
        with suppress(BlockingIOError):
            return os.read(self._master, MOST_HEARD)
        return b""

    def unplug(self) -> None:
        """Take the device and its link away: whoever has it open sees it hang up. Harmless when unplugged."""
        if self._terminal is None:
            return
        with suppress(OSError):
            # Another simulator may have taken the link over.
            if str(self.link.readlink()) == self._terminal:
                self.link.unlink()
        os.close(self._slave)
        os.close(self._master)
        self._terminal = None

    def replug(self) -> None:
        """Bring a new device to the link. Harmless when plugged in; OSError when the link cannot be made."""
        if self._terminal is not None:
            return
        # Its own end of the device stays open too: else what is sent before anybody listens would be echoed.
        master, slave = os.openpty()
        try:
            tty.setraw(slave)
            os.set_blocking(master, False)
            terminal = os.ttyname(slave)
            _point(self.link, terminal)
        except BaseException:
            os.close(slave)
            os.close(master)
            raise
        self._master, self._slave, self._terminal = master, slave, terminal

    def close(self) -> None:
        """Unplug for good."""
        self.unplug()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _point(link: Path, terminal: str) -> None:
    """Make the link lead to the terminal, in one step for whoever looks."""
    if link.exists() and not link.is_symlink():
        raise FileExistsError(EEXIST, "there is something else of this name", str(link))
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(terminal)
    fresh.replace(link)
