"""The vote is stored: thanks, and where it will be counted."""

from collections.abc import Callable
from typing import Any

from kivy.properties import NumericProperty, StringProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.quarter import Quarter
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.widgets import column, icon, ring, text  # noqa: F401 (the rules name them)
from kiosk.ui.wording import Wording

load_rules(__file__)


class ThanksScreen(KioskScreen):
    """Calls *dismiss* on a touch. `share` of its time, from 1 to 0, is left."""

    share = NumericProperty(1.0)
    counted = StringProperty()

    def __init__(self, wording: Wording, dismiss: Callable[[], None], **kwargs: Any) -> None:
        self.dismiss = dismiss
        super().__init__(wording, **kwargs)

    def describe(self, quarter: Quarter) -> None:
        """Say in which quarter's Decision the vote is counted."""
        self.counted = self.wording.thanks.counted.format(roman=quarter.roman, year=quarter.year)
