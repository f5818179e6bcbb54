"""What the screens show of the machine itself."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

pytestmark = pytest.mark.window


def test_a_missing_scanner_is_said_in_words_and_the_button_offered(kiosk: "Driver") -> None:
    assert "Quét tại đây" in kiosk.texts
    kiosk.controller.scanner_is(False)
    kiosk.step(2)
    assert "Máy quét chưa sẵn sàng" in kiosk.texts
    assert any("mời chạm nút bên dưới" in text for text in kiosk.texts)
    kiosk.controller.scanner_is(True)
    kiosk.step(2)
    assert "Quét tại đây" in kiosk.texts


def test_the_dot_tells_whether_the_server_is_there_by_shape_too(kiosk: "Driver") -> None:
    def dot() -> tuple[str, tuple[float, ...]]:
        icon = kiosk.stage.footer.children[0]
        return icon.drawing, tuple(icon.ink)

    there = dot()
    kiosk.controller.online_is(False)
    kiosk.step(2)
    gone = dot()
    assert there[0] != gone[0]
    assert there[1] != gone[1]
    kiosk.controller.online_is(True)
    kiosk.step(2)
    assert dot() == there


def test_every_screen_says_what_is_not_kept(kiosk: "Driver") -> None:
    promise = "Ẩn danh. Máy không lưu họ tên hay số căn cước của Ông/Bà."
    assert promise in kiosk.texts
    kiosk.scan()
    assert promise in kiosk.texts
    kiosk.tap(3)
    assert promise in kiosk.texts


def test_nothing_is_drawn_while_nothing_happens(kiosk: "Driver") -> None:
    from kivy.core.window import Window

    frames = []

    def count(_window: object) -> None:
        frames.append(1)

    kiosk.wait(2)
    Window.bind(on_flip=count)
    try:
        kiosk.wait(20)
    finally:
        Window.unbind(on_flip=count)
    assert frames == []


def test_a_new_setup_is_shown_when_the_visit_is_over(kiosk: "Driver") -> None:
    from kiosk.core.setups import Arrangement
    from protocol.messages import Thresholds

    kiosk.scan()
    kiosk.controller.arrange(
        Arrangement("UBND XÃ MỚI", "Một cửa", counter=7, field="Đất đai", thresholds=Thresholds(thanks=2), revision=4)
    )
    kiosk.step(2)
    assert "UBND THỊ TRẤN SỊA" in kiosk.texts
    assert "Quầy 2" in kiosk.texts
    kiosk.tap(5)
    kiosk.wait(5.2)
    assert kiosk.screen == "idle"
    assert "UBND XÃ MỚI" in kiosk.texts
    assert "Một cửa" in kiosk.texts
    kiosk.settle()
    kiosk.command("start")
    assert "Quầy 7" in kiosk.texts
    assert "Đất đai" in kiosk.texts
    kiosk.tap(5)
    assert kiosk.stage.scenes.thanks.share > 0.8
    kiosk.wait(2.2)
    assert kiosk.screen == "idle"


def test_asked_from_afar_the_kiosk_shows_its_name_in_both_languages(kiosk: "Driver") -> None:
    kiosk.controller.identify("quay-1")
    kiosk.step(2)
    assert kiosk.screen == "identify"
    assert "Máy quay-1" in kiosk.texts
    kiosk.command("language en")
    assert "Kiosk quay-1" in kiosk.texts
    assert kiosk.command("dismiss") == "ok"
    assert kiosk.screen == "idle"


def test_the_window_closes_when_the_kiosk_is_to_end(kiosk: "Driver") -> None:
    left = []
    kiosk.app.stop = lambda *_: left.append(True)
    kiosk.app.on_start()
    kiosk.controller.end()
    kiosk.step(2)
    assert left == [True]


def test_the_ring_of_the_thanks_empties(kiosk: "Driver") -> None:
    kiosk.scan()
    kiosk.tap(5)
    shares = []
    for _ in range(4):
        shares.append(kiosk.stage.scenes.thanks.share)
        kiosk.wait(1)
    assert shares == sorted(shares, reverse=True)
    assert 0.9 < shares[0] <= 1
    assert shares[3] < 0.45
