"""What stands on the panel: header, footer, and between them the screen that the session's state names."""

from collections.abc import Callable
from datetime import date
from math import ceil
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.core.states import Commenting, Idle, Rating, State, asking
from kiosk.service_desk import ServiceDesk
from kiosk.ui.kv import load_rules
from kiosk.ui.scenes import Scenes, Shown
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.touch import Touch
from kiosk.ui.widgets.footer import Footer
from kiosk.ui.widgets.header import Header
from kiosk.ui.wording import Wording, wording

load_rules(__file__)

# A new screen, and a new question, is deaf this long: the second half of a double tap was meant for the one before.
SETTLING_SECONDS = 0.6
COUNTDOWN_SHARE = 1 / 3  # of a stay: whoever still reads is told that time runs out, and nobody is hurried before


class Stage(BoxLayout):
    """Shows what it is told to; `shown` is the screen that stands there now. *today* is the date in Vietnam."""

    shown = ObjectProperty(None, allownone=True)
    low = BooleanProperty(False)  #: what can be touched is to stand below

    def __init__(
        self,
        *,
        language: str,
        today: Callable[[], date],
        touch: Touch,
        choose_language: Callable[[str], None],
        choose_look: Callable[[str], None],
        desk: ServiceDesk | None = None,
    ) -> None:
        super().__init__()
        self._state: State | None = None
        self._question = 0
        self._deaf_until = 0.0
        self.scenes = Scenes(wording(language), touch, today, desk, self._place)
        self.header = Header(choose_language, choose_look)
        self.middle = BoxLayout()
        self.footer = Footer()
        self.fbind("low", self._arrange)
        self._arrange()
        # Also the screens that are not shown: their pictures are painted before somebody waits for them.
        self.middle.bind(size=self._lay_out, pos=self._lay_out)

    def draw(self, state: State, shown: Shown) -> None:
        """Show a state; to be called after everything that may have changed it."""
        words = wording(shown.language)
        self.scenes.speak(shown.language)
        self.header.language = shown.language
        self.header.office = shown.arrangement.office
        self.header.unit = shown.arrangement.unit
        self.footer.promise = words.footer.privacy
        self.footer.online = shown.surroundings.online
        screen = self.scenes.screen(state, shown, self.shown)
        self._count_down(state, shown, words)
        # A touch belongs to the state it began in: a finger that is still down may have meant another case.
        if self.shown is not None and state != self._state and not _is_typing(self._state, state):
            self.shown.forget_touches()
        self._state = state
        self._show(screen, len(state.visit.answers) if isinstance(state, Rating) else 0)

    @property
    def settled(self) -> bool:
        """Whether touches are taken."""
        return bool(Clock.get_time() >= self._deaf_until)

    def on_touch_down(self, touch: Any) -> bool:
        return True if not self.settled else bool(super().on_touch_down(touch))

    def _count_down(self, state: State, shown: Shown, words: Wording) -> None:
        """Say in the last third of a stay how much of it is left; each change of it is a redraw."""
        aside = words.footer.motto if isinstance(state, Idle) else ""
        share = 0.0
        if asking(state) is state and shown.seconds_left is not None:
            last = shown.arrangement.thresholds.rating * COUNTDOWN_SHARE
            if shown.seconds_left <= last:
                aside = words.footer.countdown.format(seconds=ceil(shown.seconds_left))
                share = ceil(shown.seconds_left) / last
        self.footer.aside, self.footer.share = aside, share

    def _show(self, screen: KioskScreen, question: int) -> None:
        if screen is self.shown and question == self._question:
            return
        if self.shown is not None:
            self._deaf_until = Clock.get_time() + SETTLING_SECONDS
        self._question = question
        if screen is not self.shown:
            if self.shown is not None:
                self.middle.remove_widget(self.shown)
            self.middle.add_widget(screen)
            self.shown = screen

    def _arrange(self, *_: object) -> None:
        """Put the header, with what can be touched in it, above or, within reach, below; the footer is only read."""
        parts = (self.header, self.middle, self.footer)
        if self.low:
            parts = parts[::-1]
        for part in parts:
            self.remove_widget(part)
            self.add_widget(part)

    def _lay_out(self, *_: object) -> None:
        for screen in self.scenes.made:
            self._place(screen)

    def _place(self, screen: KioskScreen) -> None:
        screen.pos = self.middle.pos
        screen.size = self.middle.size


def _is_typing(before: State | None, after: State) -> bool:
    """Whether only the comment has gone on: a key that is held repeats, and the next is down before one is up."""
    return isinstance(before, Commenting) and isinstance(after, Commenting) and before.visit == after.visit
