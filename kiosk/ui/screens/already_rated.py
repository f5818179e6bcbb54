"""The scanned case has been rated before."""

from kiosk.ui.kv import load_rules
from kiosk.ui.screens.notice import NoticeScreen

load_rules(__file__)


class AlreadyRatedScreen(NoticeScreen):
    """Says that a case is rated once."""
