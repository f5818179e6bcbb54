"""Which days the labelling rules have yet to look at: marked in the transaction that brings votes or cases of them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from sqlalchemy import Connection, delete, func, select

from protocol.messages import whole_hour
from sync_server.store.bulk import bulk_insert
from sync_server.store.database import insert_or_update
from sync_server.store.schema import unjudged_days, votes

SiteDay = tuple[str, date]

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def mark_unjudged(connection: Connection, site_days: Iterable[SiteDay], now: datetime) -> None:
    """Have the rules look at these days once they have been quiet; the mark is no finer than the hour."""
    rows = [{"site": site, "day": day, "touched_hour": whole_hour(now)} for site, day in sorted(set(site_days))]
    insert_or_update(connection, unjudged_days, rows, ["site", "day"])


def mark_days_since(connection: Connection, site: str, since: date) -> None:
    """Have the rules look again, soon, at every day with votes from this one on: what an office says has changed."""
    within = (votes.c.site == site) & (votes.c.day >= since)
    days = connection.execute(select(votes.c.day).where(within).distinct().order_by(votes.c.day)).scalars().all()
    bulk_insert(connection, unjudged_days, ("site", "day", "touched_hour"), [(site, day, _LONG_AGO) for day in days])


def unjudged(connection: Connection, until: datetime, site: str | None = None) -> list[SiteDay]:
    """Return the days, of one site or all, of which nothing has come after this moment; in order."""
    query = select(unjudged_days.c.site, unjudged_days.c.day).where(unjudged_days.c.touched_hour <= until)
    if site is not None:
        query = query.where(unjudged_days.c.site == site)
    return sorted((row.site, row.day) for row in connection.execute(query))


def take_unjudged(connection: Connection, site_day: SiteDay, until: datetime) -> bool:
    """Take the mark off a day, unless more has come after this moment.

    Whoever adds some in another transaction waits here, and marks it again, or has marked it and is waited for.
    """
    site, day = site_day
    mark = (unjudged_days.c.site == site) & (unjudged_days.c.day == day) & (unjudged_days.c.touched_hour <= until)
    return bool(connection.execute(delete(unjudged_days).where(mark)).rowcount)


def count_unjudged(connection: Connection) -> int:
    """Return how many days the rules have yet to look at."""
    return connection.scalar(select(func.count()).select_from(unjudged_days)) or 0
