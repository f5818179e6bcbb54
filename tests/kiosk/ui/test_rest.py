"""The panel dims, darkens and wakes; the touch that wakes it does nothing else; the picture wanders, step by step."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.core.resting import Habits, Rest
from protocol.badges import Badge
from protocol.messages import OpeningHours
from tests.kiosk.ui.a_household import AHousehold

if TYPE_CHECKING:
    from kiosk.ui.rest import RestingPanel
    from tests.kiosk.ui.driver import Driver

pytestmark = pytest.mark.window

HABITS = Habits(dim_after=timedelta(minutes=5), dark_beyond=timedelta(minutes=30), shift_every=timedelta(minutes=2))
WORKDAYS = tuple(OpeningHours(weekday, 7 * 60, 17 * 60) for weekday in range(1, 6))
IN_THE_EVENING = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # Monday, 18:00 in Vietnam

Resting = Callable[..., "Driver"]


@pytest.fixture
def resting(window: None) -> Iterator[Resting]:
    from tests.kiosk.ui.driver import Driver

    drivers = []

    def begin(household: AHousehold | None = None) -> Driver:
        drivers.append(Driver(household=household or AHousehold(habits=HABITS)))
        return drivers[-1]

    yield begin
    for driver in drivers:
        driver.close()
        assert driver.app.mishaps.count == 0


def panel(kiosk: "Driver") -> "RestingPanel":
    assert kiosk.app.household is not None
    return kiosk.app.household.panel


def brightness(kiosk: "Driver") -> float:
    """Return the mean of the window's pixels, from 0 to 255."""
    _, _, pixels = kiosk.pixels()
    return sum(pixels[::97]) / len(pixels[::97])


def sleep_in_the_evening(kiosk: "Driver") -> None:
    kiosk.controller.arrange(replace(kiosk.controller.arrangement, opening_hours=WORKDAYS))
    kiosk.clock.set_wall(IN_THE_EVENING)
    kiosk.wait(150)


def test_a_panel_that_nobody_touches_is_dimmed_and_a_touch_wakes_it(resting: Resting) -> None:
    kiosk = resting()
    bright = brightness(kiosk)
    kiosk.wait(301)
    assert panel(kiosk).rest is Rest.DIM
    assert 0.2 * bright < brightness(kiosk) < 0.5 * bright
    kiosk.press(kiosk.stage.middle)
    assert brightness(kiosk) == pytest.approx(bright, rel=0.02)
    kiosk.let_go(kiosk.stage.middle)


def test_the_touch_that_wakes_counts_for_nothing_and_the_next_one_counts(resting: Resting) -> None:
    kiosk = resting()
    kiosk.wait(301)
    start = kiosk.stage.scenes.idle.ids.start
    for screen in ("idle", "rate"):
        kiosk.press(start)
        kiosk.step(6)
        kiosk.let_go(start)
        assert kiosk.screen == screen


def test_a_scan_wakes_and_counts(resting: Resting) -> None:
    kiosk = resting()
    kiosk.wait(301)
    kiosk.scan()
    assert (kiosk.screen, panel(kiosk).rest, panel(kiosk).layer) == ("rate", Rest.AWAKE, 0.0)


def test_a_scan_that_means_nothing_wakes_too(resting: Resting) -> None:
    kiosk = resting()
    kiosk.wait(301)
    kiosk.scan(Badge("9999"))
    assert (kiosk.screen, panel(kiosk).rest) == ("idle", Rest.AWAKE)


def test_while_somebody_rates_it_stays_awake(resting: Resting) -> None:
    kiosk = resting()
    kiosk.wait(290)
    kiosk.command("start")
    kiosk.wait(20)
    assert panel(kiosk).rest is Rest.AWAKE


def test_outside_the_opening_hours_it_is_black_and_a_touch_wakes_it_for_a_while(resting: Resting) -> None:
    kiosk = resting()
    sleep_in_the_evening(kiosk)
    assert panel(kiosk).rest is Rest.DARK
    assert brightness(kiosk) == 0
    kiosk.press(kiosk.stage.middle)
    kiosk.let_go(kiosk.stage.middle)
    kiosk.wait(100)
    assert brightness(kiosk) > 100
    kiosk.wait(30)
    assert brightness(kiosk) == 0


def test_a_panel_whose_backlight_can_be_set_has_no_layer_until_it_is_dark(resting: Resting, tmp_path: Path) -> None:
    light = tmp_path / "10-0045"
    light.mkdir()
    (light / "max_brightness").write_text("255\n")
    (light / "brightness").write_text("200\n")
    kiosk = resting(AHousehold(habits=HABITS, backlights=tmp_path))
    kiosk.wait(301)
    assert (light / "brightness").read_text() == "50\n"
    assert panel(kiosk).layer == 0
    sleep_in_the_evening(kiosk)
    assert (light / "brightness").read_text() == "0\n"
    kiosk.scan()
    assert (light / "brightness").read_text() == "200\n"


def test_the_picture_wanders_while_nobody_is_there_and_nothing_is_drawn_in_between(resting: Resting) -> None:
    from kivy.core.window import Window

    kiosk = resting(AHousehold(habits=replace(HABITS, dim_after=None)))
    kiosk.wait(1)
    frames = []

    def count(_window: object) -> None:
        frames.append(tuple(kiosk.stage.pos))

    Window.bind(on_flip=count)
    try:
        kiosk.wait(130)
        assert len(frames) <= 2
        kiosk.wait(120)
        assert len(set(frames)) == 2
        assert len(frames) <= 4
    finally:
        Window.unbind(on_flip=count)


def test_a_picture_that_has_wandered_covers_the_panel_and_is_touched_where_it_is(resting: Resting) -> None:
    kiosk = resting(AHousehold(habits=replace(HABITS, dim_after=None)))
    kiosk.resize(1280, 800)
    for _ in range(8):
        kiosk.wait(121)
    assert kiosk.stage.pos != [0, 0]
    width, height, pixels = kiosk.pixels()
    top = [
        pixels[(y * width + x) * 3 : (y * width + x) * 3 + 3] for y in (height - 1, height - 30) for x in (0, width - 1)
    ]
    assert len(set(top)) == 1
    assert kiosk.command("start") == "ok"
    assert kiosk.screen == "rate"
