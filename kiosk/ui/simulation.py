"""A simulated finger: lines of text become touches of the window, on the way a real finger takes."""

import logging
from collections.abc import Callable
from pathlib import Path

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.widget import Widget

from kiosk.ui.picture import pixels_of_window, write_png
from kiosk.ui.stage import Stage

log = logging.getLogger(__name__)

PRESS_SECONDS = 0.05
FIRST_FRAMES = 10  # before, the window is not laid out; touches of its very first frames have been seen to get lost
COMMANDS = "tap N, start, dismiss, language CODE, screenshot PATH"

Answer = Callable[[str], None]


class NotPossible(Exception):
    """What is asked for cannot be touched now; the text says why."""


class SimulatedTouch:
    """Does what it is told to one after the other; answers each command with a line, `ok` or `error: why`."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._first_seen: int | None = None

    def command(self, line: str, answer: Answer) -> None:
        """Take a command from any thread; *answer* is called in the window's thread."""
        Clock.schedule_once(lambda _passed: self._obey(line.strip(), answer), -1)

    def _obey(self, line: str, answer: Answer) -> None:
        if not self._stands():
            Clock.schedule_once(lambda _passed: self._obey(line, answer), 0)
            return
        word, _, rest = line.partition(" ")
        try:
            if word == "screenshot":
                _take_picture(Path(_given(rest)), answer)
            else:
                _touch(self._target(word, rest), answer)
        except NotPossible as reason:
            answer(f"error: {reason}")

    def _stands(self) -> bool:
        """Whether a finger would find something to touch."""
        if self._stage.parent is None:
            return False
        if self._first_seen is None:
            self._first_seen = Clock.frames
        return self._stage.settled and Clock.frames - self._first_seen >= FIRST_FRAMES

    def _target(self, word: str, rest: str) -> Widget:
        stage = self._stage
        match word:
            case "tap":
                if stage.shown is not stage.rate:
                    raise NotPossible("no faces on the screen now")
                card = {str(level): card for level, card in stage.rate.cards.items()}.get(rest)
                if card is None:
                    raise NotPossible(f"no face {rest!r}: there are {', '.join(map(str, stage.rate.cards))}")
                return card.ids.face
            case "start":
                if stage.shown is not stage.idle:
                    raise NotPossible("no button to start with on the screen now")
                return stage.idle.ids.start
            case "dismiss":
                if stage.shown not in (stage.thanks, stage.already_rated, stage.refused, stage.identify):
                    raise NotPossible("no notice on the screen now")
                return stage.shown
            case "language":
                button = stage.header.languages.get(rest)
                if button is None:
                    raise NotPossible(f"no language {rest!r}: there are {', '.join(stage.header.languages)}")
                return button
        raise NotPossible(f"unknown command {word!r}: there are {COMMANDS}")


def _given(path: str) -> str:
    if not path:
        raise NotPossible("a path is missing")
    return path


def _touch(widget: Widget, answer: Answer) -> None:
    """Press and let go in the middle of *widget*, as SDL reports it: pixels from the upper left corner."""
    x, y = widget.to_window(*widget.center)
    y = Window.system_size[1] - 1 - y

    def let_go(_passed: float) -> None:
        Window.dispatch("on_mouse_up", x, y, "left", [])
        # Input is read in one frame and handed out in the next.
        Clock.schedule_once(lambda _passed: Clock.schedule_once(lambda _passed: answer("ok"), 0), 0)

    Window.dispatch("on_mouse_down", x, y, "left", [])
    Clock.schedule_once(let_go, PRESS_SECONDS)


def _take_picture(path: Path, answer: Answer) -> None:
    def drawn(_window: object) -> None:
        Window.unbind(on_flip=drawn)
        try:
            write_png(path, *pixels_of_window())
        except OSError as error:
            answer(f"error: {error}")
        else:
            answer("ok")

    def ask(_passed: float) -> None:
        Window.bind(on_flip=drawn)
        Window.canvas.ask_update()

    # Two frames later: what has just been touched is laid out and drawn by then.
    Clock.schedule_once(lambda _passed: Clock.schedule_once(ask, 0), 0)
