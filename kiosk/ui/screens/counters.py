"""Which counter the visit was to, where nothing else says it."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.core.events import CounterTouched
from kiosk.ui.kv import load_rules
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.widgets import button, column, text  # noqa: F401 (the rules name them)
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.pressable import Pressable
from protocol.messages import CounterSetup

load_rules(__file__)

MOST_AT_EASE = 8  # in two rows of a panel that lies


class CounterCard(Pressable, Panel, BoxLayout):
    """One counter, by its number and what it deals with."""

    number = StringProperty()
    about = StringProperty()
    crowded = BooleanProperty(False)


class CountersScreen(KioskScreen):
    """A card a counter; they are made anew only when the counters change."""

    crowded = BooleanProperty(False)  #: so many that there is room for nothing else
    beside = BooleanProperty(False)  #: the way out stands beside the cards: below them it would lift them out of reach

    def __init__(self, *arguments: Any, **kwargs: Any) -> None:
        self.cards: dict[int, CounterCard] = {}
        self._counters: tuple[CounterSetup, ...] = ()
        super().__init__(*arguments, **kwargs)

    def columns(self, counters: int, portrait: bool) -> int:
        """Return how many cards stand beside each other, so that each is large enough for a finger."""
        if portrait:
            return 3 if counters > MOST_AT_EASE else 2
        return ceil(counters / 3) if counters > MOST_AT_EASE else max(2, ceil(counters / 2))

    def describe(self, counters: Sequence[CounterSetup]) -> None:
        """Show these counters."""
        if tuple(counters) == self._counters:
            return
        self._counters = tuple(counters)
        self.crowded = len(counters) > MOST_AT_EASE
        grid = self.ids.grid
        for card in self.cards.values():
            grid.remove_widget(card)
        self.cards = {}
        for counter in counters:
            card = CounterCard(number=str(counter.counter), about=counter.field, crowded=self.crowded)
            card.bind(on_tap=lambda _card, number=counter.counter: self.touch(CounterTouched, number))
            self.cards[counter.counter] = card
            grid.add_widget(card)
