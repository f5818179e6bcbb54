"""The language is the visitor's, for as long as the visit lasts."""

from typing import TYPE_CHECKING

import pytest

from kiosk.core.states import Idle, OutOfOrder, Rating, Thanking
from kiosk.core.visit import Visit
from kiosk.settings import Screen
from kiosk.ui.language import FORGOTTEN_AFTER_SECONDS, LanguageChoice

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

RATING = Rating(Visit(0.0, 0.0), 100.0)
THANKING = Thanking("0" * 32, 100.0)


def test_a_choice_lasts_through_the_visit_and_ends_with_it() -> None:
    choice = LanguageChoice("vi")
    choice.choose("en", 10.0)
    for at, state in ((11.0, Idle()), (12.0, RATING), (80.0, RATING), (81.0, THANKING)):
        choice.follow(state, at)
        assert choice.current == "en"
    choice.follow(Idle(), 82.0)
    assert choice.current == "vi"


def test_a_choice_that_nobody_follows_up_is_forgotten() -> None:
    choice = LanguageChoice("vi")
    choice.choose("en", 10.0)
    choice.follow(Idle(), 9.9 + FORGOTTEN_AFTER_SECONDS)
    assert choice.current == "en"
    choice.follow(Idle(), 10.0 + FORGOTTEN_AFTER_SECONDS)
    assert choice.current == "vi"


def test_who_is_told_that_votes_cannot_be_recorded_is_told_in_the_chosen_language() -> None:
    choice = LanguageChoice("vi")
    choice.choose("en", 0.0)
    choice.follow(RATING, 50.0)
    choice.follow(OutOfOrder(52.0), 51.0)
    assert choice.current == "en"
    choice.follow(OutOfOrder(80.0), 80.0)
    assert choice.current == "vi"
    choice.follow(Idle(), 81.0)
    assert choice.current == "vi"


@pytest.mark.window
def test_a_touch_on_its_name_switches_every_screen(kiosk: "Driver") -> None:
    from tests.kiosk.ui.driver import NOT_A_CODE

    assert kiosk.command("language en") == "ok"
    assert {"Please rate\nour service", "Rate without a code", "Scan here"} <= set(kiosk.texts)
    assert any(text.startswith("Anonymous.") for text in kiosk.texts)
    kiosk.scan()
    assert {"Counter 2", "Touch one of them", "Very\ndissatisfied"} <= set(kiosk.texts)
    kiosk.wait(21.0)
    assert any(text.startswith("Back to start in") for text in kiosk.texts)
    kiosk.scan(NOT_A_CODE)
    assert {"This code was not recognised", "Touch the screen to go on"} <= set(kiosk.texts)
    kiosk.command("dismiss")
    kiosk.tap(4)
    assert "Thank you!" in kiosk.texts
    assert any("quarter IV of 2026" in text for text in kiosk.texts)


@pytest.mark.window
def test_a_finger_a_little_beside_a_language_finds_it(kiosk: "Driver") -> None:
    from kivy.core.window import Window

    from kiosk.core.touching import ONCE
    from kiosk.ui.turning import on_panel

    english = kiosk.stage.header.languages["en"]
    for off, language in ((english.beyond - 1, "en"), (english.beyond + 2, "vi")):
        kiosk.wait(ONCE)  # the same button struck twice at once is struck once
        kiosk.command("language vi")
        place = on_panel(english.to_window(english.center_x, english.top + off), Window.rotation, Window.system_size)
        kiosk.press_at(*place)
        kiosk.let_go_at(*place)
        assert kiosk.stage.header.language == language


@pytest.mark.window
def test_the_usual_language_returns_with_the_start(kiosk: "Driver") -> None:
    kiosk.command("language en")
    kiosk.scan()
    kiosk.tap(4)
    kiosk.command("dismiss")
    assert "Đánh giá không cần mã" in kiosk.texts
    assert kiosk.stage.header.language == "vi"


@pytest.mark.window
def test_it_can_be_switched_in_the_midst_of_a_visit(kiosk: "Driver") -> None:
    kiosk.scan()
    kiosk.command("language en")
    assert "Touch one of them" in kiosk.texts
    assert "Tư pháp – Hộ tịch  ·  Case …1120-0001" in kiosk.texts
    kiosk.command("language vi")
    assert "Chạm vào một ô" in kiosk.texts


@pytest.mark.window
def test_the_settings_say_which_language_is_usual(window: None) -> None:
    from tests.kiosk.ui.driver import Driver

    kiosk = Driver(screen=Screen(language="en"))
    try:
        assert "Rate without a code" in kiosk.texts
        kiosk.command("language vi")
        assert "Đánh giá không cần mã" in kiosk.texts
        kiosk.command("start")
        kiosk.wait(31)
        assert "Rate without a code" in kiosk.texts
    finally:
        kiosk.close()
