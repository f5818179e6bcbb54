"""What stands on the panel: header, footer, and between them the screen that the session's state names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from kivy.clock import Clock
from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.controller import Surroundings
from kiosk.core.setups import Arrangement
from kiosk.core.states import AlreadyRated, Identifying, Idle, OutOfOrder, Rating, ScanRefused, State, Storing, Thanking
from kiosk.core.survey import Level
from kiosk.ui.kv import load_rules
from kiosk.ui.quarter import quarter_of
from kiosk.ui.screens.already_rated import AlreadyRatedScreen
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.screens.identify import IdentifyScreen
from kiosk.ui.screens.idle import IdleScreen
from kiosk.ui.screens.out_of_order import OutOfOrderScreen
from kiosk.ui.screens.rate import RateScreen
from kiosk.ui.screens.refused import RefusedScreen
from kiosk.ui.screens.thanks import ThanksScreen
from kiosk.ui.widgets.footer import Footer
from kiosk.ui.widgets.header import Header
from kiosk.ui.wording import wording

load_rules(__file__)

# A new screen is deaf this long: the second half of a double tap was meant for the screen before it.
SETTLING_SECONDS = 0.6


@dataclass(frozen=True)
class Touches:
    """What the screens call when they are touched."""

    start: Callable[[], None]
    level: Callable[[Level], None]
    dismiss: Callable[[], None]
    language: Callable[[str], None]


class Stage(BoxLayout):
    """Shows what it is told to; `shown` is the screen that stands there now. *today* is the date in Vietnam."""

    shown = ObjectProperty(None, allownone=True)

    def __init__(self, *, language: str, today: Callable[[], date], touches: Touches) -> None:
        super().__init__()
        self._today = today
        self._state: State | None = None
        self._deaf_until = 0.0
        words = wording(language)
        self.idle = IdleScreen(words, touches.start)
        self.rate = RateScreen(words, touches.level)
        self.thanks = ThanksScreen(words, touches.dismiss)
        self.already_rated = AlreadyRatedScreen(words, touches.dismiss)
        self.refused = RefusedScreen(words, touches.dismiss)
        self.out_of_order = OutOfOrderScreen(words, touches.dismiss)
        self.identify = IdentifyScreen(words, touches.dismiss)
        self.screens: tuple[KioskScreen, ...] = (
            self.idle,
            self.rate,
            self.thanks,
            self.already_rated,
            self.refused,
            self.out_of_order,
            self.identify,
        )
        self.header = Header(touches.language)
        self.middle = BoxLayout()
        self.footer = Footer()
        for part in (self.header, self.middle, self.footer):
            self.add_widget(part)
        # Also the screens that are not shown: their pictures are painted before somebody waits for them.
        self.middle.bind(size=self._lay_out, pos=self._lay_out)

    def draw(
        self,
        state: State,
        arrangement: Arrangement,
        surroundings: Surroundings,
        seconds_left: float | None,
        language: str,
    ) -> None:
        """Show a state; to be called after everything that may have changed it."""
        words = wording(language)
        for screen in self.screens:
            screen.wording = words
        self.header.language = language
        self.header.office = arrangement.office
        self.header.unit = arrangement.unit
        self.footer.promise = words.footer.privacy
        self.footer.online = surroundings.online
        aside = ""  # set once below: every change of a text is a redraw
        match state:
            case Idle():
                self.idle.scanner_up = surroundings.scanner_up
                aside = words.footer.motto
                screen = self.idle
            case Rating() | Storing():
                visit = state.visit if isinstance(state, Rating) else state.ballot.visit
                self.rate.describe(arrangement, None if visit.case is None else visit.case.masked)
                self.rate.hold(visit.answers[-1].level if isinstance(state, Storing) else None)
                if isinstance(state, Rating) and seconds_left is not None:
                    aside = words.footer.countdown.format(seconds=ceil(seconds_left))
                screen = self.rate
            case Thanking():
                self.thanks.describe(quarter_of(self._today()))
                self.thanks.share = (seconds_left or 0.0) / arrangement.thresholds.thanks
                screen = self.thanks
            case AlreadyRated():
                screen = self.already_rated
            case ScanRefused(reason):
                self.refused.reason = reason
                screen = self.refused
            case OutOfOrder():
                screen = self.out_of_order
            case Identifying(name):
                self.identify.kiosk = name
                screen = self.identify
            case _:
                raise NotImplementedError
        self.footer.aside = aside
        if state != self._state:
            # A touch belongs to the state it began in: a finger that is still down may have meant another case.
            self._forget_touches()
            self._state = state
        self._show(screen)

    @property
    def settled(self) -> bool:
        """Whether touches are taken."""
        return bool(Clock.get_time() >= self._deaf_until)

    def on_touch_down(self, touch: Any) -> bool:
        return True if not self.settled else bool(super().on_touch_down(touch))

    def _show(self, screen: KioskScreen) -> None:
        if screen is self.shown:
            return
        if self.shown is not None:
            self._deaf_until = Clock.get_time() + SETTLING_SECONDS
        self.middle.clear_widgets()
        self.middle.add_widget(screen)
        self.shown = screen

    def _forget_touches(self) -> None:
        for screen in self.screens:
            screen.forget_touches()

    def _lay_out(self, *_: object) -> None:
        for screen in self.screens:
            screen.pos = self.middle.pos
            screen.size = self.middle.size
