"""A row of words in a rounded frame."""

from kivy.uix.boxlayout import BoxLayout

from kiosk.ui.widgets.panel import Panel


class Pill(Panel, BoxLayout):
    """As wide as its words."""
