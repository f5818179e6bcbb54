"""A real Kivy window without a screen, and a kiosk in it whose time is only as long as the tests say.

Kivy opens one window per process, as `opening` tells it to. Test modules here import what needs Kivy inside their
functions, or get it from a fixture: an import at their top would come before the set-up.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.kiosk.ui.opening import open_window

    open_window(Path(tmp_path_factory.mktemp("kivy")))


@pytest.fixture
def kiosk(window: None) -> Iterator["Driver"]:
    """A kiosk at rest, its scanner and its server up; nothing may go wrong behind its screen."""
    from tests.kiosk.ui.driver import Driver

    driver = Driver()
    yield driver
    driver.close()
    assert driver.app.mishaps.count == 0
