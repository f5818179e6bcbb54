"""All times of an office with their Decisions: which are due, late, issued, and what has come since."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from sync_server.core.book import Book
from sync_server.core.decisions.deadlines import Deadline, Standing, due_day, quarters
from sync_server.core.decisions.late import Late
from sync_server.core.decisions.states import Kind, State, Version, current
from sync_server.core.quarter import local_day
from sync_server.core.rules import Period, Rules
from sync_server.core.spans import Span
from sync_server.store.database import Database
from sync_server.store.decisions import Kept, StepTaken, kept_versions, steps_taken
from sync_server.store.late_votes import late_votes
from sync_server.store.readiness import first_vote
from sync_server.store.records import book


@dataclass(frozen=True)
class TimeView:
    """A time and what was done about it."""

    span: Span
    first: date
    last: date
    deadline: Deadline
    standing: Standing
    versions: Sequence[Kept] = ()
    late: Late = field(default_factory=Late)  # votes since the version in force was issued
    steps: Sequence[StepTaken] = ()

    @property
    def current(self) -> Kept | None:
        """The version that the next step is about."""
        found = current([kept.version for kept in self.versions])
        return next((kept for kept in self.versions if kept.version == found), None)

    @property
    def issued(self) -> list[Kept]:
        """Every version that was issued, the newest first."""
        return [kept for kept in reversed(self.versions) if kept.issued_at is not None]

    @property
    def state(self) -> State:
        return State.OPEN if self.current is None else self.current.state


def overview(database: Database, site: str, now: datetime) -> list[TimeView]:
    """Return every quarter since the first vote, and other times with versions, the newest first; one view of all."""
    today = local_day(now)
    with database.reading() as connection:
        said = book(connection, site)
        versions: defaultdict[str, list[Kept]] = defaultdict(list)
        for kept in kept_versions(connection, site):
            versions[kept.span].append(kept)
        begun = first_vote(connection, site)
        spans = () if begun is None else quarters(begun, today, said.rules_on(today))
        known = {*map(str, spans)}
        others = [Span.parse(span) for span in versions if span not in known]
        found = [_time(connection, site, said, span, versions[str(span)], today) for span in (*spans, *others)]
    return sorted(found, key=lambda time: (time.last, time.first), reverse=True)


def time_view(database: Database, site: str, span: Span, now: datetime) -> TimeView:
    """Return one time."""
    with database.reading() as connection:
        versions = kept_versions(connection, site, str(span))
        return _time(connection, site, book(connection, site), span, versions, local_day(now))


def rules_of(said: Book, span: Span) -> Rules:
    """Return the rules of a time: those of the last day of the calendar's."""
    return said.rules_on(span.days(Period.CALENDAR)[1])


def blank(said: Book, span: Span, kind: Kind = Kind.DECISION) -> Kept:
    """Return what a first version about a time begins with."""
    rules = rules_of(said, span)
    first, last = span.days(rules.period)
    return Kept(said.site, str(span), Version(1), kind, 1, first, last, due_day(last, rules))


def _time(connection: Connection, site: str, said: Book, span: Span, versions: Sequence[Kept], today: date) -> TimeView:
    like = versions[-1] if versions else blank(said, span)
    issued = min((kept.issued_on for kept in versions if kept.issued_on is not None), default=None)
    entered = min((kept.entered_on for kept in versions if kept.entered_on is not None), default=None)
    deadline = Deadline(like.last, like.due, issued, entered)
    in_force = next((kept for kept in versions if kept.state is State.ISSUED), None)
    late = Late()
    if in_force is not None and in_force.held is not None:
        late = late_votes(connection, site, in_force.first, in_force.last, in_force.held)
    return TimeView(
        span=span,
        first=like.first,
        last=like.last,
        deadline=deadline,
        standing=deadline.standing(today),
        versions=versions,
        late=late,
        steps=steps_taken(connection, site, str(span)) if versions else (),
    )
