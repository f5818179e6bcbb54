"""A ring that empties clockwise."""

from math import cos, pi, sin
from typing import Any

from kivy.clock import Clock
from kivy.properties import ColorProperty, NumericProperty, ObjectProperty
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_rules
from kiosk.ui.theme import USUAL
from kiosk.ui.widgets.icon import painted

load_rules(__file__)

ACROSS = 184
_MIDDLE_OF_STROKE = 86 / (ACROSS / 2)


class Ring(Widget):
    """`share` of it, from 1 to 0, is still full."""

    share = NumericProperty(1.0)
    ink = ColorProperty(USUAL.done)
    picture = ObjectProperty(None, allownone=True)  # of the whole ring, white: to be tinted
    cap = ObjectProperty(None, allownone=True)  # of its round end
    thickness = NumericProperty(0.0)
    reach = NumericProperty(0.0)
    end_x = NumericProperty(0.0)
    end_y = NumericProperty(1.0)

    def __init__(self, **kwargs: Any) -> None:
        self._redraw = Clock.create_trigger(self._draw, -1)
        super().__init__(**kwargs)
        self.fbind("size", self._redraw)
        self._redraw()

    def on_share(self, _ring: object, share: float) -> None:
        self.end_x, self.end_y = sin(2 * pi * share), cos(2 * pi * share)

    def _draw(self, _passed: float) -> None:
        width = max(1, round(self.width))
        unit = width / ACROSS
        self.reach = width / 2 * _MIDDLE_OF_STROKE
        self.thickness = 10 * unit
        self.picture = painted("ring", (width, width), ACROSS, USUAL.white, USUAL.white)
        side = max(1, round(self.thickness))
        self.cap = painted("dot", (side, side), 14, USUAL.white, USUAL.white)
