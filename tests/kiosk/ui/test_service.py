"""The service page opens for who may see it, shows how everything is, and does what it is asked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from protocol.badges import Badge
from protocol.codes import CaseCode, Refused, RefusedReason
from tests.fakes.patience import eventually
from tests.kiosk.ui.a_household import PIN, SERVICE_BADGE

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

pytestmark = pytest.mark.window

BADGE = Badge(SERVICE_BADGE.removeprefix("NV-"))


def tap(kiosk: "Driver", widget: Any) -> None:
    kiosk.press(widget)
    kiosk.step(6)  # no finger is faster
    kiosk.let_go(widget)


def hold(kiosk: "Driver", seconds: float) -> None:
    sign = kiosk.stage.header.ids.sign
    kiosk.settle()
    kiosk.press(sign)
    kiosk.wait(seconds)
    kiosk.let_go(sign)


def type_pin(kiosk: "Driver", pin: str) -> None:
    kiosk.settle()
    for digit in pin:
        tap(kiosk, kiosk.stage.scenes.pin.keys[digit])
    tap(kiosk, kiosk.stage.scenes.pin.enter)


@pytest.fixture
def page(kiosk: "Driver") -> Iterator["Driver"]:
    """A kiosk whose service page is open."""
    kiosk.scan(BADGE)
    assert kiosk.screen == "service"
    kiosk.settle()
    yield kiosk


def test_the_sign_held_for_three_seconds_asks_for_the_pin(kiosk: "Driver") -> None:
    hold(kiosk, 2.5)
    assert kiosk.screen == "idle"
    hold(kiosk, 3.2)
    assert kiosk.screen == "pin"


def test_a_finger_that_leaves_the_sign_asks_for_nothing(kiosk: "Driver") -> None:
    kiosk.press(kiosk.stage.header.ids.sign)
    kiosk.slide(kiosk.stage.footer)
    kiosk.wait(4)
    kiosk.let_go(kiosk.stage.footer)
    assert kiosk.screen == "idle"


def test_without_a_pin_holding_the_sign_does_nothing(window: None) -> None:
    from tests.kiosk.ui.driver import Driver

    kiosk = Driver(pin="")
    try:
        hold(kiosk, 4)
        assert kiosk.screen == "idle"
    finally:
        kiosk.close()


def test_the_right_pin_opens_the_page(kiosk: "Driver") -> None:
    hold(kiosk, 3.2)
    type_pin(kiosk, PIN)
    assert kiosk.screen == "service"


def test_a_wrong_pin_is_said_in_words_and_typed_anew(kiosk: "Driver") -> None:
    hold(kiosk, 3.2)
    assert "Mã chưa đúng. Mời nhập lại." not in kiosk.texts
    type_pin(kiosk, "1357")
    assert kiosk.screen == "pin"
    assert "Mã chưa đúng. Mời nhập lại." in kiosk.texts
    assert kiosk.stage.scenes.pin.typed == 0
    type_pin(kiosk, PIN)
    assert kiosk.screen == "service"


def test_what_is_typed_is_counted_and_not_shown(kiosk: "Driver") -> None:
    hold(kiosk, 3.2)
    kiosk.settle()
    before = set(kiosk.texts)
    for digit in "24689":
        tap(kiosk, kiosk.stage.scenes.pin.keys[digit])
    assert set(kiosk.texts) == before
    dots = [dot.drawing for dot in kiosk.stage.scenes.pin.ids.dots.children]
    assert dots == ["dot"] * 5
    tap(kiosk, kiosk.stage.scenes.pin.delete)
    tap(kiosk, kiosk.stage.scenes.pin.delete)
    assert sorted(dot.drawing for dot in kiosk.stage.scenes.pin.ids.dots.children) == ["dot"] * 3 + ["open_dot"]


def test_whoever_does_not_know_the_pin_goes_back(kiosk: "Driver") -> None:
    hold(kiosk, 3.2)
    kiosk.settle()
    tap(kiosk, kiosk.stage.scenes.pin.ids.back)
    assert kiosk.screen == "idle"


def test_the_page_opens_while_votes_cannot_be_stored_and_leads_back_there(kiosk: "Driver") -> None:
    kiosk.storage.broken = True
    kiosk.command("start")
    kiosk.tap(3)
    kiosk.wait(1)
    assert kiosk.screen == "out_of_order"
    hold(kiosk, 3.2)
    type_pin(kiosk, PIN)
    assert kiosk.screen == "service"
    kiosk.wait(10)
    kiosk.settle()
    tap(kiosk, kiosk.stage.scenes.service.ids.close)
    assert kiosk.screen == "out_of_order"
    kiosk.scan(BADGE)
    assert kiosk.screen == "service"
    kiosk.storage.broken = False
    kiosk.wait(10)
    assert kiosk.screen == "service", "it is not taken away from whoever looks into it"
    kiosk.settle()
    tap(kiosk, kiosk.stage.scenes.service.ids.close)
    assert kiosk.screen == "idle"
    assert [visit.outcome for visit in kiosk.storage.visits] == ["device-error"]


def test_the_facts_are_refreshed_every_second_while_they_are_shown(page: "Driver") -> None:
    assert "Sẵn sàng" in page.texts
    page.household.scanner = "unplugged"
    page.wait(1.2)
    assert "unplugged" in page.texts


def test_nobody_looks_at_the_facts_once_the_page_is_closed(page: "Driver") -> None:
    asked = page.household.asked
    tap(page, page.stage.scenes.service.ids.close)
    assert page.screen == "idle"
    page.wait(5)
    assert page.household.asked == asked


def test_the_page_closes_by_itself_when_nobody_uses_it(page: "Driver") -> None:
    page.wait(181)
    assert page.screen == "idle"


def test_the_scanner_test_says_what_kind_of_code_it_was_and_nothing_of_it(page: "Driver") -> None:
    page.scan(Refused(RefusedReason.IDENTITY_CARD))
    assert "Thẻ căn cước" in page.texts
    page.scan(CaseCode("H57.31", date(2026, 11, 20), "00310001"))
    assert "Mã hồ sơ" in page.texts
    assert not any("0001" in text for text in page.texts)
    assert page.screen == "service"


def test_the_touch_test_draws_where_it_is_touched_and_is_wiped_for_the_next(page: "Driver") -> None:
    pad = page.stage.scenes.service.ids.pad
    page.resize(1280, 800)
    page.settle()
    before = page.pixels()
    tap(page, pad)
    assert "Thử màn hình cảm ứng: đã nhận 1 lần chạm" in page.texts
    assert colour_at(page, pad) != colour_in(before, pad)
    for _ in range(9):
        tap(page, pad)
    assert pad.count == 10
    tap(page, page.stage.scenes.service.ids.close)
    assert pad.count == 0


def test_touching_the_pad_keeps_the_page_open(page: "Driver") -> None:
    page.wait(170)
    tap(page, page.stage.scenes.service.ids.pad)
    page.wait(60)
    assert page.screen == "service"


def test_a_restart_is_asked_for_twice(page: "Driver") -> None:
    button = page.stage.scenes.service.ids.restart
    tap(page, button)
    assert page.household.ended == 0
    assert button.text == "Chạm lần nữa"
    page.wait(1)
    tap(page, button)
    assert page.household.ended == 1
    assert page.screen == "idle"


def test_a_tap_that_bounces_confirms_no_restart(page: "Driver") -> None:
    button = page.stage.scenes.service.ids.restart
    for _ in range(2):
        page.press(button)
        page.let_go(button)
    assert page.household.ended == 0
    assert page.screen == "service"


def test_who_thinks_better_of_it_restarts_nothing(page: "Driver") -> None:
    button = page.stage.scenes.service.ids.restart
    tap(page, button)
    page.wait(6.5)
    assert button.text == "Khởi động lại"
    tap(page, button)
    assert page.household.ended == 0


def test_an_export_says_how_it_ended(page: "Driver") -> None:
    tap(page, page.stage.scenes.service.ids.export)
    assert eventually(lambda: not page.household.exporter.is_running)
    page.wait(1.2)
    assert any(text.startswith("Chưa thấy USB.") for text in page.texts)


def test_an_export_that_cannot_be_says_why(page: "Driver", tmp_path: Path) -> None:
    page.household.stick = tmp_path
    tap(page, page.stage.scenes.service.ids.export)
    assert eventually(lambda: not page.household.exporter.is_running)
    page.wait(1.2)
    assert any(text.startswith("Chưa xuất được: this kiosk has no keys") for text in page.texts)


def test_the_page_speaks_the_language_that_is_chosen(page: "Driver") -> None:
    assert page.command("language en") == "ok"
    page.step(2)
    assert {"Service of kiosk quay-1", "Ratings waiting", "Connected"} <= set(page.texts)


def colour_at(kiosk: "Driver", widget: Any) -> bytes:
    return colour_in(kiosk.pixels(), widget)


def colour_in(pixels: tuple[int, int, bytes], widget: Any) -> bytes:
    width, _, data = pixels
    x, y = (int(part) for part in widget.to_window(*widget.center))
    return data[(y * width + x) * 3 : (y * width + x) * 3 + 3]
