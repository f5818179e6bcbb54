"""A process that is meant to run: ended, hung and started by hand, and, as by systemd, when it ends by itself."""

import signal
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from time import monotonic

from tests.journeys.processes import Program, children_of

RESTART_SECONDS = 0.5
END_SECONDS = 60.0


class Service:
    """One process, kept running while it is switched on."""

    def __init__(self, name: str, start: Callable[[], Program]) -> None:
        self.name = name
        self.endings: Counter[int] = Counter()  # exit code → how often it ended by itself
        self.program: Program | None = None
        self._start = start
        self._wanted = False
        self._closed = False
        self._ended_at = 0.0
        self._change = threading.Lock()

    def on(self) -> None:
        """Start it, unless it runs."""
        with self._change:
            self._wanted = not self._closed
            if self._wanted and (self.program is None or not self.program.alive):
                self.program = self._start()

    def off(self) -> None:
        """SIGKILL; it stays off."""
        with self._change:
            self._wanted = False
            if self.program is not None:
                self.program.abandon()
                self.program = None

    def close(self) -> None:
        """SIGKILL; nothing starts it any more."""
        self._closed = True
        self.off()

    def end(self) -> int:
        """End it as an operator would, and return its exit code."""
        with self._change:
            self._wanted = False
            program, self.program = self.program, None
            return 0 if program is None else program.end(END_SECONDS)

    def hang(self) -> None:
        """Stop it in the middle of whatever it does."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def look(self) -> None:
        """Start it again if it has ended by itself a moment ago."""
        with self._change:
            if not self._wanted or self.program is None or self.program.alive:
                self._ended_at = 0.0
                return
            if not self._ended_at:
                self._ended_at = monotonic()
                self.endings[self.program.exit_code or 0] += 1
            elif monotonic() - self._ended_at > RESTART_SECONDS:
                self.program.kill()
                self.program = self._start()
                self._ended_at = 0.0

    def _signal(self, number: signal.Signals) -> None:
        with self._change:
            if self.program is not None:
                self.program.send(number)


class Keeper:
    """A thread that looks after services."""

    def __init__(self) -> None:
        self.services: list[Service] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def keep(self, service: Service) -> Service:
        """Look after it from now on."""
        self.services = [*self.services, service]
        return service

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; the services are left as they are."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def endings(self) -> list[str]:
        """Say which services ended by themselves, with which exit codes."""
        return [
            f"{service.name} ended by itself {times} x with {code}"
            for service in self.services
            for code, times in sorted(service.endings.items())
        ]

    def _run(self) -> None:
        while not self._stopping.wait(RESTART_SECONDS / 2):
            for service in self.services:
                service.look()


def family(pid: int) -> Sequence[int]:
    """Return a process and all that it has started, and they, first those that start others."""
    return [pid, *(each for child in children_of(pid) for each in family(child))]
