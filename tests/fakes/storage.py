"""A storage in memory, in place of the outbox and its thread."""

from collections.abc import Callable

from kiosk.clock import Clock
from kiosk.controller import StorageBroken
from kiosk.core.session import Case, CaseSpent, Event, StorageFailed, StorageHealed, VoteStored
from kiosk.core.survey import Level, Survey
from protocol.messages import CaseToken


class FakeStorage:
    """Fits `kiosk.controller.Storage`. Hand its answers on by setting `answered` to the controller's.

    It can be `broken`; and it can be `slow`: then it answers when it is told to `catch_up`.
    """

    def __init__(self, clock: Clock) -> None:
        self.votes: list[tuple[Case | None, Level]] = []
        self.answered: Callable[[Event], None] = lambda _event: None
        self.broken = False
        self.slow = False
        self._clock = clock
        self._late: list[tuple[Case | None, Level, float]] = []

    def cast(self, survey: Survey, case: Case | None, level: Level, by: float) -> None:
        if self.slow:
            self._late.append((case, level, by))
        else:
            self._store(case, level, by)

    def probe(self) -> None:
        now = self._clock.monotonic()
        self.answered(StorageFailed(now) if self.broken else StorageHealed(now))

    def is_spent(self, token: CaseToken) -> bool:
        if self.broken:
            raise StorageBroken("the disk is full")
        return any(case is not None and case.token == token for case, _ in self.votes)

    def catch_up(self) -> None:
        """Do what was asked for meanwhile."""
        self.slow = False
        while self._late:
            self._store(*self._late.pop(0))

    def _store(self, case: Case | None, level: Level, by: float) -> None:
        now = self._clock.monotonic()
        if self.broken:
            self.answered(StorageFailed(now))
        elif case is not None and self.is_spent(case.token):
            self.answered(CaseSpent(now, by))
        else:
            self.votes.append((case, level))
            self.answered(VoteStored(now, f"{len(self.votes):032x}", by))
