"""The one meeting point: scans, touches, answers of the storage and time become events; effects are performed.

Device, storage and network threads only put things into the inbox; whoever owns the screen calls `pump`
and the touch methods, from one thread, and draws `state`.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar

from hardware.driver import Call, CallState
from hardware.scans import Scan
from kiosk.clock import Clock
from kiosk.core.session import (
    Case,
    CaseScanned,
    CastVote,
    DismissTouched,
    Event,
    IdentifyAsked,
    Idle,
    LevelTouched,
    ProbeStorage,
    RefusedScanned,
    StartTouched,
    State,
    StorageFailed,
    Tick,
    advance,
    is_amid_a_rating,
    is_between_visits,
)
from kiosk.core.setups import Arrangement
from kiosk.core.survey import Level, Survey
from protocol.badges import Badge
from protocol.codes import CaseCode, Refused, RefusedReason
from protocol.enrolment import Enrolment
from protocol.messages import CaseToken
from protocol.tickets import QueueTicket
from protocol.tokens import case_token

log = logging.getLogger(__name__)

Item = TypeVar("Item")

MOST_WAITING_SCANS = 64
NOT_A_CASE = "not-a-case"  # counts what citizens do not hold, and what nothing is done with here


class StorageBroken(Exception):
    """The outbox cannot be read or written; the text is fit for an operator and names no vote."""


class Storage(Protocol):
    """What the controller asks of the outbox; answers to `cast` and `probe` arrive as events."""

    def cast(self, survey: Survey, case: Case | None, level: Level, by: float) -> None:
        """Store an answer to what *survey* asks; answers VoteStored, CaseSpent (both naming *by*) or StorageFailed."""

    def probe(self) -> None:
        """Try to write; answers StorageHealed or StorageFailed."""

    def is_spent(self, token: CaseToken) -> bool:
        """Whether a vote for the case is stored; StorageBroken when that cannot be told."""


@dataclass(frozen=True)
class Surroundings:
    """What the screen shows of the machine itself, whatever the session does."""

    scanner_up: bool = False
    online: bool = False
    trouble: str = ""  # why the server cannot be reached, for whoever looks after the kiosk


class Controller:
    """Owns the state, and *arrangement*: what the office has told its kiosk.

    `wake` and `leave` are set by whoever owns the screen: `wake` is called from any thread when `pump` is due,
    `leave` from `pump` when the program is to end.
    """

    def __init__(self, *, storage: Storage, site_key: bytes, clock: Clock, arrangement: Arrangement) -> None:
        self.state: State = Idle()
        self.arrangement = arrangement
        self.surroundings = Surroundings()
        self.refused_scans: dict[str, int] = {}
        self.wake: Callable[[], None] = lambda: None
        self.leave: Callable[[], None] = lambda: None
        self._storage = storage
        self._site_key = site_key
        self._clock = clock
        self._scans: SimpleQueue[Scan] = SimpleQueue()
        self._calls: SimpleQueue[Call] = SimpleQueue()
        self._answers: SimpleQueue[Event] = SimpleQueue()
        self._changes: SimpleQueue[dict[str, Any]] = SimpleQueue()
        # Wait for the end of the visit:
        self._arrangements: SimpleQueue[Arrangement] = SimpleQueue()
        self._askers: SimpleQueue[str] = SimpleQueue()
        self._ending = False

    # --- from any thread ---

    def scanned(self, scan: Scan) -> None:
        """Take a scan from a device thread; a flood beyond 64 waiting scans is dropped."""
        if self._scans.qsize() < MOST_WAITING_SCANS:
            self._scans.put(scan)
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

    def touch_start(self) -> None:
        """The citizen wants to rate without a code."""
        self._advance(StartTouched(self._clock.monotonic()))

    def touch_level(self, level: Level) -> None:
        """The citizen touched a face."""
        self._advance(LevelTouched(self._clock.monotonic(), level))

    def touch_dismiss(self) -> None:
        """The citizen touched a notice."""
        self._advance(DismissTouched(self._clock.monotonic()))

    def pump(self) -> None:
        """Handle everything that has arrived, then the time."""
        for change in _drain(self._changes):
            self.surroundings = replace(self.surroundings, **change)
        for answer in _drain(self._answers):
            self._advance(answer)
        for scan in _drain(self._scans):
            if (event := self._understand(scan)) is not None:
                self._advance(event)
        for call in _drain(self._calls):
            self._heed(call)
        self._advance(Tick(self._clock.monotonic()))
        if is_between_visits(self.state):
            self._rearrange()
            self._do_what_waited()

    def _heed(self, call: Call) -> None:
        """The officer of this counter asks for a rating: the faces are shown, unless somebody is at the screen."""
        if call.state is CallState.RATE and call.counter == self.arrangement.counter and isinstance(self.state, Idle):
            self.touch_start()

    def seconds_left(self) -> float | None:
        """How long the present screen stays, in seconds; None when it stays until something happens."""
        until: float | None = getattr(self.state, "until", None)
        return None if until is None else max(0.0, until - self._clock.monotonic())

    def _understand(self, scan: Scan) -> Event | None:
        """What a scan means for the session; None when it is none of the citizen's business."""
        match scan:
            case CaseCode():
                return self._case(scan)
            case Refused(reason):
                return self._refused(reason)
            case QueueTicket():
                return self._refused(RefusedReason.QUEUE_TICKET)
            case Badge() | Enrolment():
                self._count(NOT_A_CASE)
                return None

    def _case(self, code: CaseCode) -> Event:
        at = self._clock.monotonic()
        token = case_token(self._site_key, code)
        try:
            already_rated = self._storage.is_spent(token)
        except StorageBroken as error:
            log.error("the outbox cannot be read: %s", error)
            return StorageFailed(at)
        return CaseScanned(at, Case(token, code.masked), already_rated)

    def _refused(self, reason: RefusedReason) -> Event:
        self._count(reason)
        return RefusedScanned(self._clock.monotonic(), reason)

    def _count(self, refused: str) -> None:
        self.refused_scans[refused] = self.refused_scans.get(refused, 0) + 1

    def _advance(self, event: Event) -> None:
        if isinstance(event, CaseScanned) and not is_amid_a_rating(self.state):
            self._rearrange()  # where one citizen follows the other, the screen is never at rest
        step = advance(self.state, event, self.arrangement.thresholds)
        self.state = step.state
        match step.effect:
            case CastVote(case, level, by):
                self._storage.cast(self.arrangement.survey, case, level, by)
            case ProbeStorage():
                self._storage.probe()
            case None:
                pass

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
