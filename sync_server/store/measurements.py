"""Reading what monitors are told."""

from datetime import datetime

from sqlalchemy import select

from sync_server.core.completeness import incomplete_streams
from sync_server.core.metrics import Measured, SiteMeasured
from sync_server.store.counts import ingest_totals
from sync_server.store.database import Database
from sync_server.store.ledger import read_ledgers
from sync_server.store.orders import setups_in_force
from sync_server.store.presence import presences_of
from sync_server.store.quarantine import refusal_counts
from sync_server.store.schema import sites


def measure(database: Database, now: datetime) -> Measured:
    """Read everything in one consistent view."""
    with database.reading() as connection:
        named = list(connection.execute(select(sites.c.site).order_by(sites.c.site)).scalars())
        setups = setups_in_force(connection, named)
        measured = []
        for site in named:
            ledgers = read_ledgers(connection, site)
            revision = setups[site].revision if site in setups else 0
            measured.append(
                SiteMeasured(
                    site,
                    presences_of(connection, site, ledgers, revision, now),
                    revision,
                    sum(incomplete_streams(ledger, now) for ledger in ledgers),
                )
            )
        return Measured(ingest_totals(connection), refusal_counts(connection), tuple(measured))
