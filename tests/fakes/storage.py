"""A storage in memory, in place of the outbox and its thread."""

from collections.abc import Callable
from datetime import datetime

from kiosk.clock import Clock
from kiosk.controller import StorageBroken
from kiosk.core.draft import Draft
from kiosk.core.events import CaseSpent, Event, StorageFailed, StorageHealed, VoteStored
from protocol.messages import CaseToken
from protocol.visits import VisitOutcome


class FakeStorage:
    """Fits `kiosk.controller.Storage`. Hand its answers on by setting `answered` to the controller's.

    It can be `broken`; and it can be `slow`: then it answers when it is told to `catch_up`.
    """

    def __init__(self, clock: Clock) -> None:
        self.visits: list[Draft] = []
        self.answered: Callable[[Event], None] = lambda _event: None
        self.broken = False
        self.slow = False
        self._clock = clock
        self._late: list[tuple[Draft, float]] = []

    @property
    def votes(self) -> list[Draft]:
        """The visits that were answered."""
        return [draft for draft in self.visits if draft.outcome == VisitOutcome.ANSWERED]

    def cast(self, draft: Draft, by: float) -> None:
        if self.slow:
            self._late.append((draft, by))
        else:
            self._store(draft, by)

    def probe(self) -> None:
        now = self._clock.monotonic()
        self.answered(StorageFailed(now) if self.broken else StorageHealed(now))

    def is_spent(self, token: CaseToken) -> bool:
        if self.broken:
            raise StorageBroken("the disk is full")
        return any(token in (draft.spent, draft.case_token) for draft in self.votes)

    def known_time(self) -> datetime:
        return self._clock.reading().wall

    def catch_up(self) -> None:
        """Do what was asked for meanwhile."""
        self.slow = False
        while self._late:
            self._store(*self._late.pop(0))

    def _store(self, draft: Draft, by: float) -> None:
        now = self._clock.monotonic()
        if self.broken:
            self.answered(StorageFailed(now, by))
        elif draft.spent is not None and self.is_spent(draft.spent):
            self.answered(CaseSpent(now, by))
        else:
            self.visits.append(draft)
            self.answered(VoteStored(now, f"{len(self.visits):032x}", by))
