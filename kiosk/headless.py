"""A kiosk without a window, driven by lines: for machines without a screen, and for tests that kill it.

Commands, one a line: `start`, `tap LEVEL`, `dismiss`. Answers: `screen NAME` whenever the screen changes;
`screen thanks` is followed by the id of the vote that was thanked for.
"""

import threading
from queue import Empty, SimpleQueue
from typing import TextIO

from kiosk.controller import Controller
from kiosk.core.session import (
    AlreadyRated,
    Identifying,
    Idle,
    OutOfOrder,
    Rating,
    ScanRefused,
    State,
    Storing,
    Thanking,
)
from kiosk.core.survey import SURVEY

TICK_SECONDS = 0.25


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
        match line.split():
            case ["start"]:
                self._controller.touch_start()
            case ["dismiss"]:
                self._controller.touch_dismiss()
            case ["tap", level] if level.isascii() and level.isdigit() and int(level) in SURVEY.levels:
                self._controller.touch_level(int(level))
            case _:
                self._say("error: commands are start, tap LEVEL, dismiss")

    def _show(self) -> None:
        state = self._controller.state
        if state != self._shown and (name := _name(state)) != (self._shown and _name(self._shown)):
            self._say(f"screen {name}")
        self._shown = state

    def _say(self, text: str) -> None:
        self._answers.write(text + "\n")
        self._answers.flush()


def _name(state: State) -> str:
    match state:
        case Idle():
            return "idle"
        case Rating() | Storing():
            return "rate"
        case Thanking(vote_id):
            return f"thanks {vote_id}"
        case AlreadyRated():
            return "already-rated"
        case ScanRefused(reason):
            return f"refused {reason}"
        case OutOfOrder():
            return "out-of-order"
        case Identifying():
            return "identify"
