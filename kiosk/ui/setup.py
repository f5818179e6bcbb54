"""What Kivy must be told before its first import: environment and configuration of a public screen."""

import logging
import os
import sys
from pathlib import Path

from kiosk.settings import Screen

FRAMES_PER_SECOND = 60  # lower saves 1 % of a core and costs up to 40 ms of answer to a touch


def prepare(screen: Screen, home: Path) -> None:
    """Set Kivy up; *home* is a folder that it may write to.

    RuntimeError when Kivy was imported before: it would already have read its own ideas.
    """
    if "kivy" in sys.modules:
        raise RuntimeError("Kivy is set up before it is imported")
    os.environ.update(
        KIVY_NO_ARGS="1",  # else it reads our command line and exits at --settings
        KIVY_NO_CONFIG="1",
        KIVY_NO_ENV_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",  # else it takes over the root logger and stderr
        KIVY_CLOCK="interrupt",  # a scan from a thread is shown at once, not a frame later
        KIVY_METRICS_DENSITY="1",  # sizes follow the settings, not what the panel says of itself
        KIVY_DPI="96",
        KIVY_HOME=str(home),
    )
    home.mkdir(parents=True, exist_ok=True)

    from kivy.config import Config

    logging.getLogger("kivy").setLevel(logging.WARNING)
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("graphics", "width", str(screen.width))
    Config.set("graphics", "height", str(screen.height))
    Config.set("graphics", "rotation", str(screen.rotation))  # of touches too: those of the provider below
    Config.set("graphics", "fullscreen", "auto" if screen.fullscreen else "0")
    if screen.fullscreen:
        # Where no window manager puts it there, SDL would put it in the middle.
        Config.set("graphics", "position", "custom")
        Config.set("graphics", "left", "0")
        Config.set("graphics", "top", "0")
    Config.set("graphics", "show_cursor", "0" if screen.fullscreen else "1")
    Config.set("graphics", "allow_screensaver", "0")
    Config.set("graphics", "maxfps", str(FRAMES_PER_SECOND))
    Config.set("graphics", "multisamples", "0")
    # With a second provider every finger would arrive twice: SDL makes mouse events of touches.
    for provider in Config.options("input"):
        Config.remove_option("input", provider)
    Config.set("input", "mouse", "mouse,disable_multitouch,disable_hover")
