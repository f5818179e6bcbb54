"""The question and the faces."""

from collections.abc import Callable
from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.core.setups import Arrangement
from kiosk.core.survey import SURVEY, Level
from kiosk.ui.kv import load_rules
from kiosk.ui.scale import SCALE
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.widgets import pill, text  # noqa: F401 (the rules name it)
from kiosk.ui.widgets.card import Card
from kiosk.ui.wording import Wording

load_rules(__file__)

# Letters; more would not leave room for the case: on a panel that lies, and on one that stands.
LONGEST_FIELD, LONGEST_NARROW_FIELD = 48, 22


class RateScreen(KioskScreen):
    """Calls *choose* with the level whose card is touched."""

    counter = StringProperty()
    about = StringProperty()
    described = BooleanProperty(False)

    def __init__(self, wording: Wording, choose: Callable[[Level], None], **kwargs: Any) -> None:
        self.cards: dict[Level, Card] = {}
        super().__init__(wording, **kwargs)
        for level in SURVEY.criteria[0].levels:
            card = Card(level, words=wording.rate.levels[level])
            card.bind(on_tap=lambda touched: choose(touched.level))
            self.cards[level] = card
            self.ids.cards.add_widget(card)
        self.fbind("wording", self._reword)

    def describe(self, arrangement: Arrangement, case_end: str | None) -> None:
        """Say what is rated: the counter, its field and the end of the case's code; what is not known is left out."""
        rate = self.wording.rate
        self.counter = "" if arrangement.counter is None else rate.counter.format(number=arrangement.counter)
        known = [_short(arrangement.field)] if arrangement.field else []
        if case_end is not None:
            known.append(rate.case.format(end=case_end))
        self.about = "  ·  ".join(known)
        self.described = bool(self.counter or self.about)

    def hold(self, level: Level | None) -> None:
        """Show the card of *level* as touched and take no more touches; None takes them again."""
        for card in self.cards.values():
            card.held = card.level == level
            card.deaf = level is not None

    def _reword(self, *_: object) -> None:
        for level, card in self.cards.items():
            card.words = self.wording.rate.levels[level]


def _short(field: str) -> str:
    longest = LONGEST_NARROW_FIELD if SCALE.portrait else LONGEST_FIELD
    return field if len(field) <= longest else field[: longest - 1].rstrip() + "…"
