"""Reading the figures of a quarter."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from sqlalchemy import Connection, func, select

from sync_server.core.acceptance import STORED_ALREADY
from sync_server.core.book import Book, Kind
from sync_server.core.dated import History
from sync_server.core.figures.period import PeriodFigures
from sync_server.core.figures.period_names import names_of
from sync_server.core.figures.quarterly import Entry, Figures, Office, quarterly
from sync_server.core.office_data import Field, Officer, Procedure
from sync_server.core.quarter import VIETNAM, Quarter
from sync_server.core.spans import Kind as Length
from sync_server.core.spans import Span
from sync_server.store.database import Database
from sync_server.store.kept import Asked, keep, recall
from sync_server.store.period import figures_in
from sync_server.store.records import books, known_sites
from sync_server.store.schema import quarantine, streams

Named = TypeVar("Named", Field, Officer, Procedure)


class UnknownSite(LookupError):
    """No office data were imported for the site."""


def offices(database: Database, day: date | None = None) -> tuple[Office, ...]:
    """Return every site there is, by its names of a day, ordered by its key; without a day by the newest names."""
    with database.reading() as connection:
        of_all = books(connection, known_sites(connection), [Kind.OFFICE])
    return tuple(_office(book, day or date.max) for book in of_all.values())


def figures(database: Database, site: str, quarter: Quarter) -> Figures:
    """Count a site's quarter by the rules, under the names and by the surveys of its time.

    UnknownSite when there is no such site.
    """
    asked = Asked("quarter", site, quarter.first, quarter.last)  # whatever days the rules make of it, none is later
    with database.reading() as connection:
        version, kept = recall(connection, asked, Figures)
        found = _counted(connection, site, quarter) if kept is None else kept
        # What was refused is not kept: it is few, and looked up at once.
        refused = _refused(connection, site, found.period.first, found.period.last)
    if kept is None:
        keep(database, asked, version, found)
    return replace(found, refused=refused)


def _counted(connection: Connection, site: str, quarter: Quarter) -> Figures:
    if site not in known_sites(connection):
        raise UnknownSite(site)
    counted, named = figures_in(connection, site, Span(Length.QUARTER, quarter.year, quarter.number))
    fields = _entries(named.fields, counted, lambda entry: "")
    return quarterly(
        quarter,
        _office(named, counted.last),
        counted,
        names_of(named, counted.last),
        named.survey_on(counted.last)[1].criteria[0],
        officers=_entries(named.officers, counted, lambda entry: _name(fields, entry.field)),
        fields=fields,
        procedures=_entries(named.procedures, counted, lambda entry: _name(fields, entry.field), present=False),
    )


def _refused(connection: Connection, site: str, first: date, last: date) -> int:
    # A refused vote may be unreadable, so it belongs to the quarter it arrived in.
    begin = datetime.combine(first, time(), VIETNAM)
    end = datetime.combine(last + timedelta(days=1), time(), VIETNAM)
    each = (
        select(quarantine.c.stream, quarantine.c.number)
        .join(streams, streams.c.stream == quarantine.c.stream)
        .where(
            streams.c.site == site,
            quarantine.c.number.is_not(None),
            quarantine.c.reason != STORED_ALREADY,  # that vote is counted, under another number
            quarantine.c.received_at >= begin,
            quarantine.c.received_at < end,
        )
        .distinct()
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(each)).scalar_one()


def _office(named: Book, day: date) -> Office:
    letterhead = named.letterhead(day)
    # A site of which nothing was said has at least its key.
    return (
        Office(named.site, named.site, "")
        if letterhead is None
        else Office(named.site, letterhead.office, letterhead.unit)
    )


def _entries(
    history: History[Named], counted: PeriodFigures, note: Callable[[Named], str], *, present: bool = True
) -> dict[str, Entry]:
    """Return what is named in a quarter, and by its nearest name what was or will be there at another time."""
    there = history.during(counted.first, counted.last)
    entries = {}
    for key in history.keys:
        content = there.get(key) or history.nearest(key, counted.last)
        if content is not None:
            entries[key] = Entry(content.name, note(content), present and key in there)
    return entries


def _name(fields: Mapping[str, Entry], key: str) -> str:
    return fields[key].name if key in fields else key
