"""Comments and low scores as work: opening what has come in, reading it, and taking it a step further.

What a citizen wrote leaves this file masked only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, insert, null, or_, select, update

from protocol.visits import VisitOutcome
from sync_server.core.channels import Channel
from sync_server.core.masking import masked
from sync_server.core.matters import Matter, MatterKind, MatterState, due_day, is_low, moved
from sync_server.core.quarter import local_day
from sync_server.store.columns import storable
from sync_server.store.paper_cells import COUNTED, LINES, OF_BATCH
from sync_server.store.records import surveys_of
from sync_server.store.schema import (
    answers,
    comments,
    matter_steps,
    matters,
    paper_answers,
    paper_batches,
    paper_lines,
    votes,
)

_VOTES = select(votes.c.vote_id, null().label("line"), votes.c.day, votes.c.received_hour.label("came"))
_LINES = select(null().label("vote_id"), paper_lines.c.line, paper_lines.c.day, paper_lines.c.entered_at.label("came"))
_HAS_NONE = ~exists().where(matters.c.vote_id == votes.c.vote_id)
_LINE_HAS_NONE = ~exists().where(matters.c.line == paper_lines.c.line)
_ONE_FORM = and_(paper_lines.c.forms == 1, paper_lines.c.votes == 1)  # of a tally nobody knows who chose what

# A matter of a withdrawn batch that nobody has taken up would come again with the batch that is entered instead.
_STANDS = or_(
    matters.c.line.is_(None), paper_batches.c.withdrawn_at.is_(None), matters.c.state != MatterState.NEW.value
)


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
    """A matter with what the vote or the form says: the comment masked, and no more of the time than its day."""

    matter: Matter
    comment: str
    levels: dict[str, int]
    field: str | None
    procedure: str | None
    survey: int = 0  # the revision that the levels are of
    channel: Channel = Channel.KIOSK
    until_day: date | None = None  # where its day is not certain


def open_matters(connection: Connection, site: str) -> int:
    """Open a matter for every comment and every low score that has none yet; return how many are new.

    On paper: of the lines that count, low scores of single forms. Whenever that is done, each is due by when its vote
    came in, or its form was entered.
    """
    new = {row.vote_id or row.line: (row, MatterKind.LOW_SCORE) for row in _low_scores(connection, site)}
    new |= {row.vote_id or row.line: (row, MatterKind.COMMENT) for row in _commented(connection, site)}
    rows = [
        {
            "site": site,
            "vote_id": row.vote_id,
            "line": row.line,
            "kind": kind,
            "day": row.day,
            "due": due_day(local_day(row.came)),
            "state": MatterState.NEW,
            "owner": "",
            "cause": "",
            "action": "",
        }
        for _, (row, kind) in sorted(new.items(), key=lambda item: (item[1][0].came, item[0]))
    ]
    if rows:
        connection.execute(insert(matters), rows)
    return len(rows)


def list_matters(connection: Connection, site: str) -> list[MatterView]:
    """Return every matter of a site, those that are due first at the head."""
    either = {name: func.coalesce(votes.c[name], paper_lines.c[name]) for name in ("field", "procedure", "until_day")}
    rows = connection.execute(
        select(
            matters,
            *(column.label(name) for name, column in either.items()),
            func.coalesce(votes.c.survey, paper_batches.c.survey).label("survey"),
            func.coalesce(comments.c.text, paper_lines.c.comment).label("text"),
            func.coalesce(paper_batches.c.channel, Channel.KIOSK.value).label("channel"),
        )
        .select_from(
            matters.outerjoin(votes, votes.c.vote_id == matters.c.vote_id)
            .outerjoin(comments, comments.c.vote_id == matters.c.vote_id)
            .outerjoin(paper_lines, paper_lines.c.line == matters.c.line)
            .outerjoin(paper_batches, OF_BATCH)
        )
        .where(matters.c.site == site, _STANDS)
        .order_by(matters.c.due, matters.c.number)
    ).all()
    levels = _levels(connection, site)
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
            levels.get(row.number, {}),
            row.field,
            row.procedure,
            row.survey,
            Channel(row.channel),
            None if row.until_day == row.day else row.until_day,
        )
        for row in rows
    ]


def _levels(connection: Connection, site: str) -> dict[int, dict[str, int]]:
    """Return what was chosen, by the numbers of the matters; nothing of tallies."""
    of_votes = select(matters.c.number, answers.c.criterion, answers.c.level).join(
        answers, answers.c.vote_id == matters.c.vote_id
    )
    of_lines = (
        select(matters.c.number, paper_answers.c.criterion, paper_answers.c.level)
        .join(paper_lines, paper_lines.c.line == matters.c.line)
        .join(paper_answers, paper_answers.c.line == paper_lines.c.line)
        .where(_ONE_FORM)
    )
    levels: dict[int, dict[str, int]] = {}
    for query in (of_votes, of_lines):
        for row in connection.execute(query.where(matters.c.site == site)):
            levels.setdefault(row.number, {})[row.criterion] = row.level
    return levels


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


def _low_scores(connection: Connection, site: str) -> Iterator[Row[Any]]:
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
        yield from connection.execute(
            _LINES.select_from(LINES.join(paper_answers, paper_answers.c.line == paper_lines.c.line)).where(
                _new_on_paper(site),
                _ONE_FORM,
                paper_batches.c.survey == revision,
                paper_answers.c.criterion == asked.criterion,
                paper_answers.c.level.in_(low),
            )
        )


def _commented(connection: Connection, site: str) -> Iterator[Row[Any]]:
    said = _VOTES.join(comments, comments.c.vote_id == votes.c.vote_id)
    yield from connection.execute(said.where(votes.c.site == site, _HAS_NONE))
    yield from connection.execute(
        _LINES.select_from(LINES).where(_new_on_paper(site), func.trim(paper_lines.c.comment) != "")
    )


def _new_on_paper(site: str) -> ColumnElement[bool]:
    return and_(COUNTED, paper_lines.c.site == site, _LINE_HAS_NONE)
