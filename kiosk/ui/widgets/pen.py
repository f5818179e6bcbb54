"""Drawings with smooth edges: painted four times as large off the screen, then reduced.

Kivy's lines and circles have no anti-aliasing of their own; multisampling costs three times the frame and
does not reach off-screen pictures.
"""

from collections.abc import Callable, Sequence

from kivy.graphics import ClearBuffers, ClearColor, Color, Ellipse, Fbo, Line, Mesh, Rectangle, RoundedRectangle
from kivy.graphics.opengl import GL_BLEND, glDisable, glEnable
from kivy.graphics.texture import Texture

from kiosk.ui.theme import Colour

Point = tuple[float, float]

OVERSIZE = 4


class Pen:
    """Paints in units of a drawing whose middle is (0, 0) and whose y points up."""

    def __init__(self, width: float, height: float, unit: float) -> None:
        self._middle = (width / 2, height / 2)
        self._unit = unit

    def colour(self, ink: Colour) -> None:
        """Paint with *ink* from here on."""
        Color(*ink)

    def disc(self, middle: Point, radius: float) -> None:
        """Fill a circle."""
        x, y = self._place(middle)
        reach = radius * self._unit
        Ellipse(pos=(x - reach, y - reach), size=(2 * reach, 2 * reach), segments=180)

    def ring(self, middle: Point, radius: float, thickness: float) -> None:
        """Draw a circle; *radius* is that of the stroke's middle."""
        Line(circle=(*self._place(middle), radius * self._unit, 0, 360, 180), width=thickness * self._unit / 2)

    def stroke(self, points: Sequence[Point], thickness: float) -> None:
        """Draw a line with round ends and corners."""
        flat = [part for point in points for part in self._place(point)]
        Line(points=flat, width=thickness * self._unit / 2, cap="round", joint="round", cap_precision=24)

    def curve(self, start: Point, control: Point, end: Point, thickness: float) -> None:
        """Draw a quadratic Bézier curve with round ends."""
        self.stroke(bow(start, control, end), thickness)

    def fan(self, hub: Point, rim: Sequence[Point]) -> None:
        """Fill a closed outline, every point of which is seen from *hub*."""
        places = [self._place(point) for point in (hub, *rim, rim[0])]
        vertices = [part for x, y in places for part in (x, y, 0, 0)]
        Mesh(vertices=vertices, indices=list(range(len(places))), mode="triangle_fan")

    def box(self, corner: Point, width: float, height: float, radius: float = 0.0) -> None:
        """Fill a rectangle from its lower left *corner*; *radius* rounds it."""
        unit = self._unit
        RoundedRectangle(
            pos=self._place(corner), size=(width * unit, height * unit), radius=[max(radius * unit, 0.01)], segments=40
        )

    def _place(self, point: Point) -> Point:
        return (self._middle[0] + point[0] * self._unit, self._middle[1] + point[1] * self._unit)


Drawing = Callable[[Pen, Colour, Colour], None]  # pen, ink, and the colour of what is cut out of the ink


def bow(start: Point, control: Point, end: Point, steps: int = 32) -> list[Point]:
    """Return points of a quadratic Bézier curve."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        points.append(
            (
                (1 - t) ** 2 * start[0] + 2 * (1 - t) * t * control[0] + t**2 * end[0],
                (1 - t) ** 2 * start[1] + 2 * (1 - t) * t * control[1] + t**2 * end[1],
            )
        )
    return points


def smooth_picture(drawing: Drawing, size: tuple[int, int], unit: float, ink: Colour, cut: Colour) -> Texture:
    """Return a texture of *size* pixels' worth of drawing, one unit of which is *unit* pixels."""
    width, height = size
    large = Fbo(size=(OVERSIZE * width, OVERSIZE * height))
    with large:
        # Transparent ink, not transparent black: the edges are mixed with this colour.
        ClearColor(*ink[:3], 0)
        ClearBuffers()
        drawing(Pen(OVERSIZE * width, OVERSIZE * height, OVERSIZE * unit), ink, cut)
    large.draw()
    large.texture.min_filter = "linear"
    half = Fbo(size=(2 * width, 2 * height))
    with half:
        ClearColor(*ink[:3], 0)
        ClearBuffers()
        Color(1, 1, 1, 1)
        Rectangle(size=half.size, texture=large.texture)
    glDisable(GL_BLEND)
    half.draw()
    glEnable(GL_BLEND)
    half.texture.min_filter = "linear"  # the last halving happens where it is drawn
    return half.texture
