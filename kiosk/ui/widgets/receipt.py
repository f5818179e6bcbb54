"""A picture of the paper whose barcode is wanted, under the scanner's light."""

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_rules
from kiosk.ui.widgets import icon, panel, text  # noqa: F401 (the rules name them)

load_rules(__file__)


class Receipt(Widget):
    """`heading` is what the paper is called; the light is on when `lit`."""

    heading = StringProperty()
    lit = BooleanProperty(True)
