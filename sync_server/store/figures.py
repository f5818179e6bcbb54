"""Reading the figures: always counted from the votes themselves."""

from datetime import datetime, time

from sqlalchemy import Connection, Table, func, select

from protocol.visits import VisitOutcome
from sync_server.core.acceptance import STORED_ALREADY
from sync_server.core.figures.quarterly import Count, Entry, Figures, Office, add_up
from sync_server.core.quarter import VIETNAM, Quarter
from sync_server.core.surveys import MAIN_CRITERION
from sync_server.store.database import Database
from sync_server.store.schema import answers, fields, officers, procedures, quarantine, sites, streams, votes


class UnknownSite(LookupError):
    """No office data were imported for the site."""


def offices(database: Database) -> tuple[Office, ...]:
    """Return every site there is, ordered by its key."""
    with database.reading() as connection:
        rows = connection.execute(select(sites).order_by(sites.c.site)).all()
    return tuple(Office(row.site, row.office, row.unit) for row in rows)


def figures(database: Database, site: str, quarter: Quarter) -> Figures:
    """Count a site's quarter; UnknownSite when there is no such site."""
    with database.reading() as connection:
        row = connection.execute(select(sites).where(sites.c.site == site)).one_or_none()
        if row is None:
            raise UnknownSite(site)
        named_fields = _entries(connection, fields, "field", site)
        return add_up(
            quarter,
            Office(row.site, row.office, row.unit),
            _counts(connection, site, quarter),
            officers=_in_their_field(connection, officers, "officer", site, named_fields),
            fields=named_fields,
            procedures=_in_their_field(connection, procedures, "procedure", site, named_fields),
            refused=_refused(connection, site, quarter),
            undated=_undated(connection, site, quarter),
        )


def _counts(connection: Connection, site: str, quarter: Quarter) -> tuple[Count, ...]:
    # One query for everything: the total and all tables agree whatever is being written meanwhile.
    alike = (votes.c.survey, answers.c.level, votes.c.officer, votes.c.field, votes.c.procedure)
    rows = connection.execute(
        select(*alike, func.count().label("votes"))
        .join(answers, answers.c.vote_id == votes.c.vote_id)
        .where(
            votes.c.site == site,
            votes.c.day >= quarter.first,
            votes.c.until_day <= quarter.last,
            answers.c.criterion == MAIN_CRITERION,
            votes.c.outcome == VisitOutcome.ANSWERED,
        )
        .group_by(*alike)
    )
    return tuple(Count(row.survey, row.level, row.officer, row.field, row.procedure, row.votes) for row in rows)


def _undated(connection: Connection, site: str, quarter: Quarter) -> int:
    overlaps = (votes.c.day <= quarter.last) & (votes.c.until_day >= quarter.first)
    spans = (votes.c.day < quarter.first) | (votes.c.until_day > quarter.last)
    return connection.execute(
        select(func.count())
        .select_from(votes)
        .where(votes.c.site == site, overlaps, spans, votes.c.outcome == VisitOutcome.ANSWERED)
    ).scalar_one()


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


def _entries(connection: Connection, table: Table, key: str, site: str) -> dict[str, Entry]:
    rows = connection.execute(select(table.c[key], table.c.name).where(table.c.site == site))
    return {row[0]: Entry(row.name) for row in rows}


def _in_their_field(
    connection: Connection, table: Table, key: str, site: str, named_fields: dict[str, Entry]
) -> dict[str, Entry]:
    rows = connection.execute(select(table.c[key], table.c.name, table.c.field).where(table.c.site == site))
    return {row[0]: Entry(row.name, named_fields[row.field].name) for row in rows}
