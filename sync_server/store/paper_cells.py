"""Votes on paper as cells: of batches that are closed and not withdrawn, of each form the entry that counts."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, case, func, select

from protocol.visits import VisitOutcome
from sync_server.core.figures.coverage import Forms
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.half_months import half_of, last_of
from sync_server.core.paper import FIRST_ENTRY
from sync_server.store.schema import paper_answers, paper_batches, paper_decisions, paper_lines, paper_reasons

_LINE = (*(paper_lines.c[name] for name in ("officer", "field", "procedure", "counter")),)
_ALIKE = (paper_batches.c.channel, paper_batches.c.survey, *_LINE)

OF_BATCH = and_(paper_lines.c.site == paper_batches.c.site, paper_lines.c.batch == paper_batches.c.batch)
_DECIDED = and_(
    paper_decisions.c.site == paper_lines.c.site,
    paper_decisions.c.batch == paper_lines.c.batch,
    paper_decisions.c.number == paper_lines.c.number,
)
LINES: FromClause = paper_lines.join(paper_batches, OF_BATCH).outerjoin(paper_decisions, _DECIDED)

# Which of its entries a line is taken from.
TAKEN: ColumnElement[bool] = paper_lines.c.entry == func.coalesce(paper_decisions.c.entry, FIRST_ENTRY)
_IN_FORCE = and_(paper_batches.c.closed_at.is_not(None), paper_batches.c.withdrawn_at.is_(None))
COUNTED: ColumnElement[bool] = and_(_IN_FORCE, TAKEN)


def on_paper(connection: Connection, site: str, half: date) -> Iterator[VoteCell]:
    """Yield the cells of the forms of a half month, counted one by one."""
    last = last_of(half)
    within = and_(COUNTED, paper_lines.c.site == site, paper_lines.c.day >= half, paper_lines.c.day <= last)
    for query in (_forms(), _answers()):
        for row in connection.execute(query.where(within, paper_lines.c.until_day <= last)):
            yield _cell(half, half, row)
        until = paper_lines.c.until_day
        for row in connection.execute(query.add_columns(until).where(within, until > last).group_by(until)):
            yield _cell(half, half_of(row.until_day), row)


def reasons_on_paper(connection: Connection, site: str, first: date, last: date) -> dict[str, int]:
    """Return how many votes on paper, cast within these days, name each reason."""
    rows = connection.execute(
        select(paper_reasons.c.reason, func.count().label("votes"))
        .select_from(LINES.join(paper_reasons, paper_reasons.c.line == paper_lines.c.line))
        .where(
            COUNTED,
            paper_lines.c.site == site,
            paper_lines.c.votes > 0,
            paper_lines.c.day >= first,
            paper_lines.c.until_day <= last,
        )
        .group_by(paper_reasons.c.reason)
    )
    return {row.reason: row.votes for row in rows}


def days_on_paper(
    connection: Connection, site: str, first: date, last: date, survey: int, criterion: str
) -> Iterator[tuple[date, int, int]]:
    """Yield day, level and votes of the forms of which the day is certain."""
    alike = (paper_lines.c.day, paper_answers.c.level)
    answered = LINES.join(paper_answers, paper_answers.c.line == paper_lines.c.line)
    query = select(*alike, func.sum(paper_answers.c.forms).label("votes")).select_from(answered).group_by(*alike)
    within = (paper_lines.c.day >= first) & (paper_lines.c.until_day <= last)
    within &= (paper_lines.c.day == paper_lines.c.until_day) & (paper_lines.c.site == site)
    within &= (paper_batches.c.survey == survey) & (paper_answers.c.criterion == criterion)
    for row in connection.execute(query.where(COUNTED, within)):
        yield row.day, row.level, int(row.votes)


def forms_within(connection: Connection, site: str, first: date, last: date) -> Forms:
    """Return how many forms were issued and returned, of the batches all of whose days are among these."""
    returned = func.coalesce(func.sum(case((TAKEN, paper_lines.c.forms), else_=0)), 0)
    rows = connection.execute(
        select(paper_batches.c.issued, returned.label("returned"))
        .select_from(paper_batches.outerjoin(paper_lines, OF_BATCH).outerjoin(paper_decisions, _DECIDED))
        .where(
            _IN_FORCE,
            paper_batches.c.site == site,
            paper_batches.c.first >= first,
            paper_batches.c.last <= last,
        )
        .group_by(paper_batches.c.site, paper_batches.c.batch, paper_batches.c.issued)
    ).all()
    counted = [row for row in rows if row.issued is not None]
    return Forms(
        issued=sum(row.issued for row in counted),
        returned=sum(int(row.returned) for row in counted),
        returned_uncounted=sum(int(row.returned) for row in rows if row.issued is None),
    )


def _forms() -> Select[Any]:
    votes = func.sum(paper_lines.c.votes).label("votes")
    return select(*_ALIKE, votes).select_from(LINES).where(paper_lines.c.votes > 0).group_by(*_ALIKE)


def _answers() -> Select[Any]:
    alike = (*_ALIKE, paper_answers.c.criterion, paper_answers.c.level)
    answered = LINES.join(paper_answers, paper_answers.c.line == paper_lines.c.line)
    return select(*alike, func.sum(paper_answers.c.forms).label("votes")).select_from(answered).group_by(*alike)


def _cell(half: date, until_half: date, row: Any) -> VoteCell:
    values = row._mapping
    return VoteCell(
        half=half,
        until_half=until_half,
        outcome=VisitOutcome.ANSWERED,
        survey=row.survey,
        criterion=values.get("criterion"),
        level=values.get("level"),
        officer=row.officer,
        field=row.field,
        procedure=row.procedure,
        counter=row.counter,
        kiosk=None,
        labels=(),
        votes=int(row.votes),  # PostgreSQL adds whole numbers up to a decimal
        channel=row.channel,
    )
