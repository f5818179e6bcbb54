"""What the notices share: a sign, a title, a text, and leaving by a touch."""

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.theme import USUAL
from kiosk.ui.widgets import column, icon, text  # noqa: F401 (the rules name them)

load_rules(__file__)

LONGEST_TITLE = 32  # letters in a line of the usual size


class NoticeScreen(KioskScreen):
    """Is dismissed by a touch; `hint` says so."""

    sign = StringProperty("warning")
    across = NumericProperty(184)  #: units of the sign's drawing
    ink = ColorProperty(USUAL.brand)
    title = StringProperty()
    text = StringProperty()
    hint = StringProperty()
    long = BooleanProperty(False)  #: the title is no words, but a name that cannot be broken

    def on_title(self, _screen: object, title: str) -> None:
        self.long = max(map(len, title.split("\n"))) > LONGEST_TITLE
