"""The buttons of the service page and of its keypad."""

from kivy.properties import BooleanProperty
from kivy.uix.label import Label

from kiosk.ui.kv import load_rules
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.pressable import Pressable

load_rules(__file__)


class ServiceButton(Pressable, Panel, Label):
    """Something to do on the page; `urgent` when it asks to be touched once more."""

    urgent = BooleanProperty(False)


class PinKey(Pressable, Panel, Label):
    """A key of the keypad; `main` is the one that ends the PIN."""

    main = BooleanProperty(False)
    twice = BooleanProperty(True)
