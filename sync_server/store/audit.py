"""Who did what, when and why: written in the transaction that does it, and never changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from sync_server.store.schema import audit_log

AUTOMATICALLY = "the server"


@dataclass(frozen=True)
class Deed:
    """One thing that was done; *details* says for programs what exactly, in what JSON knows."""

    action: str
    by: str
    because: str
    subject: str
    site: str | None = None
    details: Mapping[str, object] | None = None


def note(connection: Connection, deed: Deed, now: datetime) -> None:
    """Put it on record."""
    connection.execute(
        insert(audit_log).values(
            done_at=now,
            done_by=deed.by,
            action=deed.action,
            site=deed.site,
            subject=deed.subject,
            because=deed.because,
            details=dict(deed.details or {}),
        )
    )


def deeds(
    connection: Connection, *, site: str | None = None, since: datetime | None = None
) -> Iterator[tuple[datetime, Deed]]:
    """Yield what stands on record, of one site or all, in the order in which it was done."""
    query = select(audit_log).order_by(audit_log.c.id)
    if site is not None:
        query = query.where(audit_log.c.site == site)
    if since is not None:
        query = query.where(audit_log.c.done_at >= since)
    for row in connection.execute(query.execution_options(yield_per=500)):
        yield row.done_at, _deed(row)


def latest_deeds(connection: Connection, site: str, most: int) -> list[tuple[datetime, Deed]]:
    """Return what was done last at a site or for all of them, the newest first, and no more than so many."""
    of_site = (audit_log.c.site == site) | audit_log.c.site.is_(None)
    query = select(audit_log).where(of_site).order_by(audit_log.c.id.desc()).limit(most)
    return [(row.done_at, _deed(row)) for row in connection.execute(query)]


def _deed(row: Row[Any]) -> Deed:
    return Deed(row.action, row.done_by, row.because, row.subject, row.site, row.details)
