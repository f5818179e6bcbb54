"""Waiting: invites to scan or to touch."""

from collections.abc import Callable
from typing import Any

from kivy.properties import BooleanProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.widgets import button, column, icon, receipt, text  # noqa: F401 (the rules name them)
from kiosk.ui.wording import Wording

load_rules(__file__)


class IdleScreen(KioskScreen):
    """Calls *start* when the visitor wants to rate without a code. Says so when the scanner is not up."""

    scanner_up = BooleanProperty(False)

    def __init__(self, wording: Wording, start: Callable[[], None], **kwargs: Any) -> None:
        self.start = start
        super().__init__(wording, **kwargs)
