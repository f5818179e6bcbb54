"""Text: words that take the room they need, and paragraphs that wrap into the room they have."""

from kivy.uix.label import Label

from kiosk.ui.kv import load_rules

load_rules(__file__)


class Words(Label):
    """As large as its text."""


class Paragraph(Label):
    """As wide as it is made; as high as its text then is."""


class Shortened(Label):
    """One line, as wide as it is made; what does not fit ends in an ellipsis. For texts from the settings."""
