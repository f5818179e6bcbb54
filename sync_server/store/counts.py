"""What the ingest has done since the beginning."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from sync_server.store.database import insert_or_add
from sync_server.store.schema import ingest_counts


def count(connection: Connection, more: Mapping[str, int]) -> None:
    """Add to the counts, in the transaction that they are about."""
    # In their order: two processes that wait for each other's rows would wait for ever.
    rows = [{"name": name, "count": number} for name, number in sorted(more.items()) if number]
    insert_or_add(connection, ingest_counts, rows, ["name"])


def ingest_totals(connection: Connection) -> dict[str, int]:
    """Return every count by its name."""
    rows = connection.execute(select(ingest_counts).order_by(ingest_counts.c.name))
    return {row[0]: int(row[1]) for row in rows}
