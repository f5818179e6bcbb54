"""How much of a PIN is typed, without showing it."""

from typing import Any

from kivy.properties import NumericProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.core.session import LONGEST_PIN
from kiosk.ui.kv import load_rules
from kiosk.ui.widgets.icon import Icon

load_rules(__file__)

SHORTEST = 4  # as many places are shown from the start


class PinDot(Icon):
    """One digit: full once it is typed."""


class PinDots(BoxLayout):
    """`typed` of the dots are full; the open ones say no more than the shortest PIN."""

    typed = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._dots = [PinDot() for _ in range(LONGEST_PIN)]
        self.on_typed(self, 0)

    def on_typed(self, _dots: object, typed: int) -> None:
        shown = max(SHORTEST, typed)
        for place, dot in enumerate(self._dots):
            dot.drawing = "dot" if place < typed else "open_dot"
            if place < shown and dot.parent is None:
                self.add_widget(dot)
            elif place >= shown and dot.parent is not None:
                self.remove_widget(dot)
