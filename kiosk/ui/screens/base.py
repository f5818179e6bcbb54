"""What all screens share."""

import re
from typing import Any

from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.core import events
from kiosk.ui.touch import Touch
from kiosk.ui.widgets.pressable import Pressable
from kiosk.ui.wording import Wording

_WITHIN_A_SENTENCE = re.compile(r"(?<![.!?])\n")


class KioskScreen(BoxLayout):
    """A screen speaks the language of its `wording`, and calls `touch` with an event of `events`."""

    wording = ObjectProperty(rebind=True)  # what the rules show follows when it is exchanged
    events = events  # for the rules

    def __init__(self, wording: Wording, touch: Touch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(wording=wording, **kwargs)

    def flowing(self, text: str, portrait: bool) -> str:
        """Return a text whose lines were broken for a panel that lies: one that stands does so after sentences only."""
        return _WITHIN_A_SENTENCE.sub(" ", text) if portrait else text

    def forget_touches(self) -> None:
        """Let fingers that are down now count for nothing."""
        for widget in self.walk(restrict=True):
            if isinstance(widget, Pressable):
                widget.forget()
