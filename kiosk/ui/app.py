"""The Kivy program: draws what the controller's state names, hands touches on, and decides nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any

from kivy.app import App
from kivy.base import EventLoop, ExceptionManager
from kivy.clock import Clock
from kivy.core.window import Window

from kiosk.controller import Controller
from kiosk.core.events import Touched
from kiosk.core.states import Idle, OutOfOrder, Thanking
from kiosk.settings import Screen
from kiosk.ui.beside import Beside
from kiosk.ui.household import Household
from kiosk.ui.language import LanguageChoice
from kiosk.ui.look import LOOK
from kiosk.ui.mishaps import Mishaps
from kiosk.ui.scale import SCALE
from kiosk.ui.scenes import Shown
from kiosk.ui.stage import Stage
from kiosk.ui.tidying import Tidying
from kiosk.ui.widgets.pressable import Pressable

PUMPS_PER_SECOND = 4  # while somebody may be there: enough for a countdown in seconds
REST_SECONDS = 1.0  # between two pumps at rest, where only the time goes on: what happens wakes the screen
PREPARED_PER_SECOND = 10  # after the first frame, while nobody waits for them: screens that may be asked for
RING_STEPS_PER_SECOND = 20  # while thanks are said: the ring empties without jumping


class KioskApp(App):
    """One kiosk's window. Owned by the main thread; `controller.wake` may be called from any."""

    def __init__(
        self,
        *,
        controller: Controller,
        screen: Screen,
        today: Callable[[], date],
        beside: Beside | None = None,
        stands: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self.title = controller.arrangement.office
        self.mishaps = Mishaps(Clock.get_time)
        self.stage = Stage(
            language=screen.language,
            today=today,
            touch=self._touch,
            choose_language=self._language,
            choose_look=self._look,
            desk=None if beside is None else beside.desk,
        )
        self.household = None if beside is None else Household(beside, controller, self.stage, self._touch)
        self._controller = controller
        self._stands = stands
        self._tidying = Tidying()
        self._choice = LanguageChoice(screen.language)
        self._soon = Clock.create_trigger(self._pump, -1)
        self._ring = Clock.create_trigger(self._pump, 1 / RING_STEPS_PER_SECOND, interval=True)
        self._others = Clock.create_trigger(self._prepare_another, 1 / PREPARED_PER_SECOND, interval=True)
        self._closely = Clock.create_trigger(self._pump, 1 / PUMPS_PER_SECOND, interval=True)
        self._regular = Clock.create_trigger(self._pump, REST_SECONDS, interval=True)

    # --- what Kivy calls ---

    def build(self) -> Stage:
        # The ground of every screen: a rectangle for it would be painted over what was just cleared.
        LOOK.bind(palette=self._ground)
        self._ground()
        Window.bind(size=self._fit)
        self._fit(Window, Window.size)
        return self.stage

    def on_start(self) -> None:
        ExceptionManager.add_handler(self.mishaps)
        self._controller.wake = self._soon
        self._controller.leave = self.stop
        Pressable.judged = staticmethod(self._controller.touched)
        if self.household is not None:
            self.household.begin()
        self._regular()
        self._controller.pump()
        self._draw()
        Window.bind(on_flip=self._drawn)

    def on_stop(self) -> None:
        if self.household is not None:
            self.household.end()
        self._controller.wake = self._controller.leave = lambda: None
        for event in (self._soon, self._ring, self._closely, self._regular, self._others):
            event.cancel()
        self._tidying.end()
        LOOK.unbind(palette=self._ground)
        Window.unbind(size=self._fit, on_flip=self._drawn)
        ExceptionManager.remove_handler(self.mishaps)

    def open_settings(self, *_: object) -> bool:
        """Kivy opens a panel of its own at F1: not on a public screen."""
        return False

    # --- touches ---

    def _touch(self, touched: Callable[..., Touched], /, *what: object) -> None:
        self._controller.touch(touched, *what)
        self._draw()

    def _language(self, language: str) -> None:
        self._choice.choose(language, Clock.get_time())
        self._draw()

    def _look(self, choice: str) -> None:
        self._choice.attend(Clock.get_time())
        setattr(LOOK, choice, not getattr(LOOK, choice))

    # --- time and news ---

    def _pump(self, _passed: float) -> None:
        try:
            self._controller.pump()
            self._draw()
            if self._nobody_is_there:
                self._tidying.rest()
        except Exception as error:
            # Left to Kivy, it would end the interval as well, and time would stand still from then on.
            if ExceptionManager.handle_exception(error) == ExceptionManager.RAISE:
                raise

    def _prepare_another(self, _passed: float) -> None:
        if not self._nobody_is_there:
            return  # a finger would seem to have come and gone within the frame that this takes
        if not self.stage.scenes.prepare_another():
            self._others.cancel()
            self._tidying.settle()

    @property
    def _nobody_is_there(self) -> bool:
        return not EventLoop.touches and isinstance(self._controller.state, Idle | OutOfOrder)

    def _draw(self) -> None:
        controller = self._controller
        state = controller.state
        if self._choice.follow(state, Clock.get_time()):
            LOOK.usual()
        left = controller.seconds_left()
        self.stage.draw(state, Shown(controller.arrangement, controller.surroundings, left, self._choice.current))
        if self.household is not None:
            self.household.follow(state, self._choice.current)
        if not isinstance(state, Idle | OutOfOrder):
            self._tidying.visited()
        _run(self._closely, not isinstance(state, Idle))
        _run(self._ring, isinstance(state, Thanking))

    def _ground(self, *_: object) -> None:
        Window.clearcolor = LOOK.palette.paper

    def _drawn(self, _window: object) -> None:
        """The first frame is done, and about to be shown: what it was not to wait for may begin."""
        Window.unbind(on_flip=self._drawn)
        Clock.schedule_once(lambda _passed: self._stands(), 0)
        self._others()

    def _fit(self, _window: object, size: tuple[float, float]) -> None:
        SCALE.fit(*size)


def _run(trigger: Any, wanted: bool) -> None:
    if wanted:
        trigger()
    else:
        trigger.cancel()
