"""The least that Kivy can do, to measure the kiosk beside: one button, and one commit when it is let go.

`python -m tests.bench.bare FILE` writes into that SQLite file, as durably as the kiosk does.
"""

import os
import sqlite3
import sys

os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_CONFIG="1", KIVY_NO_FILELOG="1", KIVY_NO_CONSOLELOG="1")

from kivy.config import Config

Config.set("graphics", "width", "1280")
Config.set("graphics", "height", "800")
# As the kiosk has its window and its touches: SDL waits for an X server that is to enlarge one, and a provider that
# looks for panels would only add to the bare program's work.
Config.set("graphics", "fullscreen", "auto")
Config.set("graphics", "position", "custom")
Config.set("graphics", "left", "0")
Config.set("graphics", "top", "0")
Config.set("graphics", "show_cursor", "0")
for provider in Config.options("input"):
    Config.remove_option("input", provider)
Config.set("input", "mouse", "mouse,disable_multitouch,disable_hover")
# Kivy's own are 2: software GL would draw the bare program three times as slowly as the kiosk.
Config.set("graphics", "multisamples", "0")

from kivy.app import App  # noqa: E402 (it opens its window as it is told to by then)
from kivy.uix.button import Button  # noqa: E402

WAITING, THANKS = (0.0, 0.0, 1.0, 1.0), (0.0, 1.0, 0.0, 1.0)


class Bare(App):  # type: ignore[misc]
    """A button as large as the window, blue; green, when what it stores is on the disk; blue again."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("CREATE TABLE IF NOT EXISTS votes (number INTEGER PRIMARY KEY, vote TEXT)")

    def build(self) -> Button:
        button = Button(text="Hello", background_normal="", background_color=WAITING)
        button.bind(on_release=self._store)
        return button

    def _store(self, button: Button) -> None:
        if button.background_color == [*THANKS]:
            button.background_color = WAITING
            return
        self._database.execute("INSERT INTO votes (vote) VALUES (?)", ("x" * 200,))
        button.background_color = THANKS


if __name__ == "__main__":
    Bare(sys.argv[1]).run()
