"""A simulated device under direction: what is typed, or what a script says, happens at its port."""

from collections.abc import Callable, Iterable, Iterator
from itertools import cycle
from threading import Event

from hardware.directions import NextSample, Replug, Sent, Unclear, Unplug, Wait, understand
from hardware.simulator import SimulatedScanner, Unplugged

PIECE_SECONDS = 0.005  # between the pieces of a code that comes in pieces: a line of 9600 baud brings five bytes in it


class Stage:
    """Carries out lines; samples are what an empty line scans, one after the other and then from the start.

    *terminator* is asked before each scan: a device that is set up meanwhile may change it.
    """

    def __init__(self, device: SimulatedScanner, samples: Iterable[bytes], terminator: Callable[[], bytes]) -> None:
        self._device = device
        self._upcoming: Iterator[bytes] = cycle(samples)
        self._terminator = terminator

    def obey(self, line: bytes) -> str | None:
        """Do what a line asks for and return what to answer; None for a remark."""
        try:
            match understand(line, self._terminator()):
                case None:
                    return None
                case Sent(pieces, answer):
                    self._send(pieces)
                    return answer
                case NextSample():
                    return self._next_sample()
                case Unplug(seconds):
                    return self._unplug(seconds)
                case Replug():
                    return self._replug()
                case Wait(seconds):
                    Event().wait(seconds)
                    return f"waited {seconds:g} s"
                case Unclear(why):
                    return why
        except Unplugged:
            return "the scanner is unplugged; :replug plugs it in"
        except OSError as error:
            return f"the scanner cannot be put at {self._device.link}: {error.strerror}"

    def _send(self, pieces: Iterable[bytes]) -> None:
        for place, piece in enumerate(pieces):
            if place:
                Event().wait(PIECE_SECONDS)
            self._device.send(piece)

    def _next_sample(self) -> str:
        code = next(self._upcoming, b"")
        if not code:
            return "nothing to scan; type a code, or give a file with --codes"
        self._send((code + self._terminator(),))
        return f"scanned {code.decode(errors='replace')}"

    def _unplug(self, seconds: float | None) -> str:
        self._device.unplug()
        if seconds is None:
            return "unplugged"
        Event().wait(seconds)
        return f"unplugged for {seconds:g} s; {self._replug()}"

    def _replug(self) -> str:
        self._device.replug()
        return f"plugged in at {self._device.link} ({self._device.terminal})"
