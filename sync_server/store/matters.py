"""Comments and low scores as work: opening what has come in, reading it, and taking it a step further.

What a citizen wrote leaves this file masked only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, insert, select, update

from protocol.visits import VisitOutcome
from sync_server.core.masking import masked
from sync_server.core.matters import Matter, MatterKind, MatterState, due_day, is_low, moved
from sync_server.core.quarter import local_day
from sync_server.store.columns import storable
from sync_server.store.records import surveys_of
from sync_server.store.schema import answers, comments, matter_steps, matters, votes

_VOTES = select(votes.c.vote_id, votes.c.day, votes.c.received_hour)
_HAS_NONE = ~exists().where(matters.c.vote_id == votes.c.vote_id)


class NoSuchMatter(LookupError):
    """There is none with this number at this site."""


@dataclass(frozen=True)
class MatterStep:
    """Who did what with it, and when."""

    at: datetime
    by: str
    state: MatterState
    note: str


@dataclass(frozen=True)
class MatterView:
    """A matter with what the vote says: the comment masked, and no more of the time than its day."""

    matter: Matter
    comment: str
    levels: dict[str, int]
    field: str | None
    procedure: str | None
    survey: int = 0  # the revision that the levels are of


def open_matters(connection: Connection, site: str) -> int:
    """Open a matter for every comment and every low score that has none yet; return how many are new.

    Whenever that is done, each is due by when its vote came in.
    """
    new = {row.vote_id: (row, MatterKind.LOW_SCORE) for row in _low_scores(connection, site)}
    new |= {row.vote_id: (row, MatterKind.COMMENT) for row in _commented(connection, site)}
    rows = [
        {
            "site": site,
            "vote_id": vote_id,
            "kind": kind,
            "day": row.day,
            "due": due_day(local_day(row.received_hour)),
            "state": MatterState.NEW,
            "owner": "",
            "cause": "",
            "action": "",
        }
        for vote_id, (row, kind) in sorted(new.items(), key=lambda item: (item[1][0].received_hour, item[0]))
    ]
    if rows:
        connection.execute(insert(matters), rows)
    return len(rows)


def list_matters(connection: Connection, site: str) -> list[MatterView]:
    """Return every matter of a site, those that are due first at the head."""
    rows = connection.execute(
        select(matters, votes.c.field, votes.c.procedure, votes.c.survey, comments.c.text)
        .join(votes, votes.c.vote_id == matters.c.vote_id)
        .join(comments, comments.c.vote_id == matters.c.vote_id, isouter=True)
        .where(matters.c.site == site)
        .order_by(matters.c.due, matters.c.number)
    ).all()
    levels: dict[str, dict[str, int]] = {}
    chosen = select(answers).join(matters, matters.c.vote_id == answers.c.vote_id).where(matters.c.site == site)
    for row in connection.execute(chosen):
        levels.setdefault(row.vote_id, {})[row.criterion] = row.level
    return [
        MatterView(
            Matter(
                row.number,
                MatterKind(row.kind),
                row.day,
                row.due,
                MatterState(row.state),
                row.owner,
                row.cause,
                row.action,
            ),
            masked(row.text or ""),
            levels.get(row.vote_id, {}),
            row.field,
            row.procedure,
            row.survey,
        )
        for row in rows
    ]


def matter(connection: Connection, site: str, number: int) -> MatterView:
    """Return a matter by its number; NoSuchMatter when there is none."""
    for view in list_matters(connection, site):
        if view.matter.number == number:
            return view
    raise NoSuchMatter(number)


def steps(connection: Connection, number: int) -> list[MatterStep]:
    """Return what was done with a matter, oldest first."""
    rows = connection.execute(select(matter_steps).where(matter_steps.c.number == number).order_by(matter_steps.c.id))
    return [MatterStep(row.at, row.by, MatterState(row.state), row.note) for row in rows]


def move(
    connection: Connection,
    site: str,
    number: int,
    state: MatterState,
    by: str,
    now: datetime,
    *,
    owner: str = "",
    cause: str = "",
    action: str = "",
) -> Matter:
    """Take a matter a step further and note who did it; NoSuchMatter, or NotNow with the reason."""
    before = matter(connection, site, number).matter
    after = moved(before, state, owner=storable(owner), cause=storable(cause), action=storable(action))
    told = {"state": after.state, "owner": after.owner, "cause": after.cause, "action": after.action}
    connection.execute(update(matters).where(matters.c.number == number).values(**told))
    note = " · ".join(part for part in (owner, cause, action) if part)
    connection.execute(
        insert(matter_steps).values(number=number, at=now, by=storable(by), state=after.state, note=storable(note))
    )
    return after


def _low_scores(connection: Connection, site: str) -> Iterator[Row[Any, Any, Any]]:
    for revision, survey in surveys_of(connection, [site])[site].items():
        asked = survey.criteria[0]
        low = [level for level in range(1, len(asked.levels) + 1) if is_low(level, asked)]
        yield from connection.execute(
            _VOTES.join(answers, answers.c.vote_id == votes.c.vote_id).where(
                votes.c.site == site,
                votes.c.survey == revision,
                votes.c.outcome == VisitOutcome.ANSWERED,
                answers.c.criterion == asked.criterion,
                answers.c.level.in_(low),
                _HAS_NONE,
            )
        )


def _commented(connection: Connection, site: str) -> Iterator[Row[Any, Any, Any]]:
    said = _VOTES.join(comments, comments.c.vote_id == votes.c.vote_id)
    yield from connection.execute(said.where(votes.c.site == site, _HAS_NONE))
