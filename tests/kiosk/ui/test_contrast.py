"""Every text can be read on what it stands on: WCAG 2.1, 1.4.3 (text, 4.5 to 1) and 1.4.11 (signs, 3 to 1)."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.ui import theme
from kiosk.ui.theme import Colour

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

SIGNS_ON_PAPER = (theme.ONLINE, theme.OFFLINE, theme.DONE, theme.ALERT, theme.BRAND, theme.LEVELS[2].ink)


def contrast(one: Colour, other: Colour) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_measure_is_that_of_wcag() -> None:
    assert contrast(theme.colour("#000000"), theme.WHITE) == pytest.approx(21)
    assert contrast(theme.colour("#767676"), theme.WHITE) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("ink", "ground"), theme.READ_TOGETHER)
def test_declared_pairs_are_readable(ink: Colour, ground: Colour) -> None:
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("ink", SIGNS_ON_PAPER)
def test_signs_stand_out(ink: Colour) -> None:
    assert contrast(ink, theme.PAPER) >= 3


@pytest.mark.window
def test_every_text_is_readable_where_it_stands(kiosk: "Driver") -> None:
    from tests.kiosk.ui.tour import tour

    kiosk.resize(1280, 800)
    inks = {ink for ink, _ in theme.READ_TOGETHER}
    for screen in tour(kiosk, "vi"):
        pixels = kiosk.pixels()
        for label in kiosk.labels():
            ink = tuple(label.color)
            assert ink in inks, f"{screen}: {label.text!r} has a colour that is not declared"
            assert contrast(ink, ground_of(label, pixels)) >= 4.5, f"{screen}: {label.text!r}"


def ground_of(label: Any, pixels: tuple[int, int, bytes]) -> Colour:
    """Return the colour that most of a label's box has."""
    width, height, data = pixels
    x, y = label.to_window(*label.center)
    across, up = label.texture_size
    seen: Counter[bytes] = Counter()
    for row in range(max(0, int(y - up / 2)), min(height, int(y + up / 2))):
        start = (row * width + max(0, int(x - across / 2))) * 3
        line = data[start : start + int(across) * 3]
        seen.update(line[place : place + 3] for place in range(0, len(line), 3))
    red, green, blue = seen.most_common(1)[0][0]
    return (red / 255, green / 255, blue / 255, 1.0)
