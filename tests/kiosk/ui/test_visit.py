"""What a citizen sees and can do, from the scan to the thanks."""

from datetime import date
from typing import TYPE_CHECKING

import pytest

from kiosk.core.states import Idle, Rating, Storing
from kiosk.core.visit import Case, Visit
from kiosk.settings import Place
from protocol.visits import VisitOutcome

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

pytestmark = pytest.mark.window


def levels(kiosk: "Driver") -> list[int]:
    """What was voted."""
    return [level for vote in kiosk.storage.votes for level in vote.answers.values()]


def test_a_scan_shows_the_faces_and_what_they_are_about(kiosk: "Driver") -> None:
    assert kiosk.screen == "idle"
    kiosk.scan()
    assert kiosk.screen == "rate"
    assert "Quầy 2" in kiosk.texts
    assert "Tư pháp – Hộ tịch  ·  Hồ sơ …1120-0001" in kiosk.texts


@pytest.mark.parametrize("level", range(1, 6))
def test_a_touched_face_is_a_vote_of_its_level(kiosk: "Driver", level: int) -> None:
    kiosk.scan()
    kiosk.tap(level)
    assert levels(kiosk) == [level]
    assert kiosk.screen == "thanks"


def test_after_the_thanks_comes_the_start(kiosk: "Driver") -> None:
    kiosk.scan()
    kiosk.tap(4)
    kiosk.wait(4.5)
    assert kiosk.screen == "thanks"
    kiosk.wait(0.6)
    assert kiosk.screen == "idle"


def test_a_touch_ends_the_thanks(kiosk: "Driver") -> None:
    kiosk.scan()
    kiosk.tap(4)
    assert kiosk.command("dismiss") == "ok"
    assert kiosk.screen == "idle"


def test_one_can_rate_without_a_code(kiosk: "Driver") -> None:
    assert kiosk.command("start") == "ok"
    assert kiosk.screen == "rate"
    assert "Tư pháp – Hộ tịch" in kiosk.texts
    kiosk.tap(5)
    assert levels(kiosk) == [5]
    assert kiosk.storage.votes[0].case_token is None


def test_in_the_last_third_the_faces_count_down_and_then_give_up(kiosk: "Driver") -> None:
    kiosk.scan()
    kiosk.wait(19.5)
    assert not any("Quay lại sau" in text for text in kiosk.texts), "nobody is hurried"
    kiosk.wait(4.0)
    assert "Quay lại sau 7 giây" in kiosk.texts
    assert 0 < kiosk.stage.footer.share < 1
    kiosk.wait(7.2)
    assert kiosk.screen == "idle"
    assert kiosk.stage.footer.share == 0
    assert kiosk.storage.votes == []
    assert [visit.outcome for visit in kiosk.storage.visits] == [VisitOutcome.TIMED_OUT]


def test_while_the_vote_is_stored_its_face_stays_pressed_and_no_other_counts(kiosk: "Driver") -> None:
    kiosk.storage.slow = True
    kiosk.scan()
    kiosk.tap(2)
    assert kiosk.screen == "rate"
    assert [level for level in range(1, 6) if kiosk.card(level).down] == [2]
    kiosk.tap(5)
    assert [level for level in range(1, 6) if kiosk.card(level).down] == [2]
    kiosk.storage.catch_up()
    kiosk.step(2)
    assert levels(kiosk) == [2]
    assert kiosk.screen == "thanks"


def test_the_next_citizen_finds_no_face_pressed(kiosk: "Driver") -> None:
    kiosk.scan()
    kiosk.tap(2)
    assert kiosk.command("dismiss") == "ok"
    kiosk.command("start")
    assert not any(kiosk.card(level).down for level in range(1, 6))
    kiosk.tap(3)
    assert levels(kiosk) == [2, 3]


def test_a_finger_that_slides_off_a_face_does_not_vote(kiosk: "Driver") -> None:
    kiosk.scan()
    kiosk.settle()
    kiosk.press(kiosk.card(2))
    assert kiosk.card(2).down
    kiosk.slide(kiosk.card(4))
    assert not kiosk.card(2).down
    kiosk.let_go(kiosk.card(4))
    assert kiosk.storage.votes == []
    assert kiosk.screen == "rate"


def test_a_finger_that_comes_back_to_its_face_votes(kiosk: "Driver") -> None:
    kiosk.scan()
    kiosk.settle()
    kiosk.press(kiosk.card(2))
    kiosk.slide(kiosk.card(4))
    kiosk.slide(kiosk.card(2))
    kiosk.let_go(kiosk.card(2))
    assert levels(kiosk) == [2]


def test_a_finger_that_was_down_before_the_next_scan_does_not_vote_on_it(kiosk: "Driver") -> None:
    from tests.kiosk.ui.driver import ANOTHER_CASE

    kiosk.scan()
    kiosk.settle()
    kiosk.press(kiosk.card(1))
    kiosk.scan(ANOTHER_CASE)
    assert kiosk.screen == "switching"
    kiosk.let_go(kiosk.card(1))
    assert kiosk.screen == "switching"
    assert kiosk.command("switch") == "ok"
    assert not kiosk.card(1).down
    kiosk.tap(5)
    assert levels(kiosk) == [5]


