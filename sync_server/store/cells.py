"""Votes that agree in everything that figures ask for, added up: from what was folded, and the rest from the votes.

The two together are exact at every moment, whatever has been folded: a half month that is marked stale is counted from
its votes, any other from its cells. The mark is set in the transaction that changes a vote.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, literal_column, select

from protocol.messages import whole_hour
from protocol.visits import VisitOutcome
from sync_server.core.channels import Channel
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.half_months import half_of, last_of
from sync_server.store.database import insert_or_add
from sync_server.store.paper_cells import on_paper
from sync_server.store.schema import answers, figure_cells, touched_halves, votes
from sync_server.store.unjudged import mark_unjudged

STALE: ColumnElement[bool] = touched_halves.c.changes > touched_halves.c.folded

_OF_VOTES = ("outcome", "survey", "officer", "field", "procedure", "counter", "kiosk")
# Those in force: whoever gave them, each once, without those that a person has lifted. Without UNION and EXCEPT, which
# make sets for every vote, though few votes have a label.
_NOT_LIFTED = (
    "NOT EXISTS (SELECT 1 FROM label_reviews AS review WHERE review.vote_id = given.vote_id"
    " AND review.label = given.label AND review.decision = 'lifted')"
)
_NOT_BY_THE_KIOSK = (
    "NOT EXISTS (SELECT 1 FROM vote_labels AS kiosk WHERE kiosk.vote_id = given.vote_id AND kiosk.label = given.label)"
)
_IN_FORCE = (
    f"SELECT label FROM vote_labels AS given WHERE given.vote_id = votes.vote_id AND {_NOT_LIFTED} UNION ALL"
    f" SELECT label FROM rule_labels AS given WHERE given.vote_id = votes.vote_id AND {_NOT_LIFTED}"
    f" AND {_NOT_BY_THE_KIOSK}"
)
_LABELS = {
    "sqlite": f"(SELECT group_concat(label) FROM ({_IN_FORCE} ORDER BY label))",
    "postgresql": f"(SELECT string_agg(label, ',' ORDER BY label) FROM ({_IN_FORCE}) AS in_force)",
}


def touch(connection: Connection, site_days: Iterable[tuple[str, date]], now: datetime) -> None:
    """Say, in the transaction that adds or changes votes, on which days of which sites; no finer than the hour."""
    days = set(site_days)
    mark_unjudged(connection, days, now)
    mark_stale(connection, days, now)


def mark_stale(connection: Connection, site_days: Iterable[tuple[str, date]], now: datetime) -> None:
    """Say, in the transaction that changes anything else that figures are made of, on which days of which sites."""
    touched = sorted({(site, half_of(day)) for site, day in site_days})
    rows = [{"site": site, "half": half, "touched_hour": whole_hour(now), "changes": 1} for site, half in touched]
    insert_or_add(connection, touched_halves, rows, ["site", "half"], replaced=["touched_hour"])


def cells(connection: Connection, site: str, first: date, last: date) -> Iterator[VoteCell]:
    """Yield the cells of all votes of a site that may have been cast in the half months of these days."""
    begin, end = half_of(first), half_of(last)
    stale = set(
        connection.execute(select(touched_halves.c.half).where(touched_halves.c.site == site, STALE)).scalars(),
    )
    fresh = select(figure_cells).where(
        figure_cells.c.site == site,
        figure_cells.c.half <= end,
        figure_cells.c.until_half >= begin,
        figure_cells.c.half.not_in(sorted(stale)),
    )
    for row in connection.execute(fresh):
        yield _cell(row.half, row.until_half, row)
    for half in sorted(stale):
        if half <= end:
            for cell in counted(connection, site, half):
                if cell.until_half >= begin:
                    yield cell


def folded(connection: Connection, site: str, half: date) -> Iterator[VoteCell]:
    """Yield the cells of a half month as they were folded."""
    rows = select(figure_cells).where(figure_cells.c.site == site, figure_cells.c.half == half)
    for row in connection.execute(rows):
        yield _cell(row.half, row.until_half, row)


def counted(connection: Connection, site: str, half: date) -> Iterator[VoteCell]:
    """Yield the cells of a half month, counted from its votes."""
    last = last_of(half)
    within = (votes.c.site == site) & (votes.c.day >= half) & (votes.c.day <= last)
    dated, spanning = within & (votes.c.until_day <= last), within & (votes.c.until_day > last)
    for query in (_visits(connection), _answers(connection)):
        for row in connection.execute(query.where(dated)):
            yield _cell(half, half, row)
        # Rare: votes of a kiosk that did not know the time.
        for row in connection.execute(query.add_columns(votes.c.until_day).where(spanning).group_by(votes.c.until_day)):
            yield _cell(half, half_of(row.until_day), row)
    yield from on_paper(connection, site, half)


def _visits(connection: Connection) -> Select[Any]:
    alike = _alike(connection)
    return select(*alike, func.count().label("votes")).group_by(*alike)


def _answers(connection: Connection) -> Select[Any]:
    alike = (*_alike(connection), answers.c.criterion, answers.c.level)
    joined = votes.join(answers, answers.c.vote_id == votes.c.vote_id)
    counted_ = select(*alike, func.count().label("votes")).select_from(joined).group_by(*alike)
    return counted_.where(votes.c.outcome == VisitOutcome.ANSWERED)


def labels_in_force(connection: Connection) -> ColumnElement[str]:
    """Return the labels of a vote that count, with commas between; a column of a query of votes."""
    return literal_column(_LABELS[connection.dialect.name])


def _alike(connection: Connection) -> tuple[ColumnElement[Any], ...]:
    return (*(votes.c[name] for name in _OF_VOTES), labels_in_force(connection).label("labels"))


def _cell(half: date, until_half: date, row: Row[Any]) -> VoteCell:
    values = row._mapping
    return VoteCell(
        half=half,
        until_half=until_half,
        criterion=values.get("criterion"),
        level=values.get("level"),
        labels=tuple(sorted(filter(None, (row.labels or "").split(",")))),
        votes=row.votes,
        channel=values.get("channel", Channel.KIOSK),
        **{name: values[name] for name in _OF_VOTES},
    )
