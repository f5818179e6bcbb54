"""The five faces, in units of which a face is 128 across."""

from collections.abc import Sequence

from kiosk.ui.theme import Colour
from kiosk.ui.widgets.pen import Drawing, Pen, bow
from protocol.messages import Level

ACROSS = 128
_RADIUS = 63.5
_EYES = ((-20.0, 10.5), (20.0, 10.5))
_EYE = 7.5
_STROKE = 8.0


def _head(pen: Pen, ink: Colour, cut: Colour) -> None:
    pen.colour(ink)
    pen.disc((0, 0), _RADIUS)
    pen.colour(cut)
    for eye in _EYES:
        pen.disc(eye, _EYE)


def very_dissatisfied(pen: Pen, ink: Colour, cut: Colour) -> None:
    _head(pen, ink, cut)
    pen.stroke([(-29, 21), (-11, 13)], _STROKE - 1)
    pen.stroke([(29, 21), (11, 13)], _STROKE - 1)
    pen.curve((-29, -29), (0, 6), (29, -29), _STROKE)


def dissatisfied(pen: Pen, ink: Colour, cut: Colour) -> None:
    _head(pen, ink, cut)
    pen.curve((-29, -29), (0, -10), (29, -29), _STROKE)


def neutral(pen: Pen, ink: Colour, cut: Colour) -> None:
    _head(pen, ink, cut)
    pen.curve((-29, -16), (0, -22), (29, -16), _STROKE)


def satisfied(pen: Pen, ink: Colour, cut: Colour) -> None:
    _head(pen, ink, cut)
    pen.curve((-28, -16), (0, -43), (28, -16), _STROKE)


def very_satisfied(pen: Pen, ink: Colour, cut: Colour) -> None:
    _head(pen, ink, cut)
    lip = bow((-32, -10), (0, -17), (32, -10))
    right = bow((32, -10), (29, -44), (0, -44))
    left = bow((0, -44), (-29, -44), (-32, -10))
    pen.fan((0, -27), [*lip, *right, *left])


FACES: dict[Level, Drawing] = {
    1: very_dissatisfied,
    2: dissatisfied,
    3: neutral,
    4: satisfied,
    5: very_satisfied,
}


def neutral_smiling(pen: Pen, ink: Colour, cut: Colour) -> None:
    """The middle face as some surveys want it: a little smile, so that it is not taken for a frown."""
    _head(pen, ink, cut)
    pen.curve((-28, -17), (0, -31), (28, -17), _STROKE)


# Which faces a scale of so many levels shows, worst first.
_SCALES: dict[int, tuple[Level, ...]] = {2: (2, 4), 3: (2, 3, 4), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}
_LOW = 2


def face_of(level: Level, levels: Sequence[Level]) -> Level:
    """Return the face of a level by its place among the levels of its question, worst first."""
    return _SCALES[len(levels)][levels.index(level)]


def is_low(face: Level) -> bool:
    """Whether a face says that somebody is not satisfied."""
    return face <= _LOW
