"""A rounded area with an edge: crisp on its straight sides, smooth in its corners."""

from functools import lru_cache
from math import ceil
from typing import Any

from kivy.clock import Clock
from kivy.graphics import BoxShadow, ClearBuffers, ClearColor, Color, Fbo
from kivy.graphics.opengl import GL_BLEND, glDisable, glEnable
from kivy.graphics.texture import Texture
from kivy.properties import ColorProperty, NumericProperty, ObjectProperty
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_rules
from kiosk.ui.theme import USUAL, Colour
from kiosk.ui.widgets.pen import Pen, smooth_picture

load_rules(__file__)

REACH = 1.5  # blurs that a shadow may be seen beyond its panel


class Panel(Widget):
    """Lengths are in pixels; the radius gives way to the size, the `shadow` falls `depth` below."""

    fill = ColorProperty(USUAL.white)
    edge = ColorProperty(USUAL.white)
    edge_width = NumericProperty(0)
    radius = NumericProperty(0)
    shadow = ColorProperty(USUAL.clear)
    depth = NumericProperty(0)
    blur = NumericProperty(0)
    corner = NumericProperty(1)
    panel = ObjectProperty(None, allownone=True)
    shade = ObjectProperty(None, allownone=True)
    shade_border = NumericProperty(0)
    beyond_edge = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        self._redraw = Clock.create_trigger(self._draw, -1)
        super().__init__(**kwargs)
        for name in ("size", "pos", "fill", "edge", "edge_width", "radius", "shadow", "blur"):
            self.fbind(name, self._redraw)
        self._redraw()

    def _draw(self, _passed: float) -> None:
        least = min(round(self.width), round(self.height))
        self.corner = max(1, min(round(self.radius), least // 2))
        self.panel = _corners(self.corner, tuple(self.fill), tuple(self.edge), round(self.edge_width))
        if self.blur and self.shadow[3]:
            within = max(self.corner, min(self.corner + round(self.blur), least // 2 - 1))
            self.beyond_edge = ceil(REACH * self.blur)
            self.shade_border = self.beyond_edge + within
            self.shade = _shade(self.corner, round(self.blur), within, self.beyond_edge)
        else:
            self.shade = None


@lru_cache(maxsize=64)
def _corners(radius: int, fill: Colour, edge: Colour, edge_width: int) -> Texture:
    """Return four corners with two pixels between them, to be stretched there."""
    side = 2 * radius + 2

    def draw(pen: Pen, _ink: Colour, _cut: Colour) -> None:
        pen.colour(edge if edge_width else fill)
        pen.box((-side / 2, -side / 2), side, side, radius)
        if edge_width:
            inner = side - 2 * edge_width
            pen.colour(fill)
            pen.box((-inner / 2, -inner / 2), inner, inner, radius - edge_width)

    return smooth_picture(draw, (side, side), 1.0, edge if edge_width else fill, fill)


@lru_cache(maxsize=64)
def _shade(radius: int, blur: int, within: int, beyond: int) -> Texture:
    """Return the shadow of four corners, to be stretched between them and given its colour.

    Painted once: its shader costs software GL a third of every frame.
    """
    side = 2 * (within + beyond) + 2
    picture = Fbo(size=(side, side))
    with picture:
        ClearColor(1, 1, 1, 0)
        ClearBuffers()
        Color(1, 1, 1, 1)
        BoxShadow(pos=(beyond, beyond), size=[side - 2 * beyond] * 2, blur_radius=blur, border_radius=[radius] * 4)
    glDisable(GL_BLEND)
    picture.draw()
    glEnable(GL_BLEND)
    return picture.texture
