"""A touch clicks, a stored vote chimes, a screen says what it asks while it stands; at night nothing is heard."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.settings import Sound
from tests.fakes.patience import eventually
from tests.fakes.programs import Programs
from tests.kiosk.ui.a_household import AHousehold

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

pytestmark = pytest.mark.window

AT_NIGHT = datetime(2026, 11, 23, 20, 17, tzinfo=UTC)  # 3:17 in Vietnam


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    programs = Programs(tmp_path / "bin", monkeypatch)
    programs.install("aplay")
    programs.install("espeak-ng", then="exec sleep 30")
    return programs


@pytest.fixture
def loud(window: None, programs: Programs) -> Iterator["Driver"]:
    from tests.kiosk.ui.driver import Driver

    driver = Driver(household=AHousehold(sound=Sound(volume=50, speak=True)))
    yield driver
    driver.close()
    assert driver.app.mishaps.count == 0


def heard(programs: Programs) -> list[str]:
    """What was heard, in order: names of sounds, and words in quotation marks."""
    return [
        Path(call[-1]).stem.removesuffix("-50") if call[0] == "aplay" else f"“{call[-1]}”" for call in programs.calls
    ]


def hears(programs: Programs, what: str) -> bool:
    return eventually(lambda: any(what in each for each in heard(programs)))


def is_silent() -> bool:
    """Whether nothing was to be heard so far: the threads that play begin with the first sound."""
    return not {"sounds", "spoken prompts"} & {thread.name for thread in threading.enumerate()}


def test_a_touch_clicks_and_thanks_chime(loud: "Driver", programs: Programs) -> None:
    loud.command("start")
    assert hears(programs, "touch")
    assert "thanks" not in heard(programs)
    loud.tap(5)
    assert hears(programs, "thanks")


def test_thanks_are_heard_after_the_touch_they_are_for(loud: "Driver", monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[str] = []
    monkeypatch.setattr(loud.household.sounds, "play", played.append)
    loud.command("start")
    loud.tap(5)
    assert played == ["touch", "touch", "thanks"]


def test_thanks_chime_once_however_long_they_stay(loud: "Driver", programs: Programs) -> None:
    loud.command("start")
    loud.tap(5)
    assert hears(programs, "thanks")
    loud.wait(3)
    assert heard(programs).count("thanks") == 1


def test_a_screen_says_what_it_asks_in_the_language_it_speaks(loud: "Driver", programs: Programs) -> None:
    loud.scan()
    assert hears(programs, "Mời chạm vào một khuôn mặt.")
    loud.settle()
    loud.command("language en")
    assert hears(programs, "Please touch a face.")
    voices = [call[2] for call in programs.calls if call[0] == "espeak-ng"]
    assert voices == ["vi", "en"]


def test_nothing_is_said_twice_while_the_screen_stands(loud: "Driver", programs: Programs) -> None:
    loud.scan()
    assert hears(programs, "khuôn mặt")
    loud.wait(10)
    assert sum("khuôn mặt" in each for each in heard(programs)) == 1


def test_it_stops_speaking_when_the_screen_goes(loud: "Driver", programs: Programs) -> None:
    loud.scan()
    assert hears(programs, "khuôn mặt")
    loud.wait(40)
    assert loud.screen == "idle"
    assert eventually(lambda: not loud.household.speaker.is_speaking)


def test_the_empty_room_is_not_spoken_to(loud: "Driver", programs: Programs) -> None:
    loud.wait(60)
    assert is_silent()


def test_at_night_nothing_is_heard(window: None, programs: Programs) -> None:
    from tests.kiosk.ui.driver import Driver

    driver = Driver(household=AHousehold(sound=Sound(volume=50, speak=True)))
    try:
        driver.clock.set_wall(AT_NIGHT)
        driver.wait(25)
        driver.command("start")
        driver.tap(5)
        assert driver.screen == "thanks"
        assert is_silent()
    finally:
        driver.close()


def test_a_volume_of_zero_is_silent(window: None, programs: Programs) -> None:
    from tests.kiosk.ui.driver import Driver

    driver = Driver(household=AHousehold(sound=Sound(volume=0)))
    try:
        driver.command("start")
        driver.tap(5)
        assert is_silent()
    finally:
        driver.close()
