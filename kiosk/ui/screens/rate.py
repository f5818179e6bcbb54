"""A question and its levels, as faces or stars."""

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.core.events import LevelTouched
from kiosk.core.setups import Arrangement
from kiosk.core.survey import Criterion, Level, Survey
from kiosk.core.visit import Visit
from kiosk.ui.kv import load_rules
from kiosk.ui.scale import SCALE
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.widgets import button, pill, text  # noqa: F401 (the rules name it)
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.faces import face_of
from kiosk.ui.wording import said_in
from protocol.messages import HIGHEST_LEVEL

load_rules(__file__)

# Letters; more would not leave room for the case: on a panel that lies, and on one that stands.
LONGEST_FIELD, LONGEST_NARROW_FIELD = 48, 22
# Where no case stands beside it on a panel that stands.
LONGEST_LONE_FIELD = 36


class RateScreen(KioskScreen):
    """Shows one question after the other; as many cards are made as a question can have levels, and reused."""

    counter = StringProperty()
    about = StringProperty()
    described = BooleanProperty(False)
    question = StringProperty()
    progress = StringProperty()
    can_go_back = BooleanProperty(False)
    card_height = NumericProperty(310)  #: pixels

    def __init__(self, *arguments: Any, **kwargs: Any) -> None:
        self._spare = [Card() for _ in range(HIGHEST_LEVEL)]
        self.cards: dict[Level, Card] = {}
        super().__init__(*arguments, **kwargs)
        for card in self._spare:
            card.bind(on_tap=lambda touched: self.touch(LevelTouched, touched.level))
        self.fbind("card_height", self._stretch)
        self._stretch()

    def describe(self, visit: Visit, arrangement: Arrangement, language: str) -> None:
        """Say what is rated, and ask the question after those that are answered; the last one if all are."""
        self._say_about(visit, arrangement)
        survey = arrangement.survey
        place = min(len(visit.answers), len(survey.criteria) - 1)
        asked = survey.criteria[place]
        said = self.wording.rate
        self.question = said_in(asked.question, language) or said.question
        self.progress = said.progress.format(place=place + 1, of=len(survey.criteria)) if survey.criteria[1:] else ""
        self.can_go_back = bool(visit.answers)
        self._show_cards(asked, survey, language)

    def hold(self, level: Level | None) -> None:
        """Show the card of *level* as touched and take no more touches; None takes them again."""
        for card in self.cards.values():
            card.held = card.level == level
            card.deaf = level is not None

    def _stretch(self, *_: object) -> None:
        for card in self._spare:
            card.height = self.card_height

    def _say_about(self, visit: Visit, arrangement: Arrangement) -> None:
        said = self.wording.rate
        counter = visit.counter or arrangement.counter
        field = next((each.field for each in arrangement.counters if each.counter == counter), arrangement.field)
        self.counter = "" if counter is None else said.counter.format(number=counter)
        known = [_short(field, alone=visit.case is None)] if field else []
        if visit.case is not None:
            form = said.case if visit.case.masked.startswith("…") else said.ticket
            known.append(form.format(end=visit.case.masked))
        self.about = "  ·  ".join(known)
        self.described = bool(self.counter or self.about)

    def _show_cards(self, asked: Criterion, survey: Survey, language: str) -> None:
        box = self.ids.cards
        levels = survey.shown(asked)
        if len(box.children) != len(levels):
            for card in [*box.children]:
                box.remove_widget(card)
            for card in self._spare[: len(levels)]:
                box.add_widget(card)
        self.cards = {}
        for card, level in zip(self._spare, levels, strict=False):
            face = face_of(level, asked.levels)
            words = said_in(asked.labels.get(level, {}), language) or self.wording.rate.levels[level]
            card.show(level=level, face=face, drawing=_drawing(asked, survey, face), words=words)
            card.narrow = len(levels) == HIGHEST_LEVEL
            self.cards[level] = card


def _drawing(asked: Criterion, survey: Survey, face: Level) -> str:
    if asked.stars:
        return "star"
    return "face 3 smiling" if survey.smile and face == 3 else f"face {face}"


def _short(field: str, *, alone: bool) -> str:
    longest = (LONGEST_LONE_FIELD if alone else LONGEST_NARROW_FIELD) if SCALE.portrait else LONGEST_FIELD
    return field if len(field) <= longest else field[: longest - 1].rstrip() + "…"
