"""One key of the keyboard."""

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.core.touching import STUCK
from kiosk.ui.kv import load_rules
from kiosk.ui.widgets import icon, text  # noqa: F401 (the rules name them)
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.pressable import Pressable

load_rules(__file__)

REPEAT_AFTER_SECONDS = 0.5
REPEATS_PER_SECOND = 10


class Key(Pressable, Panel, FloatLayout):
    """Stands for `meaning`; shows `label`, and small above it `hint`. `lit` while what it does lasts.

    One that `repeats` fires `on_tap` again and again while it is held, but no longer than a finger holds anything, and
    then no more when it is let go.
    """

    meaning = StringProperty()
    label = StringProperty()
    hint = StringProperty()
    look = StringProperty("letter")  #: "letter", "mark" or "service"
    lit = BooleanProperty(False)
    twice = BooleanProperty(True)
    down = BooleanProperty(False)
    repeats = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        self._repeated = False
        self._first = Clock.create_trigger(self._begin, REPEAT_AFTER_SECONDS)
        self._next = Clock.create_trigger(self._repeat, 1 / REPEATS_PER_SECOND, interval=True)
        super().__init__(**kwargs)

    def on_pressed(self, _key: object, pressed: bool) -> None:
        self._first.cancel()
        self._next.cancel()
        if pressed and self.repeats:
            self._first()

    def on_touch_down(self, touch: Any) -> bool:
        self._repeated = False
        return super().on_touch_down(touch)

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is self and self._repeated:
            self.forget()
            return True
        return super().on_touch_up(touch)

    def _begin(self, _passed: float) -> None:
        self._repeated = True
        self.tap()
        if self.pressed:  # what the tap did may have let it go
            self._next()

    def _repeat(self, _passed: float) -> None:
        if Clock.get_time() - self._since < STUCK:
            self.tap()
        else:
            self._next.cancel()


class SignKey(Key):
    """Shows a `sign` instead."""

    sign = StringProperty("shift")
