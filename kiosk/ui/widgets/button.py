"""Buttons: one for the main step, quieter ones beside it, small ones for the languages."""

from kivy.properties import BooleanProperty
from kivy.uix.label import Label

from kiosk.ui.kv import load_rules
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.pressable import Pressable

load_rules(__file__)


class MainButton(Pressable, Panel, Label):
    """The one thing to do on a screen."""


class OtherButton(Pressable, Panel, Label):
    """What one can do besides."""


class LanguageButton(Pressable, Panel, Label):
    """A language by its own name; `chosen` when the screens speak it."""

    chosen = BooleanProperty(False)
