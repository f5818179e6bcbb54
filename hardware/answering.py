"""A simulated device that answers what it is told, while somebody else has it scan or pulls its cable."""

from contextlib import suppress
from pathlib import Path
from threading import Event, RLock, Thread
from typing import Protocol

from hardware.simulator import SimulatedScanner, Unplugged

LISTEN_SECONDS = 0.005  # between two looks at what the host has sent


class Module(Protocol):
    """What is inside a device."""

    def hear(self, data: bytes) -> bytes:
        """Take what the host sends, perhaps nothing, and return what to send. Called every few milliseconds."""

    def lose_power(self) -> None:
        """Forget what is not kept without power."""


class AnsweringScanner(SimulatedScanner):
    """A simulated scanner with a module inside, which has its own thread until it is closed."""

    def __init__(self, link: Path, module: Module) -> None:
        self._module = module
        self._lock = RLock()
        self._closing = Event()
        super().__init__(link)
        self._thread = Thread(target=self._attend, name=f"simulated {link}", daemon=True)
        self._thread.start()

    def send(self, raw: bytes) -> None:
        """Send any bytes; Unplugged."""
        with self._lock:
            super().send(raw)

    def unplug(self) -> None:
        """Take the device away, and the power with it."""
        with self._lock:
            super().unplug()
            self._module.lose_power()

    def replug(self) -> None:
        """Bring it back, with what it has kept."""
        with self._lock:
            super().replug()

    def close(self) -> None:
        """Unplug for good."""
        self._closing.set()
        self._thread.join()
        super().close()

    def _attend(self) -> None:
        while not self._closing.wait(LISTEN_SECONDS):
            with self._lock, suppress(Unplugged):
                answer = self._module.hear(self.heard())
                if answer:
                    super().send(answer)
