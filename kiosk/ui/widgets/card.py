"""The card of one level: its face or star and its words, to be touched."""

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui.kv import load_rules
from kiosk.ui.theme import USUAL
from kiosk.ui.widgets import icon  # noqa: F401 (the rules name it)
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.pressable import Pressable

load_rules(__file__)


class Card(Pressable, Panel, BoxLayout):
    """`held` shows the card pressed after the finger has gone, while the vote is being stored."""

    level = ObjectProperty(1)
    words = StringProperty()
    held = BooleanProperty(False)
    down = BooleanProperty(False)
    drawing = StringProperty("face 1")
    face = NumericProperty(1)  #: whose colours it has
    narrow = BooleanProperty(False)  #: there is room for five beside each other on a panel that stands
    across = NumericProperty(128)  #: the face, in design pixels
    ink = ColorProperty(USUAL.white)
    tint = ColorProperty(USUAL.white)

    def show(self, *, level: int, face: int, drawing: str, words: str, **_: Any) -> None:
        """Become the card of a level."""
        self.level, self.face, self.drawing, self.words = level, face, drawing, words
