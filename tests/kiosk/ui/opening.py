"""Opens the one window that a process can have, without a screen.

Kivy reads the environment while it opens its window. What is set for it is taken back as soon as the window stands,
so that no process started afterwards inherits it.
"""

import os
from pathlib import Path

from kiosk.settings import Screen

# As long and as high as any picture that is looked at: what lies beyond the first size stays black.
SIDE = 1280


class NoWindow(Exception):
    """The system opens no window; the text says what it needs."""


def open_window(home: Path) -> None:
    """Open it, by EGL without X unless SDL_VIDEODRIVER says otherwise; *home* is a folder for Kivy's own files."""
    before = dict(os.environ)
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    os.environ["KIVY_WINDOW"] = "sdl2"  # another one, tried next, would end the process where there is no X
    try:
        from kiosk.ui.setup import prepare

        prepare(Screen(width=SIDE, height=SIDE, fullscreen=False), home)
        from kivy.core.window import Window

        if Window is None:
            raise NoWindow("the system opens no window for OpenGL, not even a hidden one: install libegl1 and libgl1")
        import kiosk.ui.app  # noqa: F401 (what is drawn, before the first test waits for it)
    finally:
        os.environ.clear()
        os.environ.update(before)
