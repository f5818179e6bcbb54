"""The card of one level: its face and its words, to be touched."""

from typing import Any

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.core.survey import Level
from kiosk.ui.kv import load_rules
from kiosk.ui.theme import LEVELS, WHITE
from kiosk.ui.widgets import icon  # noqa: F401 (the rules name it)
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.pressable import Pressable

load_rules(__file__)


class Card(Pressable, Panel, BoxLayout):
    """`held` shows the card pressed after the finger has gone, while the vote is being stored."""

    words = StringProperty()
    held = BooleanProperty(False)
    down = BooleanProperty(False)
    face = StringProperty()
    across = NumericProperty(128)  #: the face, in design pixels
    ink = ColorProperty(WHITE)
    tint = ColorProperty(WHITE)

    def __init__(self, level: Level, **kwargs: Any) -> None:
        self.level = level
        look = LEVELS[level]
        super().__init__(face=f"face {level}", ink=look.ink, tint=look.tint, **kwargs)
