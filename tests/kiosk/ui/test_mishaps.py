"""One error does not end the kiosk; a row of them does, so that it is started anew."""

import pytest

pytestmark = pytest.mark.window


def test_two_errors_in_a_minute_are_passed_over_and_the_third_is_not(window: None) -> None:
    from kivy.base import ExceptionManager

    from kiosk.ui.mishaps import Mishaps

    mishaps = Mishaps(iter((100.0, 130.0, 159.0)).__next__)
    answers = [mishaps.handle_exception(ValueError("a mishap")) for _ in range(3)]
    assert answers == [ExceptionManager.PASS, ExceptionManager.PASS, ExceptionManager.RAISE]
    assert mishaps.count == 3


def test_errors_far_apart_never_end_it(window: None) -> None:
    from kivy.base import ExceptionManager

    from kiosk.ui.mishaps import Mishaps

    mishaps = Mishaps(iter(range(0, 3000, 30)).__next__)
    for _ in range(100):
        assert mishaps.handle_exception(ValueError("a mishap")) == ExceptionManager.PASS
    assert mishaps.count == 100


def test_an_error_that_is_raised_is_counted_once_although_kivy_asks_twice(window: None) -> None:
    from kivy.base import ExceptionManager

    from kiosk.ui.mishaps import Mishaps

    mishaps = Mishaps(lambda: 0.0)
    last = ValueError("a mishap")
    for error in (ValueError("a mishap"), ValueError("a mishap"), last, last):
        answer = mishaps.handle_exception(error)
    assert answer == ExceptionManager.RAISE
    assert mishaps.count == 3


def test_the_end_of_the_program_is_no_mishap(window: None) -> None:
    from kivy.base import ExceptionManager

    from kiosk.ui.mishaps import Mishaps

    mishaps = Mishaps(lambda: 0.0)
    assert mishaps.handle_exception(KeyboardInterrupt()) == ExceptionManager.RAISE
    assert mishaps.count == 0


def test_after_an_error_time_goes_on(window: None, caplog: pytest.LogCaptureFixture) -> None:
    from tests.kiosk.ui.driver import Driver

    kiosk = Driver()
    pump = kiosk.controller.pump

    def stumble() -> None:
        kiosk.controller.pump = pump  # type: ignore[method-assign]
        raise ValueError("a mishap")

    try:
        kiosk.scan()
        kiosk.controller.pump = stumble  # type: ignore[method-assign]
        kiosk.wait(1)
        assert kiosk.app.mishaps.count == 1
        assert "number 1 since the start" in caplog.text
        kiosk.wait(30)
        assert kiosk.screen == "idle"
        assert kiosk.app.mishaps.count == 1
    finally:
        kiosk.close()


def test_after_an_error_in_a_callback_the_screen_goes_on(window: None, caplog: pytest.LogCaptureFixture) -> None:
    from kivy.clock import Clock

    from tests.kiosk.ui.driver import Driver

    def stumble(_passed: float) -> None:
        raise ValueError("a mishap")

    kiosk = Driver()
    try:
        Clock.schedule_once(stumble, 0)
        kiosk.step(3)
        assert kiosk.app.mishaps.count == 1
        assert "number 1 since the start" in caplog.text
        kiosk.scan()
        kiosk.tap(5)
        assert kiosk.screen == "thanks"
    finally:
        kiosk.close()
