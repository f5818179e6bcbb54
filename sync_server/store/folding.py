"""Folding votes into cells: so that figures of a year need not look at each of its votes.

Nothing depends on its being done (`cells` is exact without); it may stop after any half month. Cells are made of the
votes alone, so folding everything anew is also how they are repaired.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Update, delete, func, select, update

from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.half_months import half_of
from sync_server.store.bulk import bulk_insert
from sync_server.store.cells import STALE, counted, folded, mark_stale
from sync_server.store.database import Database
from sync_server.store.schema import figure_cells, paper_lines, touched_halves, votes

# A half month in which votes keep arriving is counted from them; folding it anew each time would be for nothing.
QUIET = timedelta(hours=1)

_COLUMNS = tuple(column.name for column in figure_cells.columns if column.name != "id")
_UNFOLDED = touched_halves.c.changes - touched_halves.c.folded
_LABELS = list(VoteCell.__dataclass_fields__).index("labels")


@dataclass(frozen=True)
class Folded:
    """A half month of a site that is folded; `repaired`: it was marked as folded, and its cells were wrong."""

    site: str
    half: date
    repaired: bool = False


def waiting(connection: Connection) -> int:
    """Return how many half months are not folded."""
    return connection.scalar(select(func.count()).select_from(touched_halves).where(STALE)) or 0


def fold(database: Database, now: datetime) -> Iterator[Folded]:
    """Fold every half month that is stale and has been quiet, one transaction each; yield each as it is done."""
    with database.reading() as connection:
        quiet = touched_halves.c.touched_hour <= now - QUIET
        stale = connection.execute(select(touched_halves.c.site, touched_halves.c.half).where(STALE, quiet)).all()
    for site, half in sorted((row.site, row.half) for row in stale):
        with database.writing() as connection:
            if _take_mark(connection, site, half, now - QUIET):
                _fold(connection, site, half)
        yield Folded(site, half)


def fold_anew(database: Database, now: datetime) -> Iterator[Folded]:
    """Fold every half month from its votes, whether or not it is stale; yield each as it is done."""
    with database.reading() as connection:
        days = connection.execute(select(votes.c.site, votes.c.day).distinct())
        there = {(row.site, half_of(row.day)) for row in days}
        cells = connection.execute(select(figure_cells.c.site, figure_cells.c.half).distinct())
        there |= {(row.site, row.half) for row in cells}
        forms = connection.execute(select(paper_lines.c.site, paper_lines.c.day).distinct())
        there |= {(row.site, half_of(row.day)) for row in forms}
    for site, half in sorted(there):
        with database.writing() as connection:
            # First, so that whoever adds votes waits; and no figure that was made of wrong cells counts any more.
            mark_stale(connection, [(site, half)], now)
            was_stale = bool(connection.scalar(select(_UNFOLDED - 1).where(_is(site, half))))
            differs = _fold(connection, site, half)
            connection.execute(_folded_now(site, half))
        yield Folded(site, half, repaired=differs and not was_stale)


def _take_mark(connection: Connection, site: str, half: date, before: datetime) -> bool:
    """Take the mark off, unless votes have come meanwhile.

    Whoever adds some in another transaction waits here, and marks it again, or has marked it and is waited for.
    """
    quiet = touched_halves.c.touched_hour <= before
    return bool(connection.execute(_folded_now(site, half).where(quiet)).rowcount)


def _fold(connection: Connection, site: str, half: date) -> bool:
    """Count a half month from its votes; return whether its cells were others."""
    before = Counter(_row(cell) for cell in folded(connection, site, half))
    after = Counter(_row(cell) for cell in counted(connection, site, half))
    if before == after:
        return False
    connection.execute(delete(figure_cells).where(figure_cells.c.site == site, figure_cells.c.half == half))
    bulk_insert(connection, figure_cells, _COLUMNS, [(site, *row) for row in after.elements()])
    return True


def _folded_now(site: str, half: date) -> Update:
    return update(touched_halves).where(_is(site, half), STALE).values(folded=touched_halves.c.changes)


def _is(site: str, half: date) -> ColumnElement[bool]:
    return (touched_halves.c.site == site) & (touched_halves.c.half == half)


def _row(cell: VoteCell) -> tuple[object, ...]:
    values = list(astuple(cell))
    values[_LABELS] = ",".join(cell.labels)
    return tuple(values)
