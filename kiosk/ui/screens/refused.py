"""What was scanned is not for us."""

from typing import Any

from kivy.properties import ObjectProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.screens.notice import NoticeScreen
from protocol.codes import RefusedReason

load_rules(__file__)

# A card is to be put away; the others are no more than a misunderstanding.
CARDS = (RefusedReason.IDENTITY_CARD, RefusedReason.HEALTH_CARD)
SIGNS = {reason: "identity_card" if reason in CARDS else "barcode" for reason in RefusedReason}


class RefusedScreen(NoticeScreen):
    """Says for which `reason`, and what to scan instead."""

    reason = ObjectProperty(RefusedReason.NOT_RECOGNISED)
    signs: Any = SIGNS
    cards: Any = CARDS
