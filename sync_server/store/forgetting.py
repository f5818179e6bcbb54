"""Votes forget which case they were cast for, once nobody may complain about the Decision on them any more.

What a case says about a vote (officer, field, procedure) stands in the vote itself, so no figure changes. That a case
was rated within these days is kept, without saying by which vote, so that it cannot be rated again. From the beginning
of this on the rules do not look at these days any more: what they said stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, select, update

from sync_server.core.book import Kind as Said
from sync_server.core.decisions.deadlines import forgotten_from
from sync_server.core.decisions.states import IN_HAND, State
from sync_server.core.quarter import local_day
from sync_server.core.spans import Kind, Span
from sync_server.store.audit import AUTOMATICALLY, Deed, note
from sync_server.store.database import Database
from sync_server.store.decisions import Kept, kept_versions
from sync_server.store.labelling import hold_labels
from sync_server.store.records import books, known_sites
from sync_server.store.schema import decisions, unjudged_days, votes
from sync_server.store.spent import Days, forget_day

FORGET = "decision forget"


@dataclass(frozen=True)
class Forgotten:
    """A day, and how many of its votes have forgotten their cases."""

    site: str
    day: date
    votes: int


def to_be_forgotten(connection: Connection, now: datetime, site: str | None = None) -> list[Kept]:
    """Return the issued versions whose votes are due to forget: nothing is in hand about them, or left to be judged."""
    due = []
    for each in known_sites(connection) if site is None else [site]:
        versions = kept_versions(connection, each)
        in_hand = {kept.span for kept in versions if kept.state in IN_HAND}
        for kept in versions:
            quarter = Span.parse(kept.span).kind is Kind.QUARTER
            left = kept.state is State.ISSUED and quarter and kept.forgotten_at is None and kept.span not in in_hand
            if left and _is_due(connection, kept, local_day(now)):
                due.append(kept)
    return due


def forget(database: Database, now: datetime, site: str | None = None) -> Iterator[Forgotten]:
    """Have what is due forgotten, a transaction a day; it may stop after any and goes on next time."""
    with database.reading() as connection:
        due = to_be_forgotten(connection, now, site)
    for kept in due:
        with database.writing() as connection:
            hold_labels(connection, kept.site)
            if _unjudged(connection, kept):
                continue
            connection.execute(update(decisions).where(_is(kept)).values(forgetting_at=now))
        days = Days(kept.first, kept.last)
        with database.reading() as connection:
            within = (votes.c.site == kept.site) & (votes.c.day >= kept.first) & (votes.c.day <= kept.last)
            found = connection.execute(select(votes.c.day).where(within).distinct().order_by(votes.c.day)).scalars()
            there = found.all()
        for day in there:
            with database.writing() as connection:
                hold_labels(connection, kept.site)
                done = forget_day(connection, kept.site, day, days)
            yield Forgotten(kept.site, day, done)
        with database.writing() as connection:
            _put_on_record(connection, kept, now)


def _is_due(connection: Connection, kept: Kept, today: date) -> bool:
    if kept.issued_on is None or kept.issued_at is None:
        return False
    rules = books(connection, [kept.site], [Said.RULES])[kept.site].rules_on(kept.last)
    # By the later of the two days: what is on the paper may be a mistake.
    issued = max(kept.issued_on, local_day(kept.issued_at))
    return today >= forgotten_from(issued, rules) and not _unjudged(connection, kept)


def _unjudged(connection: Connection, kept: Kept) -> bool:
    begun = connection.scalar(select(decisions.c.forgetting_at).where(_is(kept)))
    if begun is not None:
        return False  # once begun it is brought to its end
    marked = (unjudged_days.c.site == kept.site) & (unjudged_days.c.day >= kept.first)
    marked &= unjudged_days.c.day <= kept.last
    return connection.execute(select(unjudged_days.c.day).where(marked).limit(1)).first() is not None


def _put_on_record(connection: Connection, kept: Kept, now: datetime) -> None:
    done = update(decisions).where(_is(kept), decisions.c.forgotten_at.is_(None)).values(forgotten_at=now)
    if connection.execute(done).rowcount:
        subject = f"votes of {kept.first} to {kept.last} have forgotten their cases"
        because = f"{kept.kind} {kept.span} was issued on {kept.issued_on}, and the time to complain is over"
        note(connection, Deed(FORGET, AUTOMATICALLY, because, subject, kept.site, {"span": kept.span}), now)


def _is(kept: Kept) -> ColumnElement[bool]:
    of_it = (decisions.c.site == kept.site) & (decisions.c.span == kept.span)
    return of_it & (decisions.c.version == kept.version.number)
