"""What the ingest has done since the beginning."""

from collections.abc import Mapping

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from sync_server.store.schema import ingest_counts


def count(connection: Connection, more: Mapping[str, int]) -> None:
    """Add to the counts, in the transaction that they are about."""
    rows = [{"name": name, "count": number} for name, number in sorted(more.items()) if number]
    if not rows:
        return
    insert = (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(ingest_counts)
    added = insert.on_conflict_do_update(
        index_elements=["name"], set_={"count": ingest_counts.c["count"] + insert.excluded["count"]}
    )
    connection.execute(added, rows)


def ingest_totals(connection: Connection) -> dict[str, int]:
    """Return every count by its name."""
    rows = connection.execute(select(ingest_counts).order_by(ingest_counts.c.name))
    return {row[0]: int(row[1]) for row in rows}
