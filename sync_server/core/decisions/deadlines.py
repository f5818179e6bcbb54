"""When a Decision is due, whether it was on time, and when votes may forget their cases. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sync_server.core.rules import Rules
from sync_server.core.spans import Span
from sync_server.core.working_days import after_working_days


class Standing(StrEnum):
    """How a time stands to its deadline."""

    RUNNING = "running"  # its days are not over
    AHEAD = "ahead"  # to be issued, and still in time
    LATE = "late"  # to be issued, and its day has passed
    ON_TIME = "on time"
    TOO_LATE = "too late"  # issued after its day


@dataclass(frozen=True)
class Deadline:
    """The days of a time, the day its Decision is due, and the day it was issued, if it was."""

    last: date
    due: date
    issued: date | None = None

    def standing(self, today: date) -> Standing:
        """Say how it stands on a day."""
        if self.issued is not None:
            return Standing.ON_TIME if self.issued <= self.due else Standing.TOO_LATE
        if today <= self.last:
            return Standing.RUNNING
        return Standing.AHEAD if today <= self.due else Standing.LATE

    def days_left(self, today: date) -> int:
        """Return how many days are left; negative once the day has passed."""
        return (self.due - today).days

    def is_to_be_reminded_of(self, today: date, within: int) -> bool:
        """Whether something is to be done within so many days, or should have been."""
        return self.standing(today) in (Standing.AHEAD, Standing.LATE) and self.days_left(today) <= within


def due_day(last: date, rules: Rules) -> date:
    """Return until when a Decision about a time is to be issued, by the rules of its last day."""
    return after_working_days(last, rules.decision_days)


def forgotten_from(issued: date, rules: Rules) -> date:
    """Return the first day on which nobody may complain any more."""
    return issued + timedelta(days=rules.complaint_days + 1)


def quarters(first_vote: date, today: date, rules: Rules) -> tuple[Span, ...]:
    """Return every quarter from that of the first vote to that of today, the newest first."""
    newest = Span.quarter_of(max(first_vote, today), rules.period)
    found = [Span.quarter_of(first_vote, rules.period)]
    while found[-1] != newest:
        found.append(found[-1].next())
    return tuple(reversed(found))
