"""What people decide about labels, whoever gave them: confirmed ones stand, lifted ones do not count any more.

Nothing is deleted: what a kiosk or a rule said stays beside what was decided, and how it was decided before stands in
the audit log.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, func, literal, or_, select, union_all

from protocol.messages import VoteId
from protocol.visits import VisitOutcome
from sync_server.store.among import among
from sync_server.store.audit import Deed, note
from sync_server.store.cells import mark_stale
from sync_server.store.changes import bump
from sync_server.store.database import insert_or_update
from sync_server.store.labelling import CONFIRMED, LIFTED, hold_labels
from sync_server.store.schema import label_reviews, rule_labels, vote_labels, votes

BY_KIOSK, BY_RULE = "kiosk", "rule"
ACTIONS = {CONFIRMED: "labels confirm", LIFTED: "labels lift"}
SHOWN = 12  # characters of a vote's id


@dataclass(frozen=True)
class Which:
    """Labels of some votes of a site: of those whose ids begin so, or of all of a day, or of one kiosk on that day."""

    site: str
    label: str
    beginnings: Sequence[str] = ()
    day: date | None = None
    kiosk: str | None = None


@dataclass(frozen=True)
class Decision:
    """What a person decides: CONFIRMED or LIFTED."""

    decision: str
    by: str
    because: str


@dataclass(frozen=True)
class LabelsThere:
    """So many votes carry a label; *vote_id* names one where they were asked for one by one."""

    day: date
    kiosk: str
    label: str
    given_by: str
    decision: str | None
    votes: int
    vote_id: VoteId | None = None


class SeveralVotes(Exception):
    """More than one vote begins like this; the text is the beginning."""


def labels_there(
    connection: Connection,
    site: str,
    first: date,
    last: date,
    *,
    label: str | None = None,
    unreviewed: bool = False,
    each: bool = False,
) -> Iterator[LabelsThere]:
    """Yield the labels of the votes that may have been cast in a time, by day, kiosk and label; or vote by vote."""
    given = _given(site, first, last)
    alike: list[ColumnElement[Any]] = [given.c.day, given.c.kiosk, given.c.label, given.c.given_by]
    alike.append(label_reviews.c.decision)
    if each:
        alike.append(given.c.vote_id)
    of_it = and_(label_reviews.c.vote_id == given.c.vote_id, label_reviews.c.label == given.c.label)
    query = (
        select(*alike, func.count().label("votes"))
        .select_from(given.outerjoin(label_reviews, of_it))
        .group_by(*alike)
        .order_by(*alike)
    )
    if label is not None:
        query = query.where(given.c.label == label)
    if unreviewed:
        query = query.where(label_reviews.c.decision.is_(None))
    for row in connection.execute(query.execution_options(yield_per=500)):
        yield LabelsThere(**row._mapping)


def decide(connection: Connection, which: Which, decision: Decision, now: datetime) -> int:
    """Put a decision about labels in force and on record; return of how many votes. SeveralVotes as it says."""
    hold_labels(connection, which.site)
    of_days = {row.vote_id: row.day for row in connection.execute(_labelled(connection, which))}
    if not of_days:
        return 0
    said = {"decided_at": now, "decided_by": decision.by, "because": decision.because, "decision": decision.decision}
    rows = [{"vote_id": vote_id, "label": which.label, **said} for vote_id in sorted(of_days)]
    insert_or_update(connection, label_reviews, rows, ["vote_id", "label"])
    mark_stale(connection, {(which.site, day) for day in of_days.values()}, now)
    days = sorted(set(of_days.values()))
    cast = f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]}"
    subject = f"{which.label} of {len(of_days):,} cast {cast}"
    details = {"label": which.label, "votes": sorted(of_days)}
    action = ACTIONS[decision.decision]
    note(connection, Deed(action, decision.by, decision.because, subject, which.site, details), now)
    bump(connection)
    return len(of_days)


def count_reviewed(connection: Connection, site: str, first: date, last: date) -> int:
    """Return how many votes that were certainly cast in a time carry labels in force, all of them confirmed."""
    confirmed = select(label_reviews.c.vote_id).where(label_reviews.c.decision == CONFIRMED)
    query = (
        select(func.count())
        .select_from(votes)
        .where(
            votes.c.vote_id.in_(confirmed),
            _of_site(site),
            votes.c.day >= first,
            votes.c.until_day <= last,
            votes.c.outcome == VisitOutcome.ANSWERED,
        )
    )
    for table in (vote_labels, rule_labels):
        decided = select(label_reviews.c.label).where(
            label_reviews.c.vote_id == table.c.vote_id, label_reviews.c.label == table.c.label
        )
        still_open = select(table.c.label).where(table.c.vote_id == votes.c.vote_id, ~decided.exists())
        query = query.where(~still_open.exists())
    return connection.scalar(query) or 0


def _given(site: str, first: date, last: date) -> Subquery:
    """The labels of a time, each beside its vote: looked up by the vote, of which an index knows the day."""
    within = (votes.c.site == site) & (votes.c.day <= last) & (votes.c.until_day >= first)
    within &= votes.c.outcome == VisitOutcome.ANSWERED
    parts = [
        select(votes.c.vote_id, votes.c.day, votes.c.kiosk, table.c.label, literal(by).label("given_by"))
        .select_from(votes.join(table, table.c.vote_id == votes.c.vote_id))
        .where(within)
        for table, by in ((vote_labels, BY_KIOSK), (rule_labels, BY_RULE))
    ]
    return union_all(*parts).subquery("given")


def _labelled(connection: Connection, which: Which) -> Select[Any]:
    carrying = (
        select(table.c.label).where(table.c.vote_id == votes.c.vote_id, table.c.label == which.label).exists()
        for table in (vote_labels, rule_labels)
    )
    query = select(votes.c.vote_id, votes.c.day).where(votes.c.outcome == VisitOutcome.ANSWERED, or_(*carrying))
    if which.beginnings:
        ids = [vote_id for beginning in which.beginnings for vote_id in _beginning(connection, which.site, beginning)]
        return query.where(among(connection, votes.c.vote_id, ids))
    query = query.where(votes.c.site == which.site, votes.c.day == which.day)
    return query if which.kiosk is None else query.where(votes.c.kiosk == which.kiosk)


def _beginning(connection: Connection, site: str, beginning: str) -> Sequence[VoteId]:
    # Ids are hexadecimal, so nothing stands between those that begin like this and the next letter after f.
    like = (votes.c.vote_id >= beginning) & (votes.c.vote_id < beginning + "g")
    query = select(votes.c.vote_id).where(_of_site(site), like).limit(2)
    found = connection.execute(query).scalars().all()
    if len(found) > 1:
        raise SeveralVotes(beginning)
    return found


def _of_site(site: str) -> ColumnElement[bool]:
    """Whose votes, not looked up by any index: where their ids lead to a few, the site would lead to millions."""
    return func.coalesce(votes.c.site, "") == site
