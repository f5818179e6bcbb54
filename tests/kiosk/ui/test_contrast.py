"""Every text can be read on what it stands on: WCAG 2.1, 1.4.3 (text, 4.5 to 1) and 1.4.11 (signs, 3 to 1).

With high contrast it is 10 to 1 (VVSG 2.0, 7.1-D).
"""

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.ui.theme import HIGH_CONTRAST, USUAL, Colour, Palette, colour

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

PALETTES = pytest.mark.parametrize("palette", [USUAL, HIGH_CONTRAST], ids=["usual", "high contrast"])


def contrast(one: Colour, other: Colour) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_measure_is_that_of_wcag() -> None:
    assert contrast(colour("#000000"), colour("#FFFFFF")) == pytest.approx(21)
    assert contrast(colour("#767676"), colour("#FFFFFF")) == pytest.approx(4.54, abs=0.01)


@PALETTES
def test_declared_pairs_are_readable(palette: Palette) -> None:
    for ink, ground in palette.read_together:
        assert contrast(ink, ground) >= palette.least_contrast, (ink, ground)


def test_who_asks_for_contrast_gets_ten_to_one() -> None:
    assert HIGH_CONTRAST.least_contrast >= 10
    assert USUAL.least_contrast >= 4.5


@PALETTES
def test_signs_stand_out(palette: Palette) -> None:
    for ink in palette.signs_on_paper:
        assert contrast(ink, palette.paper) >= 3


@PALETTES
@pytest.mark.window
def test_every_text_is_readable_where_it_stands(kiosk: "Driver", palette: Palette) -> None:
    from tests.kiosk.ui.looking import everybody_looks
    from tests.kiosk.ui.tour import tour

    kiosk.resize(1280, 800)
    inks = {ink for ink, _ in palette.read_together}
    with everybody_looks(*(["contrast"] if palette is HIGH_CONTRAST else [])):
        for screen in tour(kiosk, "vi"):
            pixels = kiosk.pixels()
            for label in kiosk.labels():
                ink = tuple(label.color)
                assert ink in inks, f"{screen}: {label.text!r} has a colour that is not declared"
                assert contrast(ink, ground_of(label, pixels)) >= palette.least_contrast, f"{screen}: {label.text!r}"


def ground_of(label: Any, pixels: tuple[int, int, bytes]) -> Colour:
    """Return the colour that most of a label's box has."""
    width, height, data = pixels
    x, y = label.to_window(*label.center)
    across, up = label.texture_size
    seen: Counter[bytes] = Counter()
    for row in range(max(0, int(y - up / 2)), min(height, int(y + up / 2)), 3):  # enough to tell a ground by
        start = (row * width + max(0, int(x - across / 2))) * 3
        line = data[start : start + int(across) * 3]
        seen.update(line[place : place + 3] for place in range(0, len(line), 3))
    red, green, blue = seen.most_common(1)[0][0]
    return (red / 255, green / 255, blue / 255, 1.0)
