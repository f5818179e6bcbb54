"""What was scanned is not for us."""

from typing import Any

from kivy.properties import ObjectProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.screens.notice import NoticeScreen
from kiosk.ui.theme import ALERT, BRAND
from protocol.codes import RefusedReason

load_rules(__file__)

# The card is to be put away; the other is no more than a misunderstanding.
SIGNS = {RefusedReason.IDENTITY_CARD: "identity_card", RefusedReason.NOT_RECOGNISED: "barcode"}
INKS = {RefusedReason.IDENTITY_CARD: ALERT, RefusedReason.NOT_RECOGNISED: BRAND}


class RefusedScreen(NoticeScreen):
    """Says for which `reason`, and what to scan instead."""

    reason = ObjectProperty(RefusedReason.NOT_RECOGNISED)
    signs: Any = SIGNS
    inks: Any = INKS
