"""Rows below each other, as high as they are together; and a place to touch that has them in its middle."""

from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_rules
from kiosk.ui.widgets.pressable import Pressable

load_rules(__file__)


class Column(BoxLayout):
    """As high as its rows."""


class Gap(Widget):
    """Fixed room between two rows."""


class Anywhere(Pressable, AnchorLayout):
    """Can be touched anywhere; what it holds stands in the middle."""
