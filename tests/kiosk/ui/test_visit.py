"""What a citizen sees and can do, from the scan to the thanks."""

import pytest

from tests.kiosk.ui.conftest import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

pytestmark = pytest.mark.window


def test_smoke(kiosk: "Driver") -> None:
    from tests.kiosk.ui.driver import Window
    assert kiosk.screen == "idle"
    kiosk.scan()
    assert kiosk.screen == "rate"
    kiosk.tap(4)
    assert kiosk.screen == "thanks"
    print(Window.size)
    kiosk.resize(1024, 600)
    print(Window.size, Window.system_size, kiosk.stage.size)
    print(kiosk.command("screenshot /tmp/kui/res.png"))
    kiosk.wait(5.1)
    assert kiosk.screen == "idle"
