"""A simulated device under direction: what is typed, or what a script says, happens at its port."""

from collections.abc import Iterable, Iterator
from itertools import cycle
from threading import Event

from hardware.directions import NextSample, Play, Replug, Sent, Unclear, Unplug, Wait, understand
from hardware.driver import CallState
from hardware.roles import Role
from hardware.simulator import SimulatedScanner, Unplugged
from hardware.speech import Cannot, Said, Way

_DONE = {
    CallState.CALLED: "called",
    CallState.SERVING: "served",
    CallState.DONE: "done",
    CallState.RATE: "asked for a rating",
}


class Stage:
    """Carries out lines; samples are what an empty line scans, one after the other and then from the start."""

    def __init__(self, device: SimulatedScanner, role: Role, samples: Iterable[bytes]) -> None:
        self._device = device
        self._role = role
        self._upcoming: Iterator[bytes] = cycle(samples)

    def obey(self, line: bytes) -> str | None:
        """Do what a line asks for and return what to answer; None for a remark."""
        try:
            match understand(line):
                case None:
                    return None
                case Play(said, way):
                    return self._play(said, way)
                case Sent(data, answer):
                    self._device.send(data)
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
        except Cannot as reason:
            return str(reason)
        except Unplugged:
            return "the device is unplugged; :replug plugs it in"
        except OSError as error:
            return f"the device cannot be put at {self._device.link}: {error.strerror}"

    def _play(self, said: Said, way: Way) -> str:
        outcome = self._role.play(said, way)
        done = "scanned" if isinstance(said, bytes) else _DONE[said.state]
        return ", ".join(filter(None, (f"{done} {way.value}".rstrip(), outcome)))

    def _next_sample(self) -> str:
        code = next(self._upcoming, b"")
        if not code:
            return "nothing to scan; type a code, or give a file with --codes"
        outcome = self._role.play(code, Way.WHOLE)
        return ", ".join(filter(None, (f"scanned {code.decode(errors='replace')}", outcome)))

    def _unplug(self, seconds: float | None) -> str:
        self._device.unplug()
        if seconds is None:
            return "unplugged"
        Event().wait(seconds)
        return f"unplugged for {seconds:g} s; {self._replug()}"

    def _replug(self) -> str:
        self._device.replug()
        return f"plugged in at {self._device.link} ({self._device.terminal})"
