"""Another case was scanned amid a visit: whose is it to be?"""

from kivy.properties import StringProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.widgets import button, column, icon, text  # noqa: F401 (the rules name them)

load_rules(__file__)


class SwitchingScreen(KioskScreen):
    """Two ways to go on, neither of them easier."""

    case = StringProperty()
