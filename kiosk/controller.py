"""The one meeting point: scans, touches, answers of the storage and time become events; effects are performed.

Device, storage and network threads only put things into the inbox; whoever owns the screen calls `pump`
and `touch`, from one thread, and draws `state`.
"""

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar

from hardware.driver import Call, CallState
from hardware.scans import Scan, kind_of
from kiosk.clock import Clock
from kiosk.core.draft import Draft, draft_of
from kiosk.core.events import (
    BadgeScanned,
    CaseScanned,
    CastVote,
    CheckPin,
    Event,
    IdentifyAsked,
    PinChecked,
    ProbeStorage,
    RefusedScanned,
    ServiceUsed,
    StartTouched,
    StorageFailed,
    Tick,
    Touched,
    VoteStored,
)
from kiosk.core.labels import Circumstances, Labeller
from kiosk.core.opening import VIETNAM, is_open
from kiosk.core.pin import PinGuard
from kiosk.core.session import Rules, advance
from kiosk.core.setups import Arrangement
from kiosk.core.states import Idle, Servicing, State, is_amid_a_rating, is_between_visits, takes_badges
from kiosk.core.touching import Touching
from kiosk.core.visit import Ballot, Case
from protocol.badges import Badge
from protocol.codes import CaseCode, Refused, RefusedReason
from protocol.enrolment import Enrolment
from protocol.messages import CaseToken, Key
from protocol.tickets import QueueTicket
from protocol.tokens import case_token, ticket_token, token_of_day

log = logging.getLogger(__name__)

Item = TypeVar("Item")

MOST_WAITING_SCANS = 64
NOT_A_CASE = "not-a-case"  # counts what citizens do not hold, and what nothing is done with here
TOO_MANY = "too-many"  # counts what came faster than it could be looked at, and was not
OPENING_SECONDS = 5.0  # how often it is looked whether the office is open


class StorageBroken(Exception):
    """The outbox cannot be read or written; the text is fit for an operator and names no vote."""


class Storage(Protocol):
    """What the controller asks of the outbox; answers to `cast` and `probe` arrive as events."""

    def cast(self, draft: Draft, by: float) -> None:
        """Store a visit; answers VoteStored, CaseSpent or StorageFailed, each naming *by*."""

    def probe(self) -> None:
        """Try to write; answers StorageHealed or StorageFailed."""

    def is_spent(self, token: CaseToken) -> bool:
        """Whether a vote that spends this is stored; StorageBroken when that cannot be told."""

    def known_time(self) -> datetime:
        """Return the best estimate of the present time."""


class SignIn(Protocol):
    """Who serves this counter."""

    def on(self, today: date) -> Key | None:
        """Return who is there today."""

    def scanned(self, officer: Key, today: date) -> bool:
        """Sign an officer in or out; return whether they are in."""


@dataclass(frozen=True)
class Surroundings:
    """What the screen shows of the machine itself, whatever the session does."""

    scanner_up: bool = False
    online: bool = False
    trouble: str = ""  # why the server cannot be reached, for whoever looks after the kiosk


@dataclass(frozen=True)
class House:
    """What this kiosk is told by its own settings: the service page's PIN and badges, and whether tickets are known."""

    pin: str = ""
    service_badges: Collection[str] = ()
    tickets: bool = False


