"""Who comes to the kiosk: citizens of every kind, and hands that mean nothing."""

import random
from collections.abc import Callable
from datetime import date, timedelta

from kivy.core.window import Window

from hardware.scans import Scan
from kiosk.core.states import EnteringPin, Idle, Servicing
from protocol.badges import Badge
from protocol.codes import CaseCode, Refused, RefusedReason
from protocol.enrolment import Enrolment
from protocol.tickets import QueueTicket
from tests.kiosk.ui.a_household import PIN
from tests.soak.kiosk import SoakedKiosk

MOST_ACTS = 30
RECENT_CASES = 40
# What people do amid a visit, and how often.
SHARES = {"touch": 60, "header": 4, "stray": 6, "scan": 5, "wait": 7, "leave": 4}
AN_ENROLMENT = Enrolment("10.20.30.40", 8883, bytes(32), bytes(16))


class Citizens:
    """One after another uses the kiosk."""

    def __init__(self, kiosk: SoakedKiosk, chance: random.Random) -> None:
        self._kiosk = kiosk
        self._chance = chance
        self._cases: list[CaseCode] = []
        self._running = 0
        self._acts: dict[str, Callable[[], None]] = {
            "touch": self._touch,
            "header": self._touch_header,
            "stray": self._stray,
            "scan": lambda: self._kiosk.scan(self._a_scan()),
            "wait": lambda: self._kiosk.stride(self._chance.choice((0.1, 0.5, 2.0, 5.0, 12.0))),
        }

    def visit(self) -> None:
        """Come, do this and that, and go in the middle of it or at its end."""
        self._begin()
        for _ in range(MOST_ACTS):
            act = self._chance.choices(list(SHARES), list(SHARES.values()))[0]
            if act == "leave" or isinstance(self._kiosk.state, Idle):
                return
            self._acts[act]()

    def _begin(self) -> None:
        match self._chance.randrange(20):
            case 0:
                self._ask_for_service()
            case 1:
                self._stray()
            case 2 | 3 | 4 | 5 | 6:
                self._touch()
            case 7 | 8:
                self._kiosk.scan(self._a_scan())
            case _:
                self._kiosk.scan(self._a_new_case())

    # --- scans ---

    def _a_scan(self) -> Scan:
        match self._chance.randrange(10):
            case 0:
                return Refused(RefusedReason.IDENTITY_CARD)
            case 1:
                return Refused(self._chance.choice(list(RefusedReason)))
            case 2:
                return Badge(self._chance.choice(("0001", "0012", "4711")))
            case 3:
                return self._chance.choice((QueueTicket("A", 12), AN_ENROLMENT))
            case 4 | 5 | 6 if self._cases:
                return self._chance.choice(self._cases)
            case _:
                return self._a_new_case()

    def _a_new_case(self) -> CaseCode:
        self._running += 1
        day = date(2026, 11, 2) + timedelta(days=self._running // 9000)
        case = CaseCode("H57.31", day, f"{self._running % 10_000:08}", foreign=self._chance.random() < 0.05)
        self._cases = [*self._cases[-RECENT_CASES:], case]
        return case

    # --- touches ---

    def _touch(self) -> None:
        kiosk = self._kiosk
        if isinstance(kiosk.state, EnteringPin) and self._chance.random() < 0.5:
            pin = kiosk.stage.scenes.pin
            for digit in PIN:
                if isinstance(kiosk.state, EnteringPin):
                    kiosk.touch(pin.keys[digit])
                    kiosk.step(1, 0.5)
            kiosk.touch(pin.enter)
            return
        found = kiosk.touchable(kiosk.stage.shown)
        if found:
            kiosk.touch(self._chance.choice(found))
        elif not isinstance(kiosk.state, Servicing):
            kiosk.stride(1.0)

    def _touch_header(self) -> None:
        self._kiosk.touch(self._chance.choice(self._kiosk.touchable(self._kiosk.stage.header)))

    def _stray(self) -> None:
        """A hand, a sleeve, a child: anywhere, for any time, perhaps sliding, perhaps two at once."""
        held = self._chance.choice((0.01, 0.06, 0.3, 2.5, 11.0))
        places = [(self._chance.uniform(0, Window.width), self._chance.uniform(0, Window.height)) for _ in range(3)]
        Window.dispatch("on_mouse_down", *places[0], "left", [])
        self._kiosk.step(1)
        if self._chance.random() < 0.3:
            Window.dispatch("on_mouse_move", *places[1], [])
        if self._chance.random() < 0.1:
            self._kiosk.scan(self._a_scan())
        self._kiosk.stride(held)
        Window.dispatch("on_mouse_up", *places[self._chance.randrange(3)], "left", [])
        self._kiosk.step(2)

    def _ask_for_service(self) -> None:
        """Hold the sign in the header, as whoever looks after the kiosk does."""
        sign = self._kiosk.stage.header.ids.sign
        self._kiosk.press(sign)
        self._kiosk.stride(3.2)
        self._kiosk.let_go(sign)
