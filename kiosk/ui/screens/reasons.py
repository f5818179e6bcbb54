"""Every question is answered: what could be better, and a comment, for whoever wants to say so."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.core.events import ReasonTouched
from kiosk.core.survey import Reason, Survey
from kiosk.core.visit import Visit
from kiosk.ui.kv import load_rules
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.widgets import button, column, icon, text  # noqa: F401 (the rules name them)
from kiosk.ui.widgets.faces import face_of, is_low
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.pressable import Pressable
from kiosk.ui.wording import said_in
from protocol.messages import Key

load_rules(__file__)


class ReasonCard(Pressable, Panel, BoxLayout):
    """One reason with a box to tick."""

    words = StringProperty()
    ticked = BooleanProperty(False)


class ReasonsScreen(KioskScreen):
    """A card a reason; they are made anew only when the survey changes."""

    heading = StringProperty()
    face = NumericProperty(1)
    can_write = BooleanProperty(False)
    some = BooleanProperty(False)  #: there are reasons to touch
    held = BooleanProperty(False)  #: no touches are taken: the vote is being stored

    def __init__(self, *arguments: Any, **kwargs: Any) -> None:
        self.cards: dict[Key, ReasonCard] = {}
        self._reasons: tuple[Reason, ...] = ()
        super().__init__(*arguments, **kwargs)

    def describe(self, visit: Visit, survey: Survey, language: str) -> None:
        """Show what may be touched, and what has been."""
        self._make_cards(survey.reasons)
        for reason in survey.reasons:
            card = self.cards[reason.key]
            card.words = said_in(reason.label, language)
            card.ticked = reason.key in visit.reasons
        criteria = {asked.key: asked for asked in survey.criteria}
        faces = [face_of(answer.level, criteria[answer.criterion].levels) for answer in visit.answers]
        self.face = min(faces)
        said = self.wording.reasons
        self.some = bool(survey.reasons)
        self.heading = said.no_reasons if not survey.reasons else said.sorry if is_low(self.face) else said.welcome
        self.can_write = survey.comments

    def columns(self, reasons: int, portrait: bool, low: bool) -> int:
        """Return how many cards stand beside each other, so that each is large enough for a finger."""
        if portrait:
            return 3 if low and reasons > 6 else 2
        return max(2, ceil(reasons / 2))

    def on_touch_down(self, touch: Any) -> bool:
        return True if self.held else bool(super().on_touch_down(touch))

    def _make_cards(self, reasons: Sequence[Reason]) -> None:
        if tuple(reasons) == self._reasons:
            return
        self._reasons = tuple(reasons)
        for card in self.cards.values():
            self.ids.grid.remove_widget(card)
        self.cards = {}
        for reason in reasons:
            card = ReasonCard()
            card.bind(on_tap=lambda _card, key=reason.key: self.touch(ReasonTouched, key))
            self.cards[reason.key] = card
            self.ids.grid.add_widget(card)