def test_the_second_half_of_a_double_tap_is_not_taken_for_a_face(kiosk: "Driver") -> None:
    start = kiosk.stage.scenes.idle.ids.start
    for _ in range(2):
        kiosk.press(start)
        kiosk.let_go(start)
    kiosk.press(kiosk.card(1))
    kiosk.let_go(kiosk.card(1))
    assert isinstance(kiosk.controller.state, Rating)
    assert kiosk.storage.votes == []


def test_the_second_half_of_a_double_tap_does_not_wipe_the_thanks_away(kiosk: "Driver") -> None:
    kiosk.scan()
    kiosk.settle()
    for _ in range(2):
        kiosk.press(kiosk.card(4))
        kiosk.let_go(kiosk.card(4))
    assert kiosk.screen == "thanks"


def test_a_wheel_and_other_buttons_touch_nothing(kiosk: "Driver") -> None:
    from kivy.core.window import Window

    kiosk.scan()
    kiosk.settle()
    x, y = kiosk.card(1).center
    y = Window.height - y
    for button in ("right", "middle", "scrollup", "scrolldown"):
        Window.dispatch("on_mouse_down", x, y, button, [])
        kiosk.step(2)
        assert not kiosk.card(1).down
        Window.dispatch("on_mouse_up", x, y, button, [])
        kiosk.step(2)
    assert kiosk.storage.votes == []


def test_keys_neither_close_the_kiosk_nor_open_a_panel(kiosk: "Driver") -> None:
    from kivy.core.window import Window

    escape, f1 = 27, 282
    before = list(Window.children)
    for key in (escape, f1):
        if not Window.dispatch("on_key_down", key, 0, "", []):
            Window.dispatch("on_keyboard", key, 0, "", [])
        kiosk.step(2)
    assert Window.children == before
    assert kiosk.screen == "idle"


@pytest.mark.parametrize(
    ("day", "counted"),
    [
        (date(2026, 11, 23), "quý IV năm 2026"),
        (date(2026, 12, 31), "quý IV năm 2026"),
        (date(2027, 1, 1), "quý I năm 2027"),
    ],
)
def test_the_thanks_name_the_quarter_that_the_vote_counts_in(kiosk: "Driver", day: date, counted: str) -> None:
    kiosk.today = day
    kiosk.scan()
    kiosk.tap(5)
    assert any(f"Quyết định đánh giá mức độ hài lòng {counted}." in text for text in kiosk.texts)


def test_what_is_not_known_of_the_place_is_left_out(kiosk: "Driver") -> None:
    rate = kiosk.stage.scenes.rate
    nothing, case = Visit(0.0, 0.0), Visit(0.0, 0.0, Case("1" * 32, "…1120-0001"))
    rate.describe(nothing, Place().arranged(), "vi")
    assert not rate.described
    rate.describe(case, Place().arranged(), "vi")
    assert (rate.counter, rate.about, rate.described) == ("", "Hồ sơ …1120-0001", True)
    rate.describe(nothing, Place(counter=4).arranged(), "vi")
    assert (rate.counter, rate.about, rate.described) == ("Quầy 4", "", True)
    rate.describe(case, Place(field="Đất đai").arranged(), "vi")
    assert (rate.counter, rate.about) == ("", "Đất đai  ·  Hồ sơ …1120-0001")
    rate.describe(Visit(0.0, 0.0, Case("1" * 32, "A012")), Place().arranged(), "vi")
    assert rate.about == "Số A012"


def test_a_scan_from_another_thread_is_shown_in_the_next_frame(kiosk: "Driver") -> None:
    import threading

    from tests.kiosk.ui.driver import A_CASE

    thread = threading.Thread(target=kiosk.controller.scanned, args=(A_CASE,))
    thread.start()
    thread.join()
    assert isinstance(kiosk.controller.state, Idle)
    kiosk.step()
    assert kiosk.screen == "rate"


def test_screens_are_built_once(kiosk: "Driver") -> None:
    from kivy.uix.widget import Widget

    while kiosk.stage.scenes.prepare_another():
        pass

    def widgets() -> list[int]:
        return [
            id(part)
            for screen in kiosk.stage.scenes.made
            for part in screen.walk(restrict=True)
            if isinstance(part, Widget)
        ]

    def visit() -> None:
        for command in ("start", "tap 3", "dismiss"):
            kiosk.settle()
            assert kiosk.command(command) == "ok"

    visit()  # cards come to the screens with the first survey
    before = widgets()
    for _ in range(3):
        visit()
    assert widgets() == before


def test_a_stalled_disk_ends_in_the_out_of_order_screen(kiosk: "Driver") -> None:
    kiosk.storage.slow = True
    kiosk.scan()
    kiosk.tap(5)
    assert isinstance(kiosk.controller.state, Storing)
    kiosk.wait(10.3)
    assert kiosk.screen == "out_of_order"


def test_the_first_screen_waits_for_no_other_and_no_citizen_for_any_later(kiosk: "Driver") -> None:
    scenes = kiosk.stage.scenes
    assert len(scenes.made) < 14
    assert scenes.made[0] is kiosk.stage.shown
    kiosk.wait(3)
    assert len(scenes.made) == 14
    assert not scenes.prepare_another()
    for screen in scenes.made:
        assert (screen.pos, screen.size) == (kiosk.stage.middle.pos, kiosk.stage.middle.size)


def test_a_screen_that_is_made_late_speaks_as_the_others(kiosk: "Driver") -> None:
    assert kiosk.command("language en") == "ok"
    kiosk.step(2)
    assert kiosk.stage.scenes.service.wording is kiosk.stage.scenes.idle.wording
