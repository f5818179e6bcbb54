"""A drawing as a widget: a face or a sign, redrawn only when its size or colours change."""

from functools import lru_cache
from typing import Any

from kivy.clock import Clock
from kivy.graphics.texture import Texture
from kivy.properties import ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_rules
from kiosk.ui.theme import USUAL, Colour
from kiosk.ui.widgets.faces import FACES, neutral_smiling
from kiosk.ui.widgets.pen import smooth_picture
from kiosk.ui.widgets.signs import SIGNS

load_rules(__file__)

DRAWINGS = {**SIGNS, **{f"face {level}": face for level, face in FACES.items()}, "face 3 smiling": neutral_smiling}


class Icon(Widget):
    """Shows the drawing called `drawing`; `across` is how many of the drawing's units its width has."""

    drawing = StringProperty()
    across = NumericProperty(184)
    ink = ColorProperty(USUAL.ink)
    cut = ColorProperty(USUAL.paper)
    picture = ObjectProperty(None, allownone=True)

    def __init__(self, **kwargs: Any) -> None:
        # Once per frame, however many of the properties change in it.
        self._redraw = Clock.create_trigger(self._draw, -1)
        super().__init__(**kwargs)
        self.fbind("size", self._redraw)
        for name in ("drawing", "across", "ink", "cut"):
            self.fbind(name, self._redraw)
        self._redraw()

    def _draw(self, _passed: float) -> None:
        width, height = (max(1, round(side)) for side in self.size)
        self.picture = painted(self.drawing, (width, height), self.across, tuple(self.ink), tuple(self.cut))


@lru_cache(maxsize=64)
def painted(drawing: str, size: tuple[int, int], across: float, ink: Colour, cut: Colour) -> Texture:
    """Return the picture of a drawing *across* units wide, painted once per size and colours."""
    return smooth_picture(DRAWINGS[drawing], size, size[0] / across, ink, cut)
