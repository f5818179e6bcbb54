"""Every screen, one after the other, each as full as it gets."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from kiosk.core.events import CommentTyped, DismissTouched
from protocol.badges import Badge
from protocol.codes import Refused, RefusedReason
from tests.kiosk.ui.driver import A_CASE, ANOTHER_CASE, Driver
from tests.kiosk.ui.surveys import OFFICE, WHOLE_ROOM


def tour(kiosk: Driver, language: str) -> Iterator[str]:
    """Show every screen in *language* and give its name while it stands there."""

    def speak() -> None:
        kiosk.settle()
        assert kiosk.command(f"language {language}") == "ok"
        kiosk.step(2)

    def do(*commands: str) -> None:
        for command in commands:
            kiosk.settle()
            assert (answer := kiosk.command(command)) == "ok", f"{command}: {answer}"
            kiosk.step(2)

    kiosk.arrange(OFFICE)
    speak()
    yield "idle"
    kiosk.controller.scanner_is(False)
    kiosk.controller.online_is(False)
    kiosk.step(2)
    yield "idle, without scanner and server"
    kiosk.controller.scanner_is(True)
    kiosk.controller.online_is(True)
    kiosk.scan(A_CASE)
    yield "rate"
    kiosk.wait(21.0)
    yield "rate, running out"
    do("tap 2")
    yield "reasons"
    do("reason waiting", "reason attitude")
    yield "reasons, some touched"
    kiosk.scan(ANOTHER_CASE)
    yield "switching"
    do("keep", "write")
    yield "comment"
    kiosk.controller.touch(CommentTyped, "Cảm ơn các anh chị! Mong nơi chờ có thêm ghế ngồi.")
    kiosk.step(2)
    yield "comment, written"
    do("back")
    kiosk.storage.slow = True
    do("send")
    yield "reasons, storing"
    kiosk.storage.catch_up()
    kiosk.step(2)
    yield "thanks"
    do("dismiss")
    speak()
    kiosk.scan(A_CASE)
    yield "already rated"
    for reason in RefusedReason:
        kiosk.scan(Refused(reason))
        yield f"refused, {reason}"
    do("dismiss")
    speak()
    kiosk.scan(Badge("0001"))
    yield "signed in"
    kiosk.scan(Badge("0001"))
    yield "signed out"
    do("dismiss")
    kiosk.controller.identify("mot-cua-quay-so-01-tang-tret-n-b")  # as long as a name may be
    speak()
    yield "identify"
    do("dismiss")
    yield from _service(kiosk, language, speak)
    yield from _several_questions(kiosk, speak, do)
    do("start", "counter 1")
    kiosk.storage.broken = True
    do("tap 3", "tap 5", "tap 2", "send")
    assert kiosk.screen == "out_of_order"
    speak()
    yield "out of order"


def _service(kiosk: Driver, language: str, speak: Callable[[], None]) -> Iterator[str]:
    sign = kiosk.stage.header.ids.sign
    kiosk.settle()
    kiosk.press(sign)
    kiosk.wait(3.2)
    kiosk.let_go(sign)
    kiosk.settle()
    speak()
    pin = kiosk.stage.scenes.pin
    for digit in "1357":
        kiosk.press(pin.keys[digit])
        kiosk.let_go(pin.keys[digit])
        kiosk.wait(0.6)
    yield "pin"
    kiosk.press(pin.enter)
    kiosk.let_go(pin.enter)
    yield "pin, wrong"
    kiosk.controller.touch(DismissTouched)
    kiosk.wait(1)
    speak()
    kiosk.scan(Badge("0012"))
    kiosk.settle()
    assert kiosk.command(f"language {language}") == "ok"
    kiosk.step(2)
    yield "service"
    kiosk.household.scanner = "/dev/kiosk/scanner: could not open port: No such file or directory"
    kiosk.household.storage = "the disk is full"
    kiosk.controller.online_is(
        False, "the broker at 10.20.30.40:8883 refuses the connection: its certificate is not yet valid"
    )
    kiosk.scan(Refused(RefusedReason.IDENTITY_CARD))
    kiosk.wait(1.2)
    yield "service, in trouble"
    kiosk.controller.online_is(True)
    kiosk.controller.touch(DismissTouched)
    kiosk.step(2)


def _several_questions(kiosk: Driver, speak: object, do: object) -> Iterator[str]:
    assert callable(speak)
    assert callable(do)
    kiosk.arrange(replace(WHOLE_ROOM, opening_hours=OFFICE.opening_hours[:0]))
    speak()
    do("start")
    yield "counters"
    do("counter 3")
    yield "rate, three levels"
    do("tap 1")
    yield "rate, stars"
    do("tap 4")
    yield "rate, two levels"
    do("tap 2")
    yield "reasons, none to touch"
    do("skip", "dismiss")
