"""Reading the figures of a quarter."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import TypeVar

from sqlalchemy import Connection, func, select

from protocol.visits import VisitOutcome
from sync_server.core.acceptance import STORED_ALREADY
from sync_server.core.book import Book, Kind
from sync_server.core.dated import History
from sync_server.core.figures.quarterly import Count, Entry, Figures, Office, add_up
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.office_data import Field, Officer, Procedure
from sync_server.core.quarter import VIETNAM, Quarter
from sync_server.core.surveys import MAIN_CRITERION, Surveys
from sync_server.store.cells import cells
from sync_server.store.database import Database
from sync_server.store.kept import Asked, keep, recall
from sync_server.store.records import book, books, known_sites
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
    """Count a site's quarter, under the names and by the surveys of its time; UnknownSite when there is none."""
    asked = Asked("quarter", site, quarter.first, quarter.last)
    with database.reading() as connection:
        # What was refused is not kept: it is few, and looked up at once.
        refused = _refused(connection, site, quarter)
        version, kept = recall(connection, asked, Figures)
        found = _computed(connection, site, quarter) if kept is None else kept
    if kept is None:
        keep(database, asked, version, found)
    return replace(found, uncounted=found.uncounted + refused)


def _computed(connection: Connection, site: str, quarter: Quarter) -> Figures:
    if site not in known_sites(connection):
        raise UnknownSite(site)
    named = book(connection, site)
    surveys = named.all_surveys
    fields = _entries(named.fields, quarter, lambda entry: "")
    inside, undated = [], 0
    for cell in cells(connection, site, quarter.first, quarter.last):
        if cell.lies_within(quarter.first, quarter.last):
            inside.append(cell)
        elif cell.criterion is None and cell.outcome == VisitOutcome.ANSWERED:
            undated += cell.votes
    return add_up(
        quarter,
        _office(named, quarter.last),
        _counts(inside, surveys),
        officers=_entries(named.officers, quarter, lambda entry: _name(fields, entry.field)),
        fields=fields,
        procedures=_entries(named.procedures, quarter, lambda entry: _name(fields, entry.field), present=False),
        surveys=surveys,
        in_force=named.survey_on(quarter.last)[0],
        rules=named.rules_on(quarter.last),
        refused=0,
        undated=undated,
    )


def _counts(of_quarter: Iterable[VoteCell], surveys: Surveys) -> Iterator[Count]:
    for cell in of_quarter:
        # Of a survey that is not known here, any one question shows how many votes it has.
        main = surveys[cell.survey].main if cell.survey in surveys else MAIN_CRITERION
        if cell.criterion == main and cell.level is not None:
            yield Count(cell.survey, cell.level, cell.officer, cell.field, cell.procedure, cell.votes)


def _refused(connection: Connection, site: str, quarter: Quarter) -> int:
    # A refused vote may be unreadable, so it belongs to the quarter it arrived in.
    begin = datetime.combine(quarter.first, time(), VIETNAM)
    end = datetime.combine(quarter.next().first, time(), VIETNAM)
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
    history: History[Named], quarter: Quarter, note: Callable[[Named], str], *, present: bool = True
) -> dict[str, Entry]:
    """Return what is named in a quarter, and by its nearest name what was or will be there at another time."""
    there = history.during(quarter.first, quarter.last)
    entries = {}
    for key in history.keys:
        content = there.get(key) or history.nearest(key, quarter.last)
        if content is not None:
            entries[key] = Entry(content.name, note(content), present and key in there)
    return entries


def _name(fields: Mapping[str, Entry], key: str) -> str:
    return fields[key].name if key in fields else key
