"""Cases that agree in everything that figures ask for, counted from the register."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, or_, select

from sync_server.core.book import Book
from sync_server.core.cases import Channel
from sync_server.core.figures.apologies import NOTICE
from sync_server.core.figures.on_time import CaseCell
from sync_server.store.schema import cases


def cases_of(connection: Connection, book: Book, first: date, last: date) -> Iterator[CaseCell]:
    """Yield every case of a site that was received by the last day and not returned before the first."""
    # Whatever was received in the time is returned in it or later, or not at all.
    there = (cases.c.received <= last) & or_(cases.c.returned.is_(None), cases.c.returned >= first)
    return _cells(connection, book, there)


def cases_waiting(connection: Connection, book: Book, today: date) -> Iterator[CaseCell]:
    """Yield every case of a site without result that is due by tomorrow."""
    open_ = or_(cases.c.returned.is_(None), cases.c.returned > today)
    return _cells(connection, book, open_ & (cases.c.due <= today + NOTICE))


def _cells(connection: Connection, book: Book, condition: ColumnElement[bool]) -> Iterator[CaseCell]:
    alike = (*(cases.c.procedure, cases.c.officer, cases.c.channel), *(cases.c.received, cases.c.due, cases.c.returned))
    counted = select(*alike, func.count().label("cases")).where(cases.c.site == book.site, condition).group_by(*alike)
    fields: dict[tuple[str, date], str | None] = {}
    for row in connection.execute(counted):
        key = row.procedure, row.received
        if key not in fields:
            procedure = book.procedures.nearest(*key)
            fields[key] = None if procedure is None else procedure.field
        yield CaseCell(
            row.procedure,
            row.officer,
            fields[key],
            None if row.channel is None else Channel(row.channel),
            row.received,
            row.due,
            row.returned,
            row.cases,
        )
