"""Batches of forms: opened, closed, withdrawn; each function inside its transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from sync_server.core.channels import Channel
from sync_server.core.names import counted
from sync_server.core.paper import SECOND_ENTRY, Batch
from sync_server.store.cells import mark_stale
from sync_server.store.changes import bump
from sync_server.store.paper_cells import LINES, TAKEN
from sync_server.store.paper_lines import undecided
from sync_server.store.schema import paper_batches, paper_lines
from sync_server.store.unjudged import mark_unjudged


class PaperTrouble(Exception):
    """It cannot be done with this batch; the text says why, and what to do."""


@dataclass(frozen=True)
class Deed:
    """When something was done, by whom, and where that is asked for, why."""

    at: datetime
    by: str
    because: str = ""


@dataclass(frozen=True)
class KeptBatch:
    """A batch of a site, and what became of it."""

    site: str
    batch: Batch
    note: str | None
    opened: Deed
    closed: Deed | None
    withdrawn: Deed | None

    @property
    def is_open(self) -> bool:
        """Whether lines may be entered."""
        return self.closed is None and self.withdrawn is None


@dataclass(frozen=True)
class Contents:
    """How much a batch holds, of each form the entry that counts."""

    lines: int = 0
    forms: int = 0
    votes: int = 0
    again: int = 0  # lines that were entered a second time
    undecided: int = 0  # forms whose entries differ, and nobody has decided


def open_batch(connection: Connection, site: str, batch: Batch, note: str | None, deed: Deed) -> bool:
    """Open a batch; return False when it was already, and PaperTrouble when another one has its name."""
    there = connection.execute(select(paper_batches).where(_is(site, batch.batch))).one_or_none()
    if there is not None:
        if _kept(there).batch != batch:
            raise PaperTrouble(
                f"{batch.batch}: there is such a batch, with other days, forms or survey; give this one another name"
            )
        return False
    connection.execute(
        insert(paper_batches).values(
            site=site,
            batch=batch.batch,
            channel=batch.channel,
            first=batch.first,
            last=batch.last,
            survey=batch.survey,
            issued=batch.issued,
            note=note,
            opened_at=deed.at,
            opened_by=deed.by,
        )
    )
    return True


def kept_batch(connection: Connection, site: str, name: str, *, to_change: bool = False) -> KeptBatch:
    """Return a batch; PaperTrouble when there is none. Whoever is going to change it has it alone."""
    query = select(paper_batches).where(_is(site, name))
    row = connection.execute(query.with_for_update() if to_change else query).one_or_none()
    if row is None:
        raise PaperTrouble(f"there is no such batch at {site}; 'paper list' names them, 'paper open' opens one")
    return _kept(row)


def kept_batches(connection: Connection, site: str) -> Iterator[KeptBatch]:
    """Yield the batches of a site, in the order of their days."""
    order = (paper_batches.c.first, paper_batches.c.last, paper_batches.c.batch)
    for row in connection.execute(select(paper_batches).where(paper_batches.c.site == site).order_by(*order)):
        yield _kept(row)


def contents(connection: Connection, kept: KeptBatch) -> Contents:
    """Count what a batch holds."""
    within = (paper_lines.c.site == kept.site) & (paper_lines.c.batch == kept.batch.batch)
    sums = (func.count(), func.sum(paper_lines.c.forms), func.sum(paper_lines.c.votes))
    lines, forms, votes = connection.execute(select(*sums).select_from(LINES).where(within, TAKEN)).one()
    again = connection.scalar(
        select(func.count()).select_from(paper_lines).where(within, paper_lines.c.entry == SECOND_ENTRY)
    )
    left = len(undecided(connection, kept.site, kept.batch.batch)) if again else 0
    return Contents(lines, int(forms or 0), int(votes or 0), again or 0, left)


def close_batch(connection: Connection, kept: KeptBatch, forms: int | None, deed: Deed) -> Contents:
    """Close a batch, whose votes count from now on; one that is closed already stays as it is.

    *forms*: how many there are on the table. PaperTrouble while something is to be decided, or when they do not fit.
    """
    if kept.withdrawn is not None:
        raise PaperTrouble(f"{kept.batch.batch}: was withdrawn, and counts no more; open another one")
    if left := undecided(connection, kept.site, kept.batch.batch):
        raise PaperTrouble(
            f"{kept.batch.batch}: the two entries of {counted(len(left), 'form')} differ; for each of them:"
            " paper decide\n" + "\n".join(f"form {difference}" for difference in left)
        )
    held = contents(connection, kept)
    if forms is not None and forms != held.forms:
        raise PaperTrouble(
            f"{kept.batch.batch}: holds {counted(held.forms, 'form')}, and not {forms:,}; nothing was closed"
        )
    if kept.closed is None:
        done = {"closed_at": deed.at, "closed_by": deed.by}
        connection.execute(update(paper_batches).where(_is(kept.site, kept.batch.batch)).values(done))
        _changed(connection, kept, deed.at)
    return held


def withdraw_batch(connection: Connection, kept: KeptBatch, deed: Deed) -> bool:
    """Have a batch count no more, and keep all of it; return False when it was withdrawn already."""
    if kept.withdrawn is not None:
        return False
    done = {"withdrawn_at": deed.at, "withdrawn_by": deed.by, "withdrawn_because": deed.because}
    connection.execute(update(paper_batches).where(_is(kept.site, kept.batch.batch)).values(done))
    _changed(connection, kept, deed.at)
    return True


def _changed(connection: Connection, kept: KeptBatch, now: datetime) -> None:
    within = (paper_lines.c.site == kept.site) & (paper_lines.c.batch == kept.batch.batch)
    days = set(connection.execute(select(paper_lines.c.day).where(within).distinct()).scalars())
    mark_unjudged(connection, [(kept.site, day) for day in days], now)
    # How many forms were issued is a figure, too, and stands where the batch begins.
    mark_stale(connection, [(kept.site, day) for day in {*days, kept.batch.first}], now)
    bump(connection)


def _is(site: str, name: str) -> ColumnElement[bool]:
    return (paper_batches.c.site == site) & (paper_batches.c.batch == name)


def _kept(row: Row[Any]) -> KeptBatch:
    return KeptBatch(
        site=row.site,
        batch=Batch(row.batch, Channel(row.channel), row.first, row.last, row.survey, row.issued),
        note=row.note,
        opened=Deed(row.opened_at, row.opened_by),
        closed=None if row.closed_at is None else Deed(row.closed_at, row.closed_by),
        withdrawn=None if row.withdrawn_at is None else Deed(row.withdrawn_at, row.withdrawn_by, row.withdrawn_because),
    )
