"""A simulated finger: lines of text become touches of the window, on the way a real finger takes."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.widget import Widget

from kiosk.ui.picture import pixels_of_window, write_png
from kiosk.ui.screens.notice import NoticeScreen
from kiosk.ui.screens.thanks import ThanksScreen
from kiosk.ui.stage import Stage
from kiosk.ui.turning import on_panel
from kiosk.ui.typing import next_key, strokes

log = logging.getLogger(__name__)

PRESS_SECONDS = 0.1
FIRST_FRAMES = 10  # before, the window is not laid out; touches of its very first frames have been seen to get lost
LONGEST_TYPED = 60  # keys: whoever gave the command waits for the answer
BUTTONS = ("start", "send", "skip", "back", "decline", "switch", "keep", "write")
COMMANDS = ", ".join(
    [
        "tap N",
        *BUTTONS,
        "type TEXT",
        "reason KEY",
        "counter N",
        "dismiss",
        "language CODE",
        "look NAME",
        "screenshot PATH",
    ]
)

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
            elif word == "type":
                self._type([*strokes(_typeable(rest))], answer)
            else:
                _touch(self._target(word, rest), answer)
        except NotPossible as reason:
            answer(f"error: {reason}")

    def _type(self, left: list[str], answer: Answer) -> None:
        """Touch one key after the other, and answer when the last is done."""
        comment = self._stage.scenes.comment
        if self._stage.shown is not comment:
            answer("error: no keyboard on the screen now")
            return
        if not left:
            answer("ok")
            return
        key = next_key(comment.keyboard, left[0])
        if key is None:
            answer(f"error: no key for {left[0]!r}")
            return
        rest = left[1:] if key.meaning == left[0] else left
        _touch(key, lambda _done: self._type(rest, answer))

    def _stands(self) -> bool:
        """Whether a finger would find something to touch."""
        if self._stage.parent is None:
            return False
        if self._first_seen is None:
            self._first_seen = Clock.frames
        return self._stage.settled and Clock.frames - self._first_seen >= FIRST_FRAMES

    def _target(self, word: str, rest: str) -> Widget:
        scenes, shown = self._stage.scenes, self._stage.shown
        match word:
            case "tap":
                return _among(scenes.rate.cards, rest, "face", "no faces", shown is scenes.rate)
            case "counter":
                return _among(scenes.counters.cards, rest, "counter", "no counters", shown is scenes.counters)
            case "reason":
                return _among(scenes.reasons.cards, rest, "reason", "no reasons", shown is scenes.reasons)
            case "dismiss":
                if not isinstance(shown, NoticeScreen | ThanksScreen):
                    raise NotPossible("no notice on the screen now")
                return shown
            case "language":
                return _among(self._stage.header.languages, rest, "language", "no languages", True)
            case "look":
                return _among(self._stage.header.looks, rest, "look", "no looks", True)
        if word in BUTTONS:
            button = shown.ids.get(word)
            if button is None or button.deaf or not button.opacity:
                raise NotPossible(f"no button to {word} on the screen now")
            return button
        raise NotPossible(f"unknown command {word!r}: there are {COMMANDS}")


def _among(widgets: Mapping[Any, Widget], name: str, what: str, none: str, shown: bool) -> Widget:
    if not shown:
        raise NotPossible(f"{none} on the screen now")
    named = {str(key): widget for key, widget in widgets.items()}
    if name not in named:
        raise NotPossible(f"no {what} {name!r}: there are {', '.join(named)}")
    return named[name]


def _given(path: str) -> str:
    if not path:
        raise NotPossible("a path is missing")
    return path


def _typeable(text: str) -> str:
    if not 0 < len(text) <= LONGEST_TYPED:
        raise NotPossible(f"type what? A text of up to {LONGEST_TYPED} letters, as it is or in Telex")
    return text


def _touch(widget: Widget, answer: Answer) -> None:
    """Press and let go in the middle of *widget*, as SDL reports it: pixels from the upper left corner."""
    x, y = on_panel(widget.to_window(*widget.center), Window.rotation, Window.system_size)

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
