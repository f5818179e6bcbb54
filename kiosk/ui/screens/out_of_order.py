"""Votes cannot be stored, so none is taken."""

from kiosk.ui.kv import load_rules
from kiosk.ui.screens.notice import NoticeScreen

load_rules(__file__)


class OutOfOrderScreen(NoticeScreen):
    """Stays until the storage works again; a touch changes nothing."""
