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
    """A simulated device with a module inside, which has its own thread until it is closed.

    *lock* is to be held while the module is touched from outside.
    """

    def __init__(self, link: Path, module: Module) -> None:
        self._module = module
        self.lock = RLock()
        self.in_pieces = False  # whether what the module sends comes byte by byte
        self._closing = Event()
        super().__init__(link)
        self._thread = Thread(target=self._attend, name=f"simulated {link}", daemon=True)
        self._thread.start()

    def send(self, raw: bytes) -> None:
        """Send any bytes; Unplugged."""
        with self.lock:
            super().send(raw)

    def unplug(self) -> None:
        """Take the device away, and the power with it."""
        with self.lock:
            super().unplug()
            self._module.lose_power()

    def replug(self) -> None:
        """Bring it back, with what it has kept."""
        with self.lock:
            super().replug()

    def close(self) -> None:
        """Unplug for good."""
        self._closing.set()
        self._thread.join()
        super().close()

    def _attend(self) -> None:
        while not self._closing.wait(LISTEN_SECONDS):
            with self.lock, suppress(Unplugged):
                answer = self._module.hear(self.heard())
                if answer:
                    self.send_in_pieces(answer) if self.in_pieces else self.send(answer)
