"""Reading how the kiosks are."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from protocol.messages import Count
from sync_server.core.completeness import KioskLedger, assess
from sync_server.core.presence import Presence
from sync_server.core.quarter import local_day
from sync_server.store.database import Database
from sync_server.store.ledger import read_ledgers
from sync_server.store.orders import setups_in_force
from sync_server.store.reports import read_report
from sync_server.store.schema import kiosk_status


def presences(database: Database, site: str, now: datetime) -> tuple[Presence, ...]:
    """Return every registered kiosk of a site with its last report and what of its votes is open, ordered by name."""
    with database.reading() as connection:
        in_force = setups_in_force(connection, [site]).get(site)
        revision = 0 if in_force is None else in_force.revision
        return presences_of(connection, site, read_ledgers(connection, site), revision, now)


def presences_of(
    connection: Connection, site: str, ledgers: Iterable[KioskLedger], setup: Count, now: datetime
) -> tuple[Presence, ...]:
    """Return the same of ledgers and the setup's revision that were read in this transaction, in the ledgers' order."""
    rows = connection.execute(
        select(kiosk_status.c.kiosk, kiosk_status.c.received_at, kiosk_status.c.gone_at, kiosk_status.c.report).where(
            kiosk_status.c.site == site
        )
    )
    heard = {row.kiosk: row for row in rows}
    found = []
    for ledger in ledgers:
        findings = assess(ledger, local_day(now), now).findings
        still_open = frozenset(finding.kind for finding in findings if finding.missing)
        row = heard.get(ledger.kiosk)
        found.append(
            Presence(
                kiosk=ledger.kiosk,
                reported_at=None if row is None else row.received_at,
                report=None if row is None else read_report(row.report),
                gone_at=None if row is None else row.gone_at,
                open=still_open,
                revoked=ledger.revoked,
                setup=setup,
            )
        )
    return tuple(found)
