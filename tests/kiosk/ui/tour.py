"""Every screen, one after the other, each as full as it gets."""

from collections.abc import Iterator

from protocol.codes import Refused, RefusedReason
from tests.kiosk.ui.driver import A_CASE, Driver


def tour(kiosk: Driver, language: str) -> Iterator[str]:
    """Show every screen in *language* and give its name while it stands there."""

    def speak() -> None:
        kiosk.settle()
        assert kiosk.command(f"language {language}") == "ok"
        kiosk.step(2)

    speak()
    yield "idle"
    kiosk.controller.scanner_is(False)
    kiosk.controller.online_is(False)
    kiosk.step(2)
    yield "idle, without scanner and server"
    kiosk.controller.scanner_is(True)
    kiosk.scan(A_CASE)
    yield "rate"
    kiosk.storage.slow = True
    kiosk.tap(1)
    yield "rate, storing"
    kiosk.storage.catch_up()
    kiosk.step(2)
    yield "thanks"
    kiosk.command("dismiss")
    speak()
    kiosk.scan(A_CASE)
    yield "already rated"
    for reason in RefusedReason:
        kiosk.scan(Refused(reason))
        yield f"refused, {reason}"
    kiosk.command("dismiss")
    speak()
    kiosk.controller.identify("mot-cua-quay-so-01-tang-tret-nha-b")  # as long as a name may be, and more
    kiosk.step(2)
    yield "identify"
    kiosk.command("dismiss")
    speak()
    kiosk.command("start")
    kiosk.storage.broken = True
    kiosk.tap(5)
    assert kiosk.screen == "out_of_order"
    yield "out of order"
