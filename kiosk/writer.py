"""The thread that writes votes: a disk that stalls never freezes the screen."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from kiosk.clock import Clock
from kiosk.controller import StorageBroken
from kiosk.core.session import Case, CaseSpent, Event, StorageFailed, StorageHealed, VoteStored
from kiosk.core.survey import Level, Survey
from kiosk.outbox import AlreadyRated, Draft, Instant, Outbox, Stored
from protocol.messages import CaseToken

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0  # a scan that comes before the outbox is open would find the kiosk out of order


@dataclass(frozen=True)
class _Cast:
    draft: Draft
    instant: Instant
    by: float


class _Probe:
    pass


class _Stop:
    pass


class Writer:
    """The controller's storage: opens the outbox, writes to it in its own thread, answers by events.

    *opened* is called once, from that thread, when the outbox stands; *stored* after each vote.
    """

    def __init__(
        self,
        *,
        path: Path,
        counter: int | None,
        clock: Clock,
        boot_id: str,
        opened: Callable[[Outbox], None],
        stored: Callable[[], None],
    ) -> None:
        self.trouble = "not open yet"
        self._path = path
        self._counter = counter
        self._clock = clock
        self._boot_id = boot_id
        self._opened = opened
        self._stored = stored
        self._outbox: Outbox | None = None
        self._work: SimpleQueue[_Cast | _Probe | _Stop] = SimpleQueue()
        self._tried = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, answered: Callable[[Event], None]) -> None:
        """Open the outbox, in the thread; answers go to *answered*. Waits a moment for the first of them."""
        self._thread = threading.Thread(target=self._run, args=(answered,), name="writer")
        self._thread.start()
        self._work.put(_Probe())
        self._tried.wait(PATIENCE_SECONDS)

    def stop(self) -> None:
        """Finish what is queued and end the thread; the outbox stays open for whoever was handed it."""
        if self._thread is not None:
            self._work.put(_Stop())
            self._thread.join()

    def close(self) -> None:
        """Close the outbox, once the thread has ended and nobody uses it any more."""
        if self._outbox is not None:
            self._outbox.close()

    def cast(self, survey: Survey, case: Case | None, level: Level, by: float) -> None:
        """Store an answer to *survey*, dated now; answers VoteStored, CaseSpent (both naming *by*) or StorageFailed."""
        draft = Draft(
            survey=survey.revision,
            answers={survey.criterion: level},
            counter=self._counter,
            case_token=case.token if case else None,
        )
        instant = Instant(self._clock.now(), self._boot_id, self._clock.boottime_ns())
        self._work.put(_Cast(draft, instant, by))

    def probe(self) -> None:
        """Try to write; answers StorageHealed or StorageFailed."""
        self._work.put(_Probe())

    def is_spent(self, token: CaseToken) -> bool:
        """Whether a vote for the case is stored; StorageBroken when the outbox is not open."""
        if self._outbox is None:
            raise StorageBroken(self.trouble)
        return self._outbox.is_rated(token)

    def _run(self, answered: Callable[[Event], None]) -> None:
        while not isinstance(work := self._work.get(), _Stop):
            try:
                answer = self._do(work)
            except StorageBroken as error:
                if str(error) != self.trouble:
                    log.error("the outbox does not work: %s", error)
                self.trouble = str(error)
                answer = StorageFailed(self._clock.monotonic())
            except Exception as error:
                # A thread that has died would take every later vote with it. The text may quote one: only its kind.
                self.trouble = f"internal error: {type(error).__name__}"
                log.error("a vote or a probe failed: %s", self.trouble)
                answer = StorageFailed(self._clock.monotonic())
            else:
                if self.trouble:
                    log.info("the outbox works")
                self.trouble = ""
            answered(answer)
            self._tried.set()

    def _do(self, work: _Cast | _Probe) -> Event:
        outbox = self._open()
        if isinstance(work, _Probe):
            outbox.probe()
            return StorageHealed(self._clock.monotonic())
        match outbox.cast(work.draft, work.instant):
            case Stored(vote_id):
                self._stored()
                return VoteStored(self._clock.monotonic(), vote_id, work.by)
            case AlreadyRated():
                return CaseSpent(self._clock.monotonic(), work.by)

    def _open(self) -> Outbox:
        if self._outbox is None:
            outbox = Outbox(self._path)
            try:
                self._opened(outbox)
            except StorageBroken:
                outbox.close()
                raise
            self._outbox = outbox
        return self._outbox
