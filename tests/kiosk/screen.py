"""Whoever owns the screen: pumps a controller and waits for what should be on it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from time import monotonic

from kiosk.controller import Controller
from kiosk.core.states import State
from kiosk.duty_store import DutyStore
from kiosk.outbox import Journal, Outbox
from kiosk.settings import Place
from kiosk.writer import Writer
from tests.fakes.clock import FakeClock

DEADLINE = 20.0  # seconds; reached only when something is broken
KEY = bytes(range(32))


class Screen:
    """Draws nothing; knows every state that was ever shown."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self.shown: list[State] = [controller.state]
        self._woken = threading.Event()
        controller.wake = self._woken.set

    def look(self) -> State:
        self.controller.pump()
        if self.controller.state != self.shown[-1]:
            self.shown.append(self.controller.state)
        return self.controller.state

    def wait_for(self, wanted: type[State]) -> State:
        return self.wait_until(lambda: isinstance(self.controller.state, wanted), wanted.__name__)

    def wait_until(self, holds: Callable[[], bool], what: str = "it") -> State:
        until = monotonic() + DEADLINE
        while True:
            self._woken.clear()
            self.look()
            if holds():
                return self.controller.state
            if not self._woken.wait(until - monotonic()):
                raise AssertionError(f"{what}: not within {DEADLINE} s; the screen shows {self.controller.state}")

    def showed(self, state: type[State]) -> bool:
        return any(isinstance(shown, state) for shown in self.shown)


@dataclass
class WorkingKiosk:
    """Controller, writer and outbox as they work together, on a clock that stands still."""

    controller: Controller
    writer: Writer
    clock: FakeClock
    screen: Screen
    opened: SimpleQueue[Journal]
    stored: SimpleQueue[None]

    def outbox(self) -> Outbox:
        """The outbox, once it is open."""
        self.opened.put(self.opened.get(timeout=DEADLINE))
        return self.writer.reach()


@contextmanager
def working_kiosk(path: Path, counter: int | None = None) -> Iterator[WorkingKiosk]:
    clock = FakeClock()
    opened: SimpleQueue[Journal] = SimpleQueue()
    stored: SimpleQueue[None] = SimpleQueue()
    writer = Writer(
        path=path,
        clock=clock,
        opened=opened.put,
        stored=lambda: stored.put(None),
    )
    controller = Controller(
        storage=writer,
        site_key=KEY,
        clock=clock,
        arrangement=Place(counter=counter).arranged(),
        duty=DutyStore(path.with_name("duty.json")),
    )
    kiosk = WorkingKiosk(controller, writer, clock, Screen(controller), opened, stored)
    writer.start(controller.answered)
    try:
        yield kiosk
    finally:
        writer.stop()
        writer.close()
