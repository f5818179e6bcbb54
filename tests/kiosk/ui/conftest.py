"""A real Kivy window without a screen, and a kiosk in it whose time is only as long as the tests say.

Kivy opens one window per process and reads the environment while it does. What is set for it is taken back as soon
as the window stands, so that no process started by another test inherits it. Test modules here import what needs
Kivy inside their functions, or get it from a fixture: an import at their top would come before the set-up.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.settings import Screen

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> None:
    before = dict(os.environ)
    os.environ["SDL_VIDEODRIVER"] = "offscreen"  # EGL without X: real pixels
    try:
        from kiosk.ui.setup import prepare

        # As large as any picture that is looked at: what lies beyond the first size stays black.
        prepare(Screen(width=1280, height=800, fullscreen=False), Path(tmp_path_factory.mktemp("kivy")))
        import kiosk.ui.app  # noqa: F401 (opens the window)
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def kiosk(window: None) -> Iterator["Driver"]:
    """A kiosk at rest, its scanner and its server up; nothing may go wrong behind its screen."""
    from tests.kiosk.ui.driver import Driver

    driver = Driver()
    yield driver
    driver.close()
    assert driver.app.mishaps.count == 0
