"""The vote is stored: thanks, where it will be counted, and what came out last time."""

from kivy.properties import NumericProperty, StringProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.published import in_words
from kiosk.ui.quarter import Quarter
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.widgets import column, icon, ring, text  # noqa: F401 (the rules name them)
from protocol.messages import Published

load_rules(__file__)


class ThanksScreen(KioskScreen):
    """Is dismissed by a touch. `share` of its time, from 1 to 0, is left."""

    share = NumericProperty(1.0)
    counted = StringProperty()
    published = StringProperty()

    def describe(self, quarter: Quarter, published: Published | None) -> None:
        """Say in which quarter's Decision the vote is counted, and the last result that was published."""
        said = self.wording.thanks
        self.counted = said.counted.format(roman=quarter.roman, year=quarter.year)
        decimal = self.wording.service.decimal
        self.published = "" if published is None else in_words(published, said.published, decimal)
