"""Steps Kivy's loop by hand, in virtual time: three seconds of the kiosk cost some thirty turns and no waiting."""

from collections.abc import Iterator
from datetime import date
from math import ceil
from typing import Any

from kivy.base import EventLoop, runTouchApp, stopTouchApp
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.label import Label

from hardware.scans import Scan
from kiosk.controller import Controller, House, Storage
from kiosk.core.setups import Arrangement
from kiosk.core.touching import SHORTEST
from kiosk.settings import Place, Screen
from kiosk.ui.app import KioskApp
from kiosk.ui.picture import pixels_of_window
from kiosk.ui.simulation import SimulatedTouch
from kiosk.ui.turning import on_panel
from protocol.codes import CaseCode, Refused, RefusedReason
from tests.fakes.clock import A_MORNING, FakeClock
from tests.fakes.duty import DutyInMemory
from tests.fakes.storage import FakeStorage
from tests.kiosk.ui.a_household import PIN, SERVICE_BADGE, AHousehold

FRAME = 1 / 60
SIZE = (640, 400)  # half of a panel, drawn in a quarter of the time; tests that look at pixels resize it
PLACE = Place(office="UBND THỊ TRẤN SỊA", counter=2, field="Tư pháp – Hộ tịch")
A_CASE = CaseCode("H57.31", date(2026, 11, 20), "00310001")
ANOTHER_CASE = CaseCode("H57.31", date(2026, 11, 20), "00310002")
AN_IDENTITY_CARD = Refused(RefusedReason.IDENTITY_CARD)
NOT_A_CODE = Refused(RefusedReason.NOT_RECOGNISED)
IN_VIETNAM = date(2026, 11, 23)


def a_clock() -> FakeClock:
    """Return a clock that goes on from Kivy's.

    That one outlives the tests: what one of them left behind would wait for ever if time went back.
    """
    clock = FakeClock()
    clock.advance(max(0.0, Clock.get_time() + 1 - clock.monotonic()))
    clock.set_wall(A_MORNING)
    return clock


class SteppedKiosk:
    """A real app on a real controller, in the time of a fake clock; what votes are stored in is given."""

    def __init__(
        self,
        *,
        clock: FakeClock,
        storage: Storage,
        place: Place = PLACE,
        screen: Screen | None = None,
        household: AHousehold | None = None,
        pin: str = PIN,
        size: tuple[int, int] = SIZE,
    ) -> None:
        self.household = household or AHousehold()
        self.clock = clock
        self.controller = Controller(
            storage=storage,
            site_key=bytes(32),
            clock=self.clock,
            arrangement=place.arranged(),
            duty=DutyInMemory(),
            house=House(pin=pin, service_badges=(SERVICE_BADGE,)),
        )
        self.controller.scanner_is(True)
        self.controller.online_is(True)
        self.today = IN_VIETNAM
        Clock.time = self.clock.monotonic
        Clock._max_fps = 0
        Clock._last_tick = self.clock.monotonic()
        self.app = KioskApp(
            controller=self.controller,
            screen=screen or Screen(),
            today=lambda: self.today,
            beside=self.household.beside(self.controller, self.clock),
        )
        self.stage = self.app.stage
        self.finger = SimulatedTouch(self.stage)
        Window.size = size
        self.app._run_prepare()
        runTouchApp(embedded=True)
        self.step(6)

    def close(self) -> None:
        Window.rotation = 0
        self.household.close()
        Window.remove_widget(self.app.root)
        stopTouchApp()
        self.app._stop()
        EventLoop.touches.clear()  # a finger that was left on the panel is nobody's of the next test

    # --- time ---

    def step(self, frames: int = 1, seconds: float = FRAME) -> None:
        for _ in range(frames):
            self.clock.advance(seconds)
            EventLoop.idle()

    def wait(self, seconds: float) -> None:
        self.step(ceil(seconds * 10), 1 / 10)

    def settle(self) -> None:
        """Wait until the screen takes touches."""
        while not self.stage.settled:
            self.step(seconds=1 / 10)

    def arrange(self, arrangement: Arrangement) -> None:
        """Put in force what the office says; the kiosk must be at rest."""
        self.controller.arrange(arrangement)
        self.step(2)
        assert self.controller.arrangement == arrangement

    # --- what a citizen does ---

    def scan(self, scan: Scan = A_CASE) -> None:
        self.controller.scanned(scan)
        self.step(2)

    def command(self, line: str) -> str:
        """Give the simulated finger a command, and return its answer."""
        answers: list[str] = []
        self.finger.command(line, answers.append)
        for _ in range(300):
            if answers:
                return answers[0]
            self.step()
        raise AssertionError(f"no answer to {line!r}")

    def tap(self, level: int) -> None:
        assert self.command(f"tap {level}") == "ok"

    def press(self, widget: Any) -> None:
        """Put a finger on a widget, at once, whether or not the screen is ready for it."""
        self.press_at(*_place(widget))

    def press_at(self, x: float, y: float) -> None:
        """Put a finger on the panel; pixels from its upper left corner."""
        Window.dispatch("on_mouse_down", x, y, "left", [])
        self.step(2)
        self.step(1, SHORTEST)  # as long as a finger is meant

    def slide(self, widget: Any) -> None:
        Window.dispatch("on_mouse_move", *_place(widget), [])
        self.step(2)

    def let_go(self, widget: Any) -> None:
        self.let_go_at(*_place(widget))

    def let_go_at(self, x: float, y: float) -> None:
        Window.dispatch("on_mouse_up", x, y, "left", [])
        self.step(2)

    # --- what is seen ---

    @property
    def screen(self) -> str:
        """The name of the screen that is shown."""
        return next(name for name, part in vars(self.stage.scenes).items() if part is self.stage.shown)

    @property
    def texts(self) -> list[str]:
        """Every text in the window."""
        return [label.text for label in self.labels()]

    def labels(self) -> Iterator[Any]:
        for widget in self.stage.walk(restrict=True):
            if isinstance(widget, Label) and widget.text and widget.opacity:
                yield widget

    def card(self, level: int) -> Any:
        return self.stage.scenes.rate.cards[level]

    def pixels(self) -> tuple[int, int, bytes]:
        """Return width, height and RGB bytes of the window, bottom row first."""
        taken: list[tuple[int, int, bytes]] = []

        def take(_window: object) -> None:
            taken.append(pixels_of_window())

        Window.bind(on_flip=take)
        Window.canvas.ask_update()
        self.step()
        Window.unbind(on_flip=take)
        return taken[0]

    def turn(self, rotation: int) -> None:
        """Turn the picture on the panel, as the settings can, and leave it the sides it has."""
        size = Window.size
        Window.rotation = rotation
        self.resize(*size)

    def resize(self, width: int, height: int) -> None:
        Window.size = (width, height)
        self.wait(0.5)


class Driver(SteppedKiosk):
    """A kiosk whose storage is a fake as well, and does what a test says."""

    def __init__(
        self,
        place: Place = PLACE,
        screen: Screen | None = None,
        household: AHousehold | None = None,
        pin: str = PIN,
    ) -> None:
        clock = a_clock()
        self.storage = FakeStorage(clock)
        super().__init__(clock=clock, storage=self.storage, place=place, screen=screen, household=household, pin=pin)
        self.storage.answered = self.controller.answered


def _place(widget: Any) -> tuple[float, float]:
    """Return the middle of a widget as SDL gives it: pixels from the upper left corner."""
    return on_panel(widget.to_window(*widget.center), Window.rotation, Window.system_size)
