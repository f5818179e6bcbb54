"""The thread that writes to the outbox: a disk that stalls never freezes the screen, and votes go first."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from queue import Empty, PriorityQueue
from typing import TypeVar

from kiosk.clock import Clock
from kiosk.controller import StorageBroken
from kiosk.core.draft import Draft
from kiosk.core.events import CaseSpent, Event, StorageFailed, StorageHealed, VoteStored
from kiosk.core.time_truth import EARLIEST, Anchor, Reading
from kiosk.outbox import AlreadyRated, Journal, Limits, Outbox, Proof, Salvaged, Standing, StorageDamaged, Stored
from protocol.messages import (
    CaseToken,
    Chain,
    ClockReport,
    Count,
    Number,
    Replaced,
    ReplacedBecause,
    StreamId,
    Vote,
)
from protocol.visits import VisitOutcome

log = logging.getLogger(__name__)

Result = TypeVar("Result")

PATIENCE_SECONDS = 2.0  # a scan that comes before the outbox is open would find the kiosk out of order
JOB_SECONDS = 60.0  # an order of the uplink; a renewal of a large file on a slow card takes some seconds
TEND_SECONDS = 60.0
MOST_KEPT = 100  # visits that the disk refused; more than an office sees on a bad day, and some kilobytes
NOT_OPEN = "not open yet"
STOPPING = "the kiosk is being stopped"

_VOTES, _KEPT, _JOBS, _END = range(4)  # what the thread does first
_NOBODY_WAITS = (VisitOutcome.ABANDONED, VisitOutcome.TIMED_OUT, VisitOutcome.DECLINED)


@dataclass(frozen=True)
class _Cast:
    draft: Draft
    reading: Reading
    by: float


@dataclass(frozen=True)
class _Again:
    cast: _Cast


class _Probe:
    pass


class _Stop:
    pass


class _Job:
    """Something that the outbox is to do, in one step or in several, for somebody who may give up waiting."""

    def __init__(self, work: Callable[[Outbox], object]) -> None:
        self.done = threading.Event()
        self.result: object = None
        self.error: StorageBroken | None = None
        self.given_up = False
        self._work = work
        self._steps: Iterator[None] | None = None

    def go_on(self, outbox: Outbox) -> bool:
        """Do the next step; return whether there are more."""
        if self._steps is None:
            if self.given_up:
                return False
            self.result = self._work(outbox)
            if not isinstance(self.result, Iterator):
                self.done.set()
                return False
            self._steps, self.result = self.result, None
        for _ in self._steps:
            return True
        self.done.set()
        return False

    def fail(self, error: StorageBroken) -> None:
        """Tell whoever waits that it did not work."""
        self.error = error
        self.done.set()


class Writer:
    """The controller's storage: opens the outbox, writes to it in its own thread, answers by events.

    *opened* is called once, from that thread, when the outbox stands; it is handed the journal. *stored* is called
    after each vote.

    *registered* is a moment that had come when this kiosk was made: no vote of its is older. *owner* is this kiosk, as
    site.kiosk.
    """

    def __init__(
        self,
        *,
        path: Path,
        clock: Clock,
        opened: Callable[[Journal], None],
        stored: Callable[[], None],
        limits: Limits | None = None,
        registered: datetime | None = None,
        owner: str | None = None,
    ) -> None:
        self.trouble = NOT_OPEN
        self.journal: Journal = _QueuedJournal(self)
        self._path = path
        self._limits = limits
        self._registered = registered
        self._owner = owner
        self._clock = clock
        self._opened: Callable[[Journal], None] | None = opened
        self._stored = stored
        self._outbox: Outbox | None = None
        self._kept: deque[_Cast] = deque(maxlen=MOST_KEPT)
        self._order = count()
        self._work: PriorityQueue[tuple[int, int, _Cast | _Again | _Probe | _Job | _Stop]] = PriorityQueue()
        self._ended = threading.Event()
        self._ending = threading.Lock()
        self._tried = threading.Event()
        self._damaged = threading.Event()
        self._next_tend = clock.monotonic() + TEND_SECONDS
        self._thread: threading.Thread | None = None

    def start(self, answered: Callable[[Event], None]) -> None:
        """Open the outbox, in the thread; answers go to *answered*. Waits a moment for the first of them."""
        self._thread = threading.Thread(target=self._run, args=(answered,), name="writer")
        self._thread.start()
        self.probe()
        self._tried.wait(PATIENCE_SECONDS)

    def stop(self) -> None:
        """Finish what is queued and end the thread; the outbox stays open for whoever was handed it."""
        if self._thread is not None:
            self._put(_END, _Stop())
            self._thread.join()

    def close(self) -> None:
        """Close the outbox, once the thread has ended and nobody uses it any more."""
        if self._outbox is not None:
            self._outbox.close()

    def cast(self, draft: Draft, by: float) -> None:
        """Store a visit, dated now; answers VoteStored, CaseSpent or StorageFailed, each naming *by*.

        One that was cut short and refused is kept, under its date, and stored once the disk works.
        """
        self._put(_VOTES, _Cast(draft, self._clock.reading(), by))

    def probe(self) -> None:
        """Try to write; answers StorageHealed or StorageFailed."""
        self._put(_VOTES, _Probe())

    def is_spent(self, token: CaseToken) -> bool:
        """Whether a vote for the case is stored; StorageBroken when the outbox is not open."""
        return self.read(lambda outbox: outbox.is_rated(token))

    def known_time(self) -> datetime:
        """Return the best estimate of the present time, UTC; the wall clock's while the outbox is not open."""
        reading = self._clock.reading()
        try:
            return self.reach().known_time(reading)
        except StorageBroken:
            return max(reading.wall, EARLIEST)

    def reach(self) -> Outbox:
        """Return the open outbox, to read from it; StorageBroken when there is none."""
        outbox = self._outbox
        if outbox is None:
            raise StorageBroken(self.trouble or NOT_OPEN)
        return outbox

    def do(self, work: Callable[[Outbox], Result | Iterator[None]]) -> Result:
        """Let the thread do some writing when no vote waits, step by step, and return the result.

        StorageBroken when it fails, does not come to it within JOB_SECONDS, or the thread has ended.
        """
        job = _Job(work)
        if threading.current_thread() is self._thread:  # whoever is handed the journal may write at once
            while job.go_on(self.reach()):
                pass
        else:
            with self._ending:
                if self._ended.is_set():
                    raise StorageBroken(STOPPING)
                self._put(_JOBS, job)
            if not job.done.wait(JOB_SECONDS):
                job.given_up = True
                raise StorageBroken("the disk has not come to it in time")
        if job.error is not None:
            raise job.error
        return job.result  # type: ignore[return-value]  # the work's own, or None after steps

    def read(self, look: Callable[[Outbox], Result]) -> Result:
        """Read, in the caller's thread; a file that turns out to be damaged is salvaged before the next write."""
        try:
            return look(self.reach())
        except StorageDamaged:
            self._damaged.set()
            raise

    def tend(self) -> None:
        """Note how long the boot lasts and forget what is old; the thread does so by itself once a minute."""
        self._put(_JOBS, _Job(self._tend))

    def _put(self, rank: int, work: "_Cast | _Again | _Probe | _Job | _Stop") -> None:
        self._work.put((rank, next(self._order), work))

    def _run(self, answered: Callable[[Event], None]) -> None:
        while True:
            if self._clock.monotonic() >= self._next_tend:
                self._next_tend = self._clock.monotonic() + TEND_SECONDS
                self.tend()
            try:
                rank, place, work = self._work.get(timeout=TEND_SECONDS)
            except Empty:
                continue
            match work:
                case _Stop():
                    for cast in tuple(self._kept):
                        self._answer(cast)
                    break
                case _Again(cast):
                    self._answer(cast)
                case _Job():
                    if self._go_on(work):
                        self._work.put((rank, place, work))
                case _:
                    answered(self._answer(work))
                    self._tried.set()
                    if not self.trouble:
                        self._take_up_what_was_kept()
        self._end()

    def _end(self) -> None:
        with self._ending:
            self._ended.set()
        while not self._work.empty():
            _, _, work = self._work.get()
            if isinstance(work, _Job):
                work.fail(StorageBroken(STOPPING))

    def _answer(self, work: _Cast | _Probe) -> Event:
        try:
            answer = self._do(work)
        except StorageBroken as error:
            if str(error) != self.trouble:
                log.error("the outbox does not work: %s", error)
            self.trouble = str(error)
            self._let_go_of_what_is_broken(error)
            if isinstance(work, _Cast) and work.draft.outcome in _NOBODY_WAITS:
                self._keep(work)
            return self._failed(work)
        except Exception as error:
            # A thread that has died would take every later vote with it. The text may quote one: only its kind.
            self.trouble = f"internal error: {type(error).__name__}"
            log.error("a vote or a probe failed: %s", self.trouble)
            return self._failed(work)
        if self.trouble:
            log.info("the outbox works")
        self.trouble = ""
        return answer

    def _failed(self, work: _Cast | _Probe) -> StorageFailed:
        return StorageFailed(self._clock.monotonic(), work.by if isinstance(work, _Cast) else None)

    def _keep(self, cast: _Cast) -> None:
        if len(self._kept) == MOST_KEPT:
            log.error("no more than %d visits that were cut short are kept: the oldest is gone", MOST_KEPT)
        self._kept.append(cast)

    def _take_up_what_was_kept(self) -> None:
        while self._kept:
            self._put(_KEPT, _Again(self._kept.popleft()))

    def _go_on(self, job: _Job) -> bool:
        try:
            return job.go_on(self._open())
        except StorageBroken as error:
            self._let_go_of_what_is_broken(error)
            job.fail(error)
        except Exception as error:
            log.error("an order of the uplink failed: %s", type(error).__name__)
            job.fail(StorageBroken(f"internal error: {type(error).__name__}"))
        return False

    def _do(self, work: _Cast | _Probe) -> Event:
        outbox = self._open()
        if isinstance(work, _Probe):
            outbox.probe()
            return StorageHealed(self._clock.monotonic())
        match outbox.cast(work.draft, work.reading):
            case Stored(vote_id):
                self._stored()
                return VoteStored(self._clock.monotonic(), vote_id, work.by)
            case AlreadyRated():
                return CaseSpent(self._clock.monotonic(), work.by)

    def _tend(self, outbox: Outbox) -> Iterator[None]:
        reading = self._clock.reading()
        outbox.see(reading)
        return outbox.forgetting(outbox.time_to_erase_by())

    def _open(self) -> Outbox:
        if self._damaged.is_set() and self._outbox is not None:
            self._let_go_of(self._outbox)
        if self._outbox is None:
            outbox = Outbox(self._path, self._limits, owner=self._owner)
            try:
                if self._registered is not None:
                    outbox.know_at_least(self._registered)
                outbox.begin_boot(self._clock.reading())
                if self.trouble == NOT_OPEN:
                    self.trouble = ""
                if self._opened is not None:
                    self._outbox = outbox
                    self._opened(self.journal)
            except BaseException:
                self._outbox = None
                outbox.close()
                raise
            self._opened = None
            self._outbox = outbox
            self._damaged.clear()
        return self._outbox

    def _let_go_of_what_is_broken(self, error: StorageBroken) -> None:
        """Open the outbox anew at the next order: that finishes a renewal, and salvages a damaged file."""
        if self._outbox is not None and (self._outbox.closed or isinstance(error, StorageDamaged)):
            self._let_go_of(self._outbox)

    def _let_go_of(self, outbox: Outbox) -> None:
        self._outbox = None
        outbox.close()


