"""Where a picture that is turned on its panel has its points. Pure."""

from collections.abc import Sequence

Point = tuple[float, float]


def on_panel(point: Sequence[float], rotation: int, panel: Sequence[float]) -> Point:
    """Return the pixel of the panel, from its upper left corner, where a point of the picture stands.

    *point*: pixels from the picture's lower left corner; *rotation*: degrees by which the picture is turned against
    the clock, 0, 90, 180 or 270; *panel*: width and height of the panel, whatever stands on it.
    """
    x, y = point
    last_x, last_y = panel[0] - 1, panel[1] - 1
    match rotation:
        case 90:
            return last_x - y, last_y - x
        case 180:
            return last_x - x, y
        case 270:
            return y, x
    return x, last_y - y
