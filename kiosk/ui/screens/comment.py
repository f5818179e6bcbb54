"""What one would like to add, in one's own words."""

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.core.composing import LONGEST_COMMENT, Composition
from kiosk.core.events import CommentTyped
from kiosk.ui.kv import load_rules
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.touch import Touch
from kiosk.ui.widgets import button, column, text, writing  # noqa: F401 (the rules name them)
from kiosk.ui.widgets.keyboard import Keyboard
from kiosk.ui.wording import Wording

load_rules(__file__)


class CommentScreen(KioskScreen):
    """Says how far the comment has come after each key, and shows what it is told to."""

    counter = StringProperty()
    full = BooleanProperty(False)
    held = BooleanProperty(False)  #: no touches are taken: the comment is being stored

    def __init__(self, wording: Wording, touch: Touch, **kwargs: Any) -> None:
        self._composition = Composition()
        super().__init__(wording, touch, **kwargs)
        self.keyboard = Keyboard(self._struck, wording.keyboard)
        self.ids.below.add_widget(self.keyboard)
        self.fbind("wording", self._reword)
        self.describe("")

    def describe(self, written: str) -> None:
        """Show how far the comment is; keys go on from there."""
        self._composition = self._composition.showing(written)
        self.ids.writing.text = written
        self.full = len(written) == LONGEST_COMMENT
        self.counter = f"{len(written)}/{LONGEST_COMMENT}"
        self.keyboard.method = self._composition.method

    def start_over(self) -> None:
        """Make ready for the next person."""
        self._composition = Composition()
        self.keyboard.start_over()

    def _struck(self, key: str) -> None:
        self._composition = self._composition.struck(key)
        self.touch(CommentTyped, self._composition.text)

    def on_touch_down(self, touch: Any) -> bool:
        return True if self.held else bool(super().on_touch_down(touch))

    def _reword(self, *_: object) -> None:
        self.keyboard.names = self.wording.keyboard
