"""Which kiosk this is, for whoever looks for it."""

from kivy.properties import StringProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.screens.notice import NoticeScreen

load_rules(__file__)


class IdentifyScreen(NoticeScreen):
    """Shows the kiosk's name."""

    kiosk = StringProperty()
