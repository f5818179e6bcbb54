"""Sees to it that a full-screen window is as large as the panel."""

from typing import Any

from kiosk.settings import Screen


def fill(window: Any, screen: Screen) -> None:
    """Make Kivy's *window* cover the panel, where the settings give the panel another size than it has.

    SDL asks an X server's window manager to enlarge the window. Where there is none, it believes that this was done,
    and the window stays as large as the settings say, off the middle, with everything drawn into a part of it.
    """
    from kivy.core.window.window_info import WindowInfoX11

    panel = [*window.system_size]
    if panel == [screen.width, screen.height] or not isinstance(window.get_window_info(), WindowInfoX11):
        return
    window.fullscreen = False
    window.create_window()
    window.system_size = panel
    window.fullscreen = "auto"
    window.create_window()
