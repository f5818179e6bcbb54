"""Buttons: one for the main step, quieter ones beside it, small ones for the languages."""

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label

from kiosk.ui.kv import load_rules
from kiosk.ui.widgets import icon, text  # noqa: F401 (the rules name them)
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.pressable import Pressable

load_rules(__file__)


class MainButton(Pressable, Panel, Label):
    """The one thing to do on a screen."""


class OtherButton(Pressable, Panel, Label):
    """What one can do besides."""


class QuietButton(Pressable, Panel, Label):
    """What one may do instead of all that."""


class LookButton(Pressable, Panel, BoxLayout):
    """A way to look, by a word or a sign; `chosen` when it is so."""

    choice = StringProperty()  #: what of the look it is
    words = StringProperty()
    sign = StringProperty()
    chosen = BooleanProperty(False)


class LanguageButton(Pressable, Panel, Label):
    """A language by its own name; `chosen` when the screens speak it."""

    chosen = BooleanProperty(False)
