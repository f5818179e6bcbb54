"""Which counter the visit was to, where nothing else says it."""

from collections.abc import Sequence
from typing import Any

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.core.events import CounterTouched
from kiosk.ui.kv import load_rules
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.widgets import button, text  # noqa: F401 (the rules name them)
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.pressable import Pressable
from protocol.messages import CounterSetup

load_rules(__file__)


class CounterCard(Pressable, Panel, BoxLayout):
    """One counter, by its number and what it deals with."""

    number = StringProperty()
    about = StringProperty()


class CountersScreen(KioskScreen):
    """A card a counter; they are made anew only when the counters change."""

    def __init__(self, *arguments: Any, **kwargs: Any) -> None:
        self.cards: dict[int, CounterCard] = {}
        self._counters: tuple[CounterSetup, ...] = ()
        super().__init__(*arguments, **kwargs)

    def describe(self, counters: Sequence[CounterSetup]) -> None:
        """Show these counters."""
        if tuple(counters) == self._counters:
            return
        self._counters = tuple(counters)
        grid = self.ids.grid
        for card in self.cards.values():
            grid.remove_widget(card)
        self.cards = {}
        for counter in counters:
            card = CounterCard(number=str(counter.counter), about=counter.field)
            card.bind(on_tap=lambda _card, number=counter.counter: self.touch(CounterTouched, number))
            self.cards[counter.counter] = card
            grid.add_widget(card)
        grid.count = len(counters)
