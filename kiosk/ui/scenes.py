"""Which screen a state of the session names, and what it shows. Every screen is built once, the first at first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from kiosk.controller import Surroundings
from kiosk.core.setups import Arrangement
from kiosk.core.states import (
    AlreadyRated,
    ChoosingCounter,
    Commenting,
    EnteringPin,
    GivingReasons,
    Identifying,
    Idle,
    Notice,
    OutOfOrder,
    Rating,
    ScanRefused,
    Servicing,
    SignedIn,
    State,
    Storing,
    Switching,
    Thanking,
)
from kiosk.service_desk import ServiceDesk
from kiosk.ui.quarter import quarter_of
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.screens.idle import IdleScreen
from kiosk.ui.touch import Touch
from kiosk.ui.wording import Wording, wording

if TYPE_CHECKING:
    from kiosk.ui.screens.already_rated import AlreadyRatedScreen
    from kiosk.ui.screens.comment import CommentScreen
    from kiosk.ui.screens.counters import CountersScreen
    from kiosk.ui.screens.identify import IdentifyScreen
    from kiosk.ui.screens.out_of_order import OutOfOrderScreen
    from kiosk.ui.screens.pin import PinScreen
    from kiosk.ui.screens.rate import RateScreen
    from kiosk.ui.screens.reasons import ReasonsScreen
    from kiosk.ui.screens.refused import RefusedScreen
    from kiosk.ui.screens.service import ServiceScreen
    from kiosk.ui.screens.signed_in import SignedInScreen
    from kiosk.ui.screens.switching import SwitchingScreen
    from kiosk.ui.screens.thanks import ThanksScreen

Made = TypeVar("Made", bound=KioskScreen)


@dataclass(frozen=True)
class Shown:
    """What there is to show beside the state."""

    arrangement: Arrangement
    surroundings: Surroundings
    seconds_left: float | None
    language: str


class Scenes:
    """The screens; *today* is the date in Vietnam, *place* is called with each when it is made.

    Each is loaded and made when it is asked for, or before that by `prepare_another`: so that the first is there soon.
    """

    def __init__(
        self,
        words: Wording,
        touch: Touch,
        today: Callable[[], date],
        desk: ServiceDesk | None,
        place: Callable[[KioskScreen], None],
    ) -> None:
        self._words = words
        self._touch = touch
        self._today = today
        self._desk = desk
        self._place = place
        self._commenting = False

    @cached_property
    def idle(self) -> IdleScreen:
        return self._make(IdleScreen)

    @cached_property
    def rate(self) -> "RateScreen":
        from kiosk.ui.screens.rate import RateScreen

        return self._make(RateScreen)

    @cached_property
    def thanks(self) -> "ThanksScreen":
        from kiosk.ui.screens.thanks import ThanksScreen

        return self._make(ThanksScreen)

    @cached_property
    def counters(self) -> "CountersScreen":
        from kiosk.ui.screens.counters import CountersScreen

        return self._make(CountersScreen)

    @cached_property
    def reasons(self) -> "ReasonsScreen":
        from kiosk.ui.screens.reasons import ReasonsScreen

        return self._make(ReasonsScreen)

    @cached_property
    def comment(self) -> "CommentScreen":
        from kiosk.ui.screens.comment import CommentScreen

        return self._make(CommentScreen)

    @cached_property
    def refused(self) -> "RefusedScreen":
        from kiosk.ui.screens.refused import RefusedScreen

        return self._make(RefusedScreen)

    @cached_property
    def already_rated(self) -> "AlreadyRatedScreen":
        from kiosk.ui.screens.already_rated import AlreadyRatedScreen

        return self._make(AlreadyRatedScreen)

    @cached_property
    def switching(self) -> "SwitchingScreen":
        from kiosk.ui.screens.switching import SwitchingScreen

        return self._make(SwitchingScreen)

    @cached_property
    def out_of_order(self) -> "OutOfOrderScreen":
        from kiosk.ui.screens.out_of_order import OutOfOrderScreen

        return self._make(OutOfOrderScreen)

    @cached_property
    def signed_in(self) -> "SignedInScreen":
        from kiosk.ui.screens.signed_in import SignedInScreen

        return self._make(SignedInScreen)

    @cached_property
    def identify(self) -> "IdentifyScreen":
        from kiosk.ui.screens.identify import IdentifyScreen

        return self._make(IdentifyScreen)

    @cached_property
    def pin(self) -> "PinScreen":
        from kiosk.ui.screens.pin import PinScreen

        return self._make(PinScreen)

    @cached_property
    def service(self) -> "ServiceScreen":
        from kiosk.ui.screens.service import ServiceScreen

        return self._make(ServiceScreen, self._desk)

    @property
    def made(self) -> list[KioskScreen]:
        """Every screen that there is so far."""
        return [part for part in vars(self).values() if isinstance(part, KioskScreen)]

    def prepare_another(self) -> bool:
        """Make a screen that is not there yet; return whether there was one."""
        for name, part in vars(Scenes).items():
            if isinstance(part, cached_property) and name not in vars(self):
                getattr(self, name)
                return True
        return False

    def _make(self, kind: Callable[..., Made], *more: object) -> Made:
        screen = kind(self._words, self._touch, *more)
        self._place(screen)
        return screen

    def speak(self, language: str) -> None:
        """Let every screen speak a language."""
        words = wording(language)
        if words is self._words:
            return  # asked at every draw, and each screen was made with these
        self._words = words
        for screen in self.made:
            screen.wording = words

    def screen(self, state: State, shown: Shown, before: KioskScreen | None) -> KioskScreen:
        """Return the screen of a state, made ready; *before* is the one that stands there now."""
        if not isinstance(state, Storing | Commenting):
            self._commenting = False
        match state:
            case Idle(closed):
                return self._idle(closed, shown)
            case ChoosingCounter():
                self.counters.describe(shown.arrangement.counters)
                return self.counters
            case Rating(visit):
                self.rate.describe(visit, shown.arrangement, shown.language)
                self.rate.hold(None)
                return self.rate
            case GivingReasons(visit):
                self.reasons.describe(visit, shown.arrangement.survey, shown.language)
                self.reasons.held = False
                return self.reasons
            case Commenting(_, text):
                return self._comment(text)
            case Storing(ballot):
                return self._storing(ballot.visit.answers[-1].level, before)
            case Switching(_, case):
                self.switching.case = case.masked
                return self.switching
            case EnteringPin(digits, wrong):
                self.pin.typed, self.pin.wrong = len(digits), wrong
                return self.pin
            case Servicing(heard):
                self.service.heard = heard
                return self.service
            case OutOfOrder(owed=owed):
                self.out_of_order.lost = owed is not None
                return self.out_of_order
            case Thanking() | AlreadyRated() | ScanRefused() | Identifying() | SignedIn():
                return self._notice(state, shown)

    def _idle(self, closed: bool, shown: Shown) -> KioskScreen:
        weekday = self._today().isoweekday()
        hours = [span for span in shown.arrangement.opening_hours if span.weekday == weekday]
        self.idle.describe(closed=closed, today=hours, scanner_up=shown.surroundings.scanner_up)
        return self.idle

    def _comment(self, text: str) -> KioskScreen:
        if not self._commenting:
            self._commenting = True
            self.comment.start_over()
        self.comment.describe(text)
        self.comment.held = False
        return self.comment

    def _storing(self, level: int, before: KioskScreen | None) -> KioskScreen:
        """What was touched stays on the screen until the vote is stored."""
        if before is self.comment:
            self.comment.held = True
            return self.comment
        if before is self.reasons:
            self.reasons.held = True
            return self.reasons
        self.rate.hold(level)
        return self.rate

    def _notice(self, state: Notice, shown: Shown) -> KioskScreen:
        match state:
            case Thanking():
                self.thanks.describe(quarter_of(self._today()), shown.arrangement.published)
                self.thanks.share = (shown.seconds_left or 0.0) / shown.arrangement.thresholds.thanks
                return self.thanks
            case AlreadyRated():
                return self.already_rated
            case ScanRefused(reason):
                self.refused.reason = reason
                return self.refused
            case Identifying(name):
                self.identify.kiosk = name
                return self.identify
            case SignedIn(name, there):
                self.signed_in.officer, self.signed_in.there = name, there
                return self.signed_in
