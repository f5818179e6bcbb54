"""What one would like to add, in one's own words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.core.composing import LONGEST_COMMENT, Composition
from kiosk.ui.kv import load_rules
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.widgets import button, column, text, writing  # noqa: F401 (the rules name them)
from kiosk.ui.widgets.keyboard import Keyboard
from kiosk.ui.wording import Wording

load_rules(__file__)


@dataclass(frozen=True)
class CommentTouches:
    """What the screen calls: *key* for each key (what `Composition.struck` takes), the others for their buttons."""

    key: Callable[[str], None]
    back: Callable[[], None]
    skip: Callable[[], None]
    send: Callable[[], None]


class CommentScreen(KioskScreen):
    """Shows what it is told to; keys only become text by whoever follows them."""

    counter = StringProperty()
    full = BooleanProperty(False)
    held = BooleanProperty(False)  #: no touches are taken: the comment is being stored

    def __init__(self, wording: Wording, touches: CommentTouches, **kwargs: Any) -> None:
        self.touches = touches
        super().__init__(wording, **kwargs)
        self.keyboard = Keyboard(touches.key, wording.keyboard)
        self.ids.below.add_widget(self.keyboard)
        self.fbind("wording", self._reword)
        self.describe(Composition())

    def describe(self, composition: Composition) -> None:
        """Show how far the comment is."""
        written = composition.text
        self.ids.writing.text = written
        self.full = len(written) == LONGEST_COMMENT
        self.counter = f"{len(written)}/{LONGEST_COMMENT}"
        self.keyboard.method = composition.method

    def start_over(self) -> None:
        """Make ready for the next person."""
        self.keyboard.start_over()

    def on_touch_down(self, touch: Any) -> bool:
        return True if self.held else bool(super().on_touch_down(touch))

    def _reword(self, *_: object) -> None:
        self.keyboard.names = self.wording.keyboard