class Controller:
    """Owns the state, and *arrangement*: what the office has told its kiosk.

    `wake` and `leave` are set by whoever owns the screen: `wake` is called from any thread when `pump` is due,
    `leave` from `pump` when the program is to end.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        site_key: bytes,
        clock: Clock,
        arrangement: Arrangement,
        duty: SignIn,
        house: House = House(),
    ) -> None:
        self.state: State = Idle()
        self.arrangement = arrangement
        self.surroundings = Surroundings()
        self.refused_scans: dict[str, int] = {}
        self.touches: dict[str, int] = {}
        self.scans = 0  # that were taken, whatever they were
        self.wake: Callable[[], None] = lambda: None
        self.leave: Callable[[], None] = lambda: None
        self._storage = storage
        self._site_key = site_key
        self._clock = clock
        self._duty = duty
        self._house = house
        self._pin = PinGuard(house.pin)
        self._labeller = Labeller()
        self._being_served = False
        self._is_open = True
        self._opening_at = clock.monotonic()
        self._scans: SimpleQueue[Scan] = SimpleQueue()
        self._too_many = 0  # of the device's thread; counted by the screen's
        self._calls: SimpleQueue[Call] = SimpleQueue()
        self._answers: SimpleQueue[Event] = SimpleQueue()
        self._changes: SimpleQueue[dict[str, Any]] = SimpleQueue()
        # Wait for the end of the visit:
        self._arrangements: SimpleQueue[Arrangement] = SimpleQueue()
        self._askers: SimpleQueue[str] = SimpleQueue()
        self._ending = False

    # --- from any thread ---

    def scanned(self, scan: Scan) -> None:
        """Take a scan from a device thread; a flood beyond 64 waiting scans is dropped and counted."""
        if self._scans.qsize() < MOST_WAITING_SCANS:
            self._scans.put(scan)
        else:
            self._too_many += 1
        self.wake()

    def called(self, call: Call) -> None:
        """Take what the queue system says; a flood beyond 64 waiting calls is dropped."""
        if self._calls.qsize() < MOST_WAITING_SCANS:
            self._calls.put(call)
            self.wake()

    def answered(self, event: Event) -> None:
        """Take the storage's answer."""
        self._answers.put(event)
        self.wake()

    def scanner_is(self, up: bool) -> None:
        """Take note that the scanner came or went."""
        self._changes.put({"scanner_up": up})
        self.wake()

    def online_is(self, online: bool, trouble: str = "") -> None:
        """Take note that the server came or went, and why it cannot be reached."""
        self._changes.put({"online": online, "trouble": trouble})
        self.wake()

    def arrange(self, arrangement: Arrangement) -> None:
        """Put in force what the office says, once nobody is being served."""
        self._arrangements.put(arrangement)
        self.wake()

    def identify(self, name: str) -> None:
        """Show the kiosk's name for a while, once nobody is being served."""
        self._askers.put(name)
        self.wake()

    def end(self) -> None:
        """Call `leave` once nobody is being served."""
        self._ending = True
        self.wake()

    # --- from the screen's thread ---

    def touched(self, touching: Touching) -> None:
        """Count what a touch was."""
        self.touches[touching] = self.touches.get(touching, 0) + 1

    def touch(self, touched: Callable[..., Touched], *what: object) -> None:
        """Take a touch of the screen: the kind of event, and what of it was touched."""
        self._advance(touched(self._clock.monotonic(), *what))

    def pump(self) -> None:
        """Handle everything that has arrived, then the time."""
        for change in _drain(self._changes):
            self.surroundings = replace(self.surroundings, **change)
        for answer in _drain(self._answers):
            if isinstance(answer, VoteStored):
                self._labeller.stored(answer.by)
            self._advance(answer)
        for scan in _drain(self._scans):
            self.scans += 1
            if (event := self._understand(scan)) is not None:
                self._advance(event)
        if self._too_many:
            self.refused_scans[TOO_MANY] = self._too_many
        for call in _drain(self._calls):
            self._heed(call)
        self._advance(Tick(self._clock.monotonic()))
        if is_between_visits(self.state):
            if not is_amid_a_rating(self.state):
                self._rearrange()
            self._do_what_waited()

    def _heed(self, call: Call) -> None:
        """Note whether somebody is being served at this counter; its officer may ask for a rating.

        The faces are then shown, unless somebody is at the screen.
        """
        if call.counter != self.arrangement.counter:
            return
        if call.state is CallState.RATE:
            self._labeller.officer_called(self._clock.monotonic())
            if isinstance(self.state, Idle):
                self.touch(StartTouched)
        else:
            self._being_served = call.state is not CallState.DONE

    def seconds_left(self) -> float | None:
        """How long the present screen stays, in seconds; None when it stays until something happens."""
        until: float | None = getattr(self.state, "until", None)
        return None if until is None else max(0.0, until - self._clock.monotonic())

    def rules(self) -> Rules:
        """Return what the session goes by at this moment."""
        now = self._clock.monotonic()
        if now >= self._opening_at:
            self._opening_at = now + OPENING_SECONDS
            self._is_open = is_open(self.arrangement.opening_hours, self._storage.known_time())
        return self.arrangement.rules(is_open=self._is_open, has_pin=self._pin.is_set)

    def officer(self) -> Key | None:
        """Who has signed in at this counter today."""
        return self._duty.on(self.today())

    def today(self) -> date:
        """Today's date in Vietnam, as far as this machine knows."""
        return self._storage.known_time().astimezone(VIETNAM).date()

    def _understand(self, scan: Scan) -> Event | None:
        """What a scan means for the session; None when it is none of the citizen's business."""
        at = self._clock.monotonic()
        if isinstance(scan, Badge):
            self._labeller.officer_at_work(at)
        if isinstance(self.state, Servicing):
            return ServiceUsed(at, kind_of(scan))
        if isinstance(scan, Badge):
            return self._badge(scan, at)
        match scan:
            case CaseCode():
                return self._case(case_token(self._site_key, scan), scan.masked, at, foreign=scan.foreign)
            case QueueTicket() if self._house.tickets:
                return self._case(ticket_token(self._site_key, scan, self.today()), scan.canonical, at)
            case QueueTicket():
                return self._refused(RefusedReason.QUEUE_TICKET)
            case Refused(reason):
                return self._refused(reason)
            case Enrolment():
                self._count(NOT_A_CASE)
                return None

    def _badge(self, badge: Badge, at: float) -> Event | None:
        if badge.canonical in self._house.service_badges:
            return PinChecked(at, right=True)
        officer = self.arrangement.officers.get(badge.canonical.lower())
        if officer is None or self.arrangement.counter is None:
            self._count(NOT_A_CASE)
            return None
        if not takes_badges(self.state):
            return None
        return BadgeScanned(at, officer.name, self._duty.scanned(officer.officer, self.today()))

    def _case(self, token: CaseToken, masked: str, at: float, *, foreign: bool = False) -> Event:
        daily = self.arrangement.survey.daily
        spends = token_of_day(self._site_key, token, self.today()) if daily else None
        try:
            already_rated = self._storage.is_spent(spends or token)
            before = daily and self._storage.is_spent(token)
        except StorageBroken as error:
            log.error("the outbox cannot be read: %s", error)
            return StorageFailed(at)
        return CaseScanned(at, Case(token, masked, spends, foreign, before), already_rated)

    def _refused(self, reason: RefusedReason) -> Event:
        self._count(reason)
        return RefusedScanned(self._clock.monotonic(), reason)

    def _count(self, refused: str) -> None:
        self.refused_scans[refused] = self.refused_scans.get(refused, 0) + 1

    def _advance(self, event: Event) -> None:
        if isinstance(event, CaseScanned) and not is_amid_a_rating(self.state):
            self._rearrange()  # where one citizen follows the other, the screen is never at rest
        step = advance(self.state, event, self.rules())
        self.state = step.state
        match step.effect:
            case CastVote(ballot, by):
                self._storage.cast(self._draft(ballot, by), by)
            case ProbeStorage():
                self._storage.probe()
            case CheckPin(digits):
                at = self._clock.monotonic()
                self._advance(PinChecked(at, self._pin.lets_in(digits, at)))
            case None:
                pass

    def _draft(self, ballot: Ballot, by: float) -> Draft:
        survey = self.arrangement.survey
        known = Circumstances(is_open=self._is_open, being_served=self._being_served, words=survey.words)
        return draft_of(
            ballot,
            survey,
            counter=self.arrangement.counter,
            officer=self.officer(),
            labels=self._labeller.labels(ballot, by, known),
        )

    def _rearrange(self) -> None:
        for arrangement in _drain(self._arrangements):
            self.arrangement = arrangement

    def _do_what_waited(self) -> None:
        if self._ending:
            self._ending = False
            self.leave()
        elif isinstance(self.state, Idle):
            for name in _drain(self._askers):
                self._advance(IdentifyAsked(self._clock.monotonic(), name))


def _drain(queue: SimpleQueue[Item]) -> Iterator[Item]:
    while True:
        try:
            yield queue.get_nowait()
        except Empty:
            return
