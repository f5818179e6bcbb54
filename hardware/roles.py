"""The part that a simulated device plays: how it says that a code was scanned or somebody is called."""

from threading import Event
from typing import Protocol

from hardware.answering import LISTEN_SECONDS, AnsweringScanner, Module
from hardware.simulator import SimulatedScanner, Unplugged
from hardware.speech import Cannot, Said, Speech, Way


class Role(Protocol):
    """What a device does when it scans or calls."""

    def play(self, said: Said, way: Way) -> str:
        """Say it and return what became of it, empty where nobody can know; Cannot, Unplugged."""


class Speaker:
    """Sends at once, and hears nothing of how it is taken."""

    def __init__(self, device: SimulatedScanner, speech: Speech) -> None:
        self._device = device
        self._speech = speech

    def play(self, said: Said, way: Way) -> str:
        """Say it; Cannot, Unplugged."""
        body, terminator = self._speech(said)
        match way:
            case Way.WHOLE:
                self._device.send(body + terminator)
            case Way.SPLIT:
                self._device.send_in_pieces(body + terminator)
            case Way.TWICE:
                self._device.send((body + terminator) * 2)
            case Way.BARE:
                self._device.send(body)
            case Way.UNHEARD:
                raise Cannot("only a scanner that speaks SSI waits for answers; --driver ssi is one")
        return ""


class Telling(Module, Protocol):
    """A module that is done with what it has to say when the host has answered, or asked."""

    def take(self, said: Said, way: Way) -> None:
        """Begin to say it; Cannot."""

    @property
    def busy(self) -> bool:
        """Whether it is not done. It ends by itself after some seconds."""

    @property
    def outcome(self) -> str:
        """What became of what was taken last, in a few words."""


class Teller:
    """Has the module say it, and waits until it is done."""

    def __init__(self, device: AnsweringScanner, module: Telling) -> None:
        self._device = device
        self._module = module

    def play(self, said: Said, way: Way) -> str:
        """Say it; Cannot, Unplugged."""
        with self._device.lock:
            if self._device.terminal is None:
                raise Unplugged
            self._module.take(said, way)
            self._device.in_pieces = way is Way.SPLIT
        while self._busy():
            Event().wait(LISTEN_SECONDS)
        with self._device.lock:
            self._device.in_pieces = False
            return self._module.outcome

    def _busy(self) -> bool:
        with self._device.lock:
            return self._module.busy
