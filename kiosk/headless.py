"""A kiosk without a window, driven by lines: for machines without a screen, and for tests that kill it.

Commands, one a line: `start`, `tap LEVEL`, `reason KEY`, `type TEXT` and what else can be touched; what means nothing
on the present screen changes nothing. Answers: `screen NAME` whenever the screen changes; `screen thanks` is followed
by the id of the vote that was thanked for.
"""

import threading
from queue import Empty, SimpleQueue
from typing import TextIO

from kiosk.controller import Controller
from kiosk.core.events import (
    BackTouched,
    CommentTouched,
    CommentTyped,
    CounterTouched,
    DeclineTouched,
    DismissTouched,
    LevelTouched,
    ReasonTouched,
    SendTouched,
    SkipTouched,
    StartTouched,
    SwitchTouched,
    Touched,
)
from kiosk.core.states import (
    AlreadyRated,
    ChoosingCounter,
    Commenting,
    EnteringPin,
    GivingReasons,
    Identifying,
    Idle,
    OutOfOrder,
    Rating,
    ScanRefused,
    Servicing,
    SignedIn,
    State,
    Storing,
    Switching,
    Thanking,
)

TICK_SECONDS = 0.25
LONGEST_NUMBER = 3

_TOUCHES: dict[str, type[Touched]] = {
    "start": StartTouched,
    "dismiss": DismissTouched,
    "send": SendTouched,
    "skip": SkipTouched,
    "back": BackTouched,
    "decline": DeclineTouched,
    "switch": SwitchTouched,
    "write": CommentTouched,
}
_NUMBERS: dict[str, type[Touched]] = {"tap": LevelTouched, "counter": CounterTouched}
_TEXTS: dict[str, type[Touched]] = {"reason": ReasonTouched, "type": CommentTyped}
COMMANDS = ", ".join([*_TOUCHES, "tap LEVEL", "counter NUMBER", "reason KEY", "type TEXT"])


class Headless:
    """Pumps a controller and tells of its screens; ends when the commands end, `stop` is called or it is to leave."""

    def __init__(self, controller: Controller, commands: TextIO, answers: TextIO) -> None:
        self._controller = controller
        self._commands = commands
        self._answers = answers
        self._inbox: SimpleQueue[str | None] = SimpleQueue()
        self._shown: State | None = None

    def run(self) -> None:
        """Work until the end."""
        self._controller.wake = lambda: self._inbox.put("")
        self._controller.leave = self.stop
        threading.Thread(target=self._read, name="commands", daemon=True).start()
        while (line := self._wait()) is not None:
            if line:
                self._obey(line)
            self._controller.pump()
            self._show()

    def stop(self) -> None:
        """End `run`, from any thread or a signal handler."""
        self._inbox.put(None)

    def _wait(self) -> str | None:
        try:
            return self._inbox.get(timeout=TICK_SECONDS)
        except Empty:
            return ""

    def _read(self) -> None:
        for line in self._commands:
            self._inbox.put(line.strip())
        self._inbox.put(None)

    def _obey(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word in _TOUCHES and not rest:
            self._controller.touch(_TOUCHES[word])
        elif word in _NUMBERS and rest.isascii() and rest.isdigit() and len(rest) <= LONGEST_NUMBER:
            self._controller.touch(_NUMBERS[word], int(rest))
        elif word in _TEXTS and rest:
            self._controller.touch(_TEXTS[word], rest)
        else:
            self._say(f"error: commands are {COMMANDS}")

    def _show(self) -> None:
        state = self._controller.state
        if isinstance(state, Storing):
            return  # what was touched stays on the screen until the vote is stored
        if state != self._shown and (name := _name(state)) != (self._shown and _name(self._shown)):
            self._say(f"screen {name}")
        self._shown = state

    def _say(self, text: str) -> None:
        self._answers.write(text + "\n")
        self._answers.flush()


def _name(state: State) -> str:
    match state:
        case Thanking(vote_id):
            return f"thanks {vote_id}"
        case ScanRefused(reason):
            return f"refused {reason}"
        case _:
            return _NAMES[type(state)]


_NAMES: dict[type[State], str] = {
    Idle: "idle",
    ChoosingCounter: "counters",
    Rating: "rate",
    GivingReasons: "reasons",
    Commenting: "comment",
    Switching: "switch",
    AlreadyRated: "already-rated",
    OutOfOrder: "out-of-order",
    Identifying: "identify",
    SignedIn: "signed-in",
    EnteringPin: "pin",
    Servicing: "service",
}
