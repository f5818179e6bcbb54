"""Setups that fall due: what an office said ahead of the day from which it holds, and what it has published."""

from datetime import date, datetime

from sqlalchemy import Connection, func, select

from sync_server.core.quarter import local_day
from sync_server.core.setup_draft import draft
from sync_server.store.orders import put_in_force, setups_in_force
from sync_server.store.published import told_to_kiosks
from sync_server.store.records import book
from sync_server.store.schema import records

BY_THE_DATE = "the date"  # who made such a setup


def tell_kiosks(connection: Connection, site: str, by: str, now: datetime) -> None:
    """Put in force what is known of a site by now, its newest result among it, if that is news."""
    setup = draft(book(connection, site), local_day(now), told_to_kiosks(connection, site))
    if setup is not None:
        put_in_force(connection, site, setup, by, now)


def put_due_in_force(connection: Connection, today: date, now: datetime) -> int:
    """Put in force what has begun to hold since the setups were made; return how many are new."""
    newest = select(records.c.site, func.max(records.c.since).label("since")).where(records.c.since <= today)
    begun = {row.site: row.since for row in connection.execute(newest.group_by(records.c.site))}
    made = 0
    for site, present in setups_in_force(connection, begun).items():
        if begun[site] <= local_day(present.made_at):
            continue
        setup = draft(book(connection, site), today, told_to_kiosks(connection, site))
        if setup is not None and put_in_force(connection, site, setup, BY_THE_DATE, now) is not None:
            made += 1
    return made