class _QueuedJournal:
    """The outbox for other threads: reads go straight to it, writes through the writer's thread."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @property
    def stream(self) -> StreamId:
        return self._writer.reach().stream

    @property
    def replaced(self) -> tuple[Replaced, ...]:
        return self._writer.read(lambda outbox: outbox.replaced)

    @property
    def salvaged(self) -> Salvaged | None:
        return self._writer.reach().salvaged

    def standing(self) -> Standing:
        return self._writer.read(lambda outbox: outbox.standing())

    def votes(self, first: Number, last: Number) -> tuple[Vote, ...]:
        return self._writer.read(lambda outbox: outbox.votes(first, last))

    def proof(self, stored_up_to: Count, chain: Chain) -> Proof:
        return self._writer.read(lambda outbox: outbox.proof(stored_up_to, chain))

    def clock(self, reading: Reading) -> ClockReport:
        return self._writer.reach().clock(reading)

    def known_time(self, reading: Reading) -> datetime:
        return self._writer.reach().known_time(reading)

    def count_boot(self) -> int:
        return self._writer.do(lambda outbox: outbox.count_boot())

    def note_anchor(self, anchor: Anchor) -> None:
        self._writer.do(lambda outbox: outbox.note_anchor(anchor))

    def settle(self, first: Number, last: Number, reading: Reading) -> None:
        self._writer.do(lambda outbox: outbox.settle(first, last, reading))

    def confirm(self, stored_up_to: Count, server_time: datetime, of: StreamId | None = None) -> None:
        self._writer.do(lambda outbox: outbox.confirming(stored_up_to, server_time, of))

    def renew(self, because: ReplacedBecause) -> Replaced:
        return self._writer.do(lambda outbox: outbox.renew(because))

    def replaced_is_known(self) -> None:
        self._writer.do(lambda outbox: outbox.replaced_is_known())

    def forget(self, now_known: datetime) -> None:
        self._writer.do(lambda outbox: outbox.forgetting(now_known))
