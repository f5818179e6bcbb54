"""Waiting: invites to scan or to touch, also when the office is closed."""

from collections.abc import Sequence

from kivy.properties import BooleanProperty, StringProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.widgets import button, column, icon, receipt, text  # noqa: F401 (the rules name them)
from protocol.messages import OpeningHours

load_rules(__file__)


class IdleScreen(KioskScreen):
    """Says so when the scanner is not up, and when the office is closed."""

    scanner_up = BooleanProperty(False)
    title = StringProperty()
    invitation = StringProperty()

    def describe(self, *, closed: bool, today: Sequence[OpeningHours], scanner_up: bool) -> None:
        """*today*: the opening hours of this day."""
        said = self.wording.idle
        self.scanner_up = scanner_up
        self.title = said.closed if closed else said.title
        if closed and today:
            hours = "; ".join(said.hours.format(opens=_clock(span.opens), closes=_clock(span.closes)) for span in today)
            self.invitation = said.closed_invitation.format(hours=hours)
        else:
            self.invitation = said.invitation if scanner_up else said.scanner_missing


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"
