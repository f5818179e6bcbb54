"""The real writer and outbox, watched: everything asked and answered is noted, and answers may be made to wait."""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kiosk.core.draft import Draft
from kiosk.core.events import Event, VoteStored
from kiosk.writer import Writer
from protocol.messages import CaseToken
from tests.fakes.clock import FakeClock
from tests.fakes.patience import DEADLINE
from tests.soak.ledger import Ledger


class WatchedStorage:
    """Fits `kiosk.controller.Storage`. *stalled*: the disk hangs, and its answers come when it does no more."""

    def __init__(self, path: Path, clock: FakeClock, ledger: Ledger) -> None:
        self.writer = Writer(path=path, clock=clock, opened=lambda _journal: None, stored=lambda: None)
        self.stalled = False
        self._ledger = ledger
        self._answered: Callable[[Event], None] = lambda _event: None
        self._changed = threading.Condition()
        self._asked = 0
        self._answers: list[Event] = []

    def start(self, answered: Callable[[Event], None]) -> None:
        """Open the outbox; what the writer answers goes to *answered*, in the thread of `settle`."""
        self._answered = answered
        self._asked = 1  # the first probe is the writer's own
        self.writer.start(self._hear)

    def stop(self) -> None:
        """Finish, and close the outbox."""
        self.writer.stop()
        self.writer.close()

    def cast(self, draft: Draft, by: float) -> None:
        self._ledger.cast(by, draft)
        self._asked += 1
        self.writer.cast(draft, by)

    def probe(self) -> None:
        self._asked += 1
        self.writer.probe()

    def is_spent(self, token: CaseToken) -> bool:
        return self.writer.is_spent(token)

    def known_time(self) -> datetime:
        return self.writer.known_time()

    @property
    def busy(self) -> bool:
        """Whether something that was asked is not answered yet."""
        return self._asked > 0

    def settle(self) -> None:
        """Hand on the answers to all that was asked; virtual time is too fast for a disk, which gets its own here."""
        if self.stalled or not self._asked:
            return
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._answers) == self._asked, DEADLINE):
                raise AssertionError(f"the writer does not answer within {DEADLINE} s")
            answers, self._answers, self._asked = self._answers, [], 0
        for answer in answers:
            self._answered(answer)

    def _hear(self, event: Event) -> None:
        if isinstance(event, VoteStored):
            self._ledger.stored(event.by, event.vote_id)
        with self._changed:
            self._answers.append(event)
            self._changed.notify()
