"""The one meeting point: scans, touches, answers of the storage and time become events; effects are performed.

Device, storage and network threads only put things into the inbox; whoever owns the screen calls `pump`
and the touch methods, from one thread, and draws `state`.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Protocol, TypeVar

from hardware.scans import Scan
from kiosk.clock import Clock
from kiosk.core.session import (
    Case,
    CaseScanned,
    CastVote,
    DismissTouched,
    Event,
    Idle,
    LevelTouched,
    ProbeStorage,
    RefusedScanned,
    StartTouched,
    State,
    StorageFailed,
    Tick,
    advance,
)
from kiosk.core.survey import Level
from protocol.codes import Refused
from protocol.messages import CaseToken
from protocol.tokens import case_token

log = logging.getLogger(__name__)

Item = TypeVar("Item")

MOST_WAITING_SCANS = 64


class StorageBroken(Exception):
    """The outbox cannot be read or written; the text is fit for an operator and names no vote."""


class Storage(Protocol):
    """What the controller asks of the outbox; answers to `cast` and `probe` arrive as events."""

    def cast(self, case: Case | None, level: Level, by: float) -> None:
        """Store a vote; answers VoteStored, CaseSpent or StorageFailed, the first two naming *by* again."""

    def probe(self) -> None:
        """Try to write; answers StorageHealed or StorageFailed."""

    def is_spent(self, token: CaseToken) -> bool:
        """Whether a vote for the case is stored; StorageBroken when that cannot be told."""


@dataclass(frozen=True)
class Surroundings:
    """What the screen shows of the machine itself, whatever the session does."""

    scanner_up: bool = False
    online: bool = False


class Controller:
    """Owns the state. `wake`, set by whoever owns the screen, is called from any thread when `pump` is due."""

    def __init__(self, *, storage: Storage, site_key: bytes, clock: Clock) -> None:
        self.state: State = Idle()
        self.surroundings = Surroundings()
        self.refused_scans: dict[str, int] = {}
        self.wake: Callable[[], None] = lambda: None
        self._storage = storage
        self._site_key = site_key
        self._clock = clock
        self._scans: SimpleQueue[Scan] = SimpleQueue()
        self._answers: SimpleQueue[Event] = SimpleQueue()
        self._changes: SimpleQueue[dict[str, bool]] = SimpleQueue()

    # --- from any thread ---

    def scanned(self, scan: Scan) -> None:
        """Take a scan from a device thread; a flood beyond 64 waiting scans is dropped."""
        if self._scans.qsize() < MOST_WAITING_SCANS:
            self._scans.put(scan)
            self.wake()

    def answered(self, event: Event) -> None:
        """Take the storage's answer."""
        self._answers.put(event)
        self.wake()

    def scanner_is(self, up: bool) -> None:
        """Take note that the scanner came or went."""
        self._changes.put({"scanner_up": up})
        self.wake()

    def online_is(self, online: bool) -> None:
        """Take note that the server came or went."""
        self._changes.put({"online": online})
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
            self._advance(self._understand(scan))
        self._advance(Tick(self._clock.monotonic()))

    def seconds_left(self) -> float | None:
        """How long the present screen stays, in seconds; None when it stays until something happens."""
        until: float | None = getattr(self.state, "until", None)
        return None if until is None else max(0.0, until - self._clock.monotonic())

    def _understand(self, scan: Scan) -> Event:
        at = self._clock.monotonic()
        if isinstance(scan, Refused):
            self.refused_scans[scan.reason] = self.refused_scans.get(scan.reason, 0) + 1
            return RefusedScanned(at, scan.reason)
        token = case_token(self._site_key, scan)
        try:
            already_rated = self._storage.is_spent(token)
        except StorageBroken as error:
            log.error("the outbox cannot be read: %s", error)
            return StorageFailed(at)
        return CaseScanned(at, Case(token, scan.masked), already_rated)

    def _advance(self, event: Event) -> None:
        step = advance(self.state, event)
        self.state = step.state
        match step.effect:
            case CastVote(case, level, by):
                self._storage.cast(case, level, by)
            case ProbeStorage():
                self._storage.probe()
            case None:
                pass


def _drain(queue: SimpleQueue[Item]) -> Iterator[Item]:
    while True:
        try:
            yield queue.get_nowait()
        except Empty:
            return
