"""What the screen does beside the visits: it is heard, it rests, and it shows how everything is."""

from collections.abc import Callable

from kivy.clock import Clock

from kiosk.controller import Controller
from kiosk.core.events import ServiceAsked
from kiosk.core.opening import is_closed
from kiosk.core.resting import is_night
from kiosk.core.states import Servicing, State
from kiosk.ui.beside import Beside
from kiosk.ui.rest import RestingPanel
from kiosk.ui.sounds import Hearing
from kiosk.ui.stage import Stage
from kiosk.ui.widgets.pressable import Pressable

LOOK_SECONDS = 1.0  # between two looks at the facts, while they are shown
OFFICE_SECONDS = 20.0  # between two looks at the opening hours


class Household:
    """Follows the session from `begin` to `end`. *touch* takes the kind of an event."""

    def __init__(self, beside: Beside, controller: Controller, stage: Stage, touch: Callable[..., None]) -> None:
        self._beside = beside
        self._controller = controller
        self._stage = stage
        self._touch = touch
        self.hearing = Hearing(beside.sounds, beside.speaker)
        self.panel = RestingPanel(stage, beside.habits, beside.backlight)
        self._closed = False
        self._office_at = 0.0
        self._scans = 0
        self._serviced = False
        self._facts = Clock.create_trigger(self._show_facts, LOOK_SECONDS, interval=True)

    def begin(self) -> None:
        """The window stands."""
        self.panel.begin()
        self._stage.header.ids.sign.bind(on_held=self._service_asked)
        Pressable.felt = staticmethod(self.hearing.felt)

    def end(self) -> None:
        """The window goes."""
        Pressable.felt = staticmethod(lambda: None)
        self._stage.header.ids.sign.unbind(on_held=self._service_asked)
        self._facts.cancel()
        self._beside.speaker.hush()
        self.panel.end()

    def follow(self, state: State, language: str) -> None:
        """Take note of what is shown now; called after each time it was drawn."""
        self._look_at_the_office()
        self.hearing.follow(state, self._controller.arrangement, language)
        self.panel.follow(state, heard=self._controller.scans != self._scans, closed=self._closed)
        self._scans = self._controller.scans
        self._follow_service(isinstance(state, Servicing))

    def _look_at_the_office(self) -> None:
        now = Clock.get_time()
        if now < self._office_at:
            return
        self._office_at = now + OFFICE_SECONDS
        hours, time = self._controller.arrangement.opening_hours, self._beside.known_time()
        beyond = self._beside.habits.dark_beyond
        self._closed = beyond is not None and is_closed(hours, time, beyond)
        self.hearing.quiet = is_night(hours, time)

    def _follow_service(self, shown: bool) -> None:
        if shown == self._serviced:
            return
        self._serviced = shown
        if shown:
            self._show_facts()
            self._facts()
        else:
            self._facts.cancel()
            self._stage.scenes.service.leave()

    def _show_facts(self, *_: object) -> None:
        self._stage.scenes.service.show(self._beside.desk.facts(), self._beside.desk.progress)

    def _service_asked(self, *_: object) -> None:
        self._touch(ServiceAsked)
