"""Votes cannot be stored, so none is taken."""

from kivy.properties import BooleanProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.screens.notice import NoticeScreen

load_rules(__file__)


class OutOfOrderScreen(NoticeScreen):
    """Stays until the storage works again; a touch changes nothing. `lost`: the last rating may not be stored."""

    lost = BooleanProperty(False)
