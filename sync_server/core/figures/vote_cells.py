"""Votes that agree in everything that figures ask for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from protocol.messages import CriterionKey, Level
from protocol.visits import VisitOutcome
from sync_server.core.channels import Channel


@dataclass(frozen=True)
class VoteCell:
    """So many votes agree in all of this; without a criterion they are visits, however they ended.

    *half* and *until_half* are the half months of the first and last day on which they may have been cast.
    """

    half: date
    until_half: date
    outcome: str
    survey: int
    criterion: CriterionKey | None
    level: Level | None
    officer: str | None
    field: str | None
    procedure: str | None
    counter: int | None
    kiosk: str | None
    labels: tuple[str, ...]
    votes: int
    channel: str = Channel.KIOSK

    @property
    def is_whole_votes(self) -> bool:
        """Whether it counts answered visits as such, and not their answers."""
        return self.criterion is None and self.outcome == VisitOutcome.ANSWERED

    def lies_within(self, first: date, last: date) -> bool:
        """Whether its votes were all cast in a time that is made of half months."""
        return self.half >= first and self.until_half <= last

    def has_one_of(self, labels: Collection[str]) -> bool:
        """Whether its votes carry one of these labels."""
        return not set(labels).isdisjoint(self.labels)
