"""What the notices share: a sign, a title, a text, and leaving by a touch."""

from collections.abc import Callable
from typing import Any

from kivy.properties import ColorProperty, StringProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.theme import BRAND
from kiosk.ui.widgets import column, icon, text  # noqa: F401 (the rules name them)
from kiosk.ui.wording import Wording

load_rules(__file__)


class NoticeScreen(KioskScreen):
    """Calls *dismiss* on a touch; `hint` says so."""

    sign = StringProperty("warning")
    ink = ColorProperty(BRAND)
    title = StringProperty()
    text = StringProperty()
    hint = StringProperty()

    def __init__(self, wording: Wording, dismiss: Callable[[], None], **kwargs: Any) -> None:
        self.dismiss = dismiss
        super().__init__(wording, **kwargs)
