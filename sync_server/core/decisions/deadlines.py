"""When a Decision is due, whether it was on time, and when votes may forget their cases. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sync_server.core.rules import Rules
from sync_server.core.spans import Span
from sync_server.core.working_days import after_working_days

# A paper may be dated for the day on which it will be signed; later than that is another month or year mistyped.
MOST_DAYS_AHEAD = 31


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
    issued: date | None = None  # by its paper
    entered: date | None = None  # when it was issued here

    def standing(self, today: date) -> Standing:
        """Say how it stands on a day."""
        if self.issued is not None:
            return Standing.ON_TIME if self.issued <= self.due else Standing.TOO_LATE
        if today <= self.last:
            return Standing.RUNNING
        return Standing.AHEAD if today <= self.due else Standing.LATE

    @property
    def rests_on_the_paper(self) -> bool:
        """Whether only the day on the paper makes it on time: it was issued here after it was due."""
        return (
            self.issued is not None and self.entered is not None and self.issued <= self.due and self.entered > self.due
        )

    def days_left(self, today: date) -> int:
        """Return how many days are left; negative once the day has passed."""
        return (self.due - today).days

    def is_to_be_reminded_of(self, today: date, within: int) -> bool:
        """Whether something is to be done within so many days, or should have been."""
        return self.standing(today) in (Standing.AHEAD, Standing.LATE) and self.days_left(today) <= within


def doubt_about_paper_day(day: date, last: date, today: date, amended: date | None = None) -> str | None:
    """Say why a paper about a time that ended on *last* cannot bear that day; None when it can."""
    if day <= last:
        return f"{day} cannot stand on the paper: what it tells of lasted until {last}"
    if amended is not None and day < amended:
        return f"{day} cannot stand on the paper: what it changes is of {amended}"
    if day > today + timedelta(days=MOST_DAYS_AHEAD):
        return f"{day} cannot stand on the paper: it is more than {MOST_DAYS_AHEAD} days ahead"
    return None


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
