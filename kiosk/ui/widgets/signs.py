"""The other drawings: Roboto has no star, tick or arrow, so signs are drawn like the faces."""

from math import cos, pi, sin

from kiosk.ui.theme import Colour
from kiosk.ui.widgets.pen import Drawing, Pen

# Bars and the gaps between them, in turn, in modules of 2 units: 95 modules together.
BARS = (
    *(2, 1, 4, 1, 1, 1, 2, 2, 4, 2, 2, 1, 1, 2, 5, 2, 2, 1, 1, 2, 4, 1, 2, 2, 1, 2, 4, 1, 2, 1, 1, 2, 4, 2, 2, 1),
    *(1, 2, 5, 1, 2, 2, 1, 1, 2, 2, 1, 1, 3),
)


def badge(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A star on a disc; 48 across."""
    pen.colour(ink)
    pen.disc((0, 0), 23.8)
    pen.colour(cut)
    rim = []
    for point in range(10):
        reach = 13.0 if point % 2 == 0 else 5.2
        angle = pi / 2 + point * pi / 5
        rim.append((reach * cos(angle), reach * sin(angle)))
    pen.fan((0, 0), rim)


def lock(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A closed padlock; 18 by 24."""
    pen.colour(ink)
    pen.box((-8, -11.5), 16, 14.5, 1.5)
    pen.stroke([(-4.9, 2), (-4.9, 5.2)], 2.4)
    pen.stroke([(4.9, 2), (4.9, 5.2)], 2.4)
    arch = [(4.9 * cos(step * pi / 24), 5.2 + 4.9 * sin(step * pi / 24)) for step in range(25)]
    pen.stroke(arch, 2.4)


def arrow_down(pen: Pen, ink: Colour, cut: Colour) -> None:
    """An arrow; 14 by 20."""
    pen.colour(ink)
    pen.stroke([(0, 8), (0, -8)], 2)
    pen.stroke([(-5, -3), (0, -8), (5, -3)], 2)


def shift(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A broad arrow upwards; 40 across."""
    pen.colour(ink)
    pen.stroke([(0, 13), (-13, -1), (-6, -1), (-6, -12), (6, -12), (6, -1), (13, -1), (0, 13)], 2.6)


def shift_locked(pen: Pen, ink: Colour, cut: Colour) -> None:
    """The same, full, with a bar below; 40 across."""
    pen.colour(ink)
    pen.fan((0, 4), [(0, 15), (-13, 1), (13, 1)])
    pen.stroke([(0, 15), (-13, 1), (13, 1), (0, 15)], 2.6)
    pen.box((-7.3, -8), 14.6, 10)
    pen.stroke([(-7, -14), (7, -14)], 3.2)


def erase(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A tag that points left, with a cross; 40 across."""
    pen.colour(ink)
    pen.stroke([(-17, 0), (-8, 11), (16, 11), (16, -11), (-8, -11), (-17, 0)], 2.6)
    for slope in (1, -1):
        pen.stroke([(-1, -4.5 * slope), (8, 4.5 * slope)], 2.6)


def tick(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A tick, as it stands in a ring of 184."""
    pen.colour(ink)
    pen.stroke([(-38.5, -4), (-12, -30), (40, 27)], 15)


def ring(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A ring; 184 across, with a little room round it."""
    pen.colour(ink)
    pen.ring((0, 0), 86, 10)


def document_done(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A paper with a tick: this case is done; 184 across."""
    ring(pen, ink, cut)
    _paper(pen, ink, cut)
    pen.stroke([(-21, -17), (-7, -31), (21, -1)], 9)


def identity_card(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A card with a portrait, struck through; 184 across."""
    _ground(pen, cut)
    ring(pen, ink, cut)
    pen.colour(ink)
    pen.box((-54, -36), 108, 72, 9)
    pen.colour(cut)
    pen.box((-47, -29), 94, 58, 4)
    pen.colour(ink)
    pen.disc((24, 14), 8.5)
    pen.fan((24, -8), [(24 + 15 * cos(step * pi / 24), -13 + 15 * sin(step * pi / 24)) for step in range(25)])
    for y, length in ((-7, 22), (-20, 32)):
        pen.box((-40, y), length, 7, 3)
    _struck(pen, ink, cut)


def barcode(pen: Pen, ink: Colour, cut: Colour) -> None:
    """Bars, struck through; 184 across."""
    _ground(pen, cut)
    ring(pen, ink, cut)
    pen.colour(ink)
    x = -52.0
    for width, gap in ((6, 6), (10, 5), (5, 7), (12, 6), (5, 5), (8, 7), (5, 5), (12, 0)):
        pen.box((x, -34), width, 68)
        x += width + gap
    _struck(pen, ink, cut)


def bars(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A printed barcode; 190 by 76."""
    pen.colour(ink)
    x = -95.0
    for place, module in enumerate(BARS):
        if place % 2 == 0:
            pen.box((x, -38), 2 * module, 76)
        x += 2 * module


def warning(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A triangle with an exclamation mark; 184 across."""
    pen.colour(ink)
    corners = [(0.0, 62.0), (-72.0, -58.0), (72.0, -58.0)]
    pen.fan((0, -18), corners)
    pen.stroke([*corners, corners[0], corners[1]], 26)
    pen.colour(cut)
    pen.stroke([(0, 28), (0, -18)], 14)
    pen.disc((0, -45), 8.5)


def dot(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A full dot; 14 across."""
    pen.colour(ink)
    pen.disc((0, 0), 7)


def open_dot(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A ring; 14 across. Not told from the full dot by its colour alone."""
    pen.colour(ink)
    pen.ring((0, 0), 5.3, 3)


def star(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A star with five points; 128 across."""
    pen.colour(ink)
    rim = [
        ((62.0 if point % 2 == 0 else 26.0) * cos(angle), (62.0 if point % 2 == 0 else 26.0) * sin(angle))
        for point in range(10)
        for angle in [pi / 2 + point * pi / 5]
    ]
    pen.fan((0, 0), rim)


def two_papers(pen: Pen, ink: Colour, cut: Colour) -> None:
    """Two papers, one before the other: which is it? 184 across."""
    pen.colour(ink)
    pen.box((-58, -34), 76, 100, 9)
    pen.colour(cut)
    pen.box((-51, -27), 62, 86, 4)
    pen.box((-24, -70), 90, 114, 12)
    pen.colour(ink)
    pen.box((-18, -64), 76, 100, 9)
    pen.colour(cut)
    pen.box((-11, -57), 62, 86, 4)
    pen.colour(ink)
    for y, length in ((10, 40), (-6, 40), (-22, 28)):
        pen.box((0, y), length, 7, 3)


def badge_in(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A badge on its band, with a tick; 184 across."""
    _badge_on_its_band(pen, ink, cut)
    pen.stroke([(-18, -40), (-5, -53), (20, -24)], 9)


def badge_out(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A badge on its band, with an arrow away; 184 across."""
    _badge_on_its_band(pen, ink, cut)
    pen.stroke([(-20, -38), (20, -38)], 8)
    pen.stroke([(6, -24), (20, -38), (6, -52)], 8)


def _badge_on_its_band(pen: Pen, ink: Colour, cut: Colour) -> None:
    pen.colour(ink)
    pen.stroke([(-34, 82), (0, 44), (34, 82)], 8)
    pen.box((-46, -76), 92, 122, 12)
    pen.colour(cut)
    pen.box((-38, -68), 76, 106, 6)
    pen.colour(ink)
    pen.disc((0, 16), 13)
    pen.fan((0, -12), [(24 * cos(step * pi / 24), -14 + 20 * sin(step * pi / 24)) for step in range(25)])


def contrast(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A disc, half of it full; 48 across."""
    pen.colour(ink)
    pen.ring((0, 0), 18, 5)
    pen.fan((0, 0), [(18 * cos(step * pi / 24 - pi / 2), 18 * sin(step * pi / 24 - pi / 2)) for step in range(25)])


def lower(pen: Pen, ink: Colour, cut: Colour) -> None:
    """A screen with an arrow to its lower half; 48 across."""
    pen.colour(ink)
    pen.stroke([(-16, 18), (16, 18), (16, -18), (-16, -18), (-16, 18)], 4)
    pen.stroke([(0, 12), (0, -10)], 4)
    pen.stroke([(-7, -3), (0, -10), (7, -3)], 4)


def _ground(pen: Pen, cut: Colour) -> None:
    # What is cut out reaches to the ground here; on a transparent one its outline would stay visible.
    pen.colour(cut)
    pen.box((-92, -92), 184, 184)


def _paper(pen: Pen, ink: Colour, cut: Colour) -> None:
    pen.colour(ink)
    pen.box((-40, -52), 80, 104, 9)
    pen.colour(cut)
    pen.box((-33, -45), 66, 90, 4)
    pen.colour(ink)
    for y, length in ((27, 42), (13, 42)):
        pen.box((-21, y), length, 7, 3)


def _struck(pen: Pen, ink: Colour, cut: Colour) -> None:
    pen.colour(cut)
    pen.stroke([(-46, 46), (46, -46)], 26)
    pen.colour(ink)
    pen.stroke([(-60, 60), (60, -60)], 10)


SIGNS: dict[str, Drawing] = {
    drawing.__name__: drawing
    for drawing in (
        *(badge, lock, arrow_down, shift, shift_locked, erase, tick, ring, dot, open_dot),
        *(document_done, identity_card, barcode, bars, warning),
        *(star, two_papers, badge_in, badge_out, contrast, lower),
    )
}
