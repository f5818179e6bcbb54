"""A picture that is turned on its panel: the same picture, and touches arrive where it stands."""

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.settings import ROTATIONS
from kiosk.ui.turning import on_panel

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

Picture = tuple[int, int, bytes]
Place = tuple[int, int]  # column and row, from the upper left corner

TURNED = [rotation for rotation in ROTATIONS if rotation]


def turned_left(place: Place, width: int) -> Place:
    """Return where a place of a picture *width* wide is when the picture is turned left by a quarter."""
    column, row = place
    return row, width - 1 - column


def turned(place: Place, size: tuple[int, int], rotation: int) -> Place:
    width, height = size
    for _ in range(rotation // 90):
        place = turned_left(place, width)
        width, height = height, width
    return place


def colour_at(picture: Picture, place: Place) -> bytes:
    width, height, data = picture
    column, row = place
    start = ((height - 1 - row) * width + column) * 3
    return data[start : start + 3]


@given(st.integers(1, 5000), st.integers(1, 5000), st.sampled_from(ROTATIONS), st.data())
def test_each_point_of_the_picture_has_its_pixel(width: int, height: int, rotation: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, width - 1))
    y = data.draw(st.integers(0, height - 1))
    panel = (width, height) if rotation in (0, 180) else (height, width)
    assert on_panel((x, y), rotation, panel) == turned((x, height - 1 - y), (width, height), rotation)


@pytest.mark.window
def test_the_panel_shows_the_same_picture_turned(kiosk: "Driver") -> None:
    kiosk.scan()
    width, height, upright = kiosk.pixels()
    places = list(product(range(0, width, 5), range(0, height, 5)))
    seen = [colour_at((width, height, upright), place) for place in places]
    assert len(set(seen)) > 20, "faces, words and cards are among them"
    for rotation in TURNED:
        kiosk.turn(rotation)
        picture = kiosk.pixels()
        assert picture[:2] == ((height, width) if rotation in (90, 270) else (width, height))
        there = [colour_at(picture, turned(place, (width, height), rotation)) for place in places]
        differing = [place for place, one, other in zip(places, seen, there, strict=True) if one != other]
        assert not differing, (rotation, len(differing), differing[:20])


@pytest.mark.window
def test_a_finger_finds_what_stands_under_it(kiosk: "Driver") -> None:
    kiosk.command("start")
    kiosk.settle()
    width, height, _ = kiosk.pixels()
    cards = kiosk.stage.scenes.rate.cards
    for rotation, level in zip(TURNED, (5, 1, 4), strict=True):
        column, from_below = map(int, cards[level].center)
        where = turned((column, height - 1 - from_below), (width, height), rotation)
        kiosk.turn(rotation)
        kiosk.settle()
        kiosk.press_at(*where)
        assert [each for each, card in cards.items() if card.pressed] == [level]
        kiosk.let_go_at(*where)
        assert kiosk.screen == "thanks"
        kiosk.command("dismiss")
        kiosk.command("start")
        kiosk.settle()


@pytest.mark.window
def test_the_simulated_finger_finds_it_too(kiosk: "Driver") -> None:
    for rotation, language in zip(TURNED, ("en", "vi", "en"), strict=True):
        kiosk.turn(rotation)
        assert kiosk.command(f"language {language}") == "ok"
        assert kiosk.stage.header.language == language
        kiosk.command("start")
        kiosk.tap(1)
        assert kiosk.screen == "thanks"
        kiosk.command("dismiss")


@pytest.mark.window
def test_a_panel_that_lies_is_one_that_stands_after_a_quarter(kiosk: "Driver") -> None:
    from kivy.core.window import Window

    from kiosk.ui.scale import SCALE

    system = Window.system_size
    assert not SCALE.portrait
    Window.rotation = 90
    kiosk.step(2)
    assert SCALE.portrait
    assert Window.system_size == system
    assert tuple(kiosk.stage.size) == (system[1], system[0])
