"""An officer has signed in at this counter, or out."""

from kivy.properties import BooleanProperty, StringProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.screens.notice import NoticeScreen

load_rules(__file__)


class SignedInScreen(NoticeScreen):
    """Names the officer; `there`: in, not out."""

    officer = StringProperty()
    there = BooleanProperty(True)
