"""What cannot be counted, kept with its reason and within bounds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from sync_server.store.columns import storable
from sync_server.store.database import insert_or_add
from sync_server.store.schema import quarantine, refusals

LONGEST_PAYLOAD = 4096
LONGEST_TOPIC = 200
LONGEST_KIND = 200
# Numbered rows are votes and always stay; the rest is noise, of which the newest suffices.
MOST_UNNUMBERED = 10_000
CLEAN_EVERY = 100  # rows


@dataclass(frozen=True)
class SetApart:
    """One message, or one vote of it, that is not counted."""

    topic: str
    reason: str
    payload: bytes
    received_at: datetime
    stream: str | None = None
    number: int | None = None


def set_apart(connection: Connection, items: Sequence[SetApart]) -> None:
    """Keep what cannot be counted, and count it under its reason."""
    if not items:
        return
    newest_before = _newest(connection)
    connection.execute(
        insert(quarantine),
        [
            {
                "received_at": item.received_at,
                "topic": storable(item.topic)[:LONGEST_TOPIC],
                "stream": item.stream,
                "number": item.number,
                "reason": storable(item.reason),
                "size": len(item.payload),
                "payload": item.payload[:LONGEST_PAYLOAD],
            }
            for item in items
        ],
    )
    more = Counter(_kind(storable(item.reason))[:LONGEST_KIND] for item in items)
    # In their order: two processes that wait for each other's rows would wait for ever.
    counts = [{"reason": kind, "count": number} for kind, number in sorted(more.items())]
    insert_or_add(connection, refusals, counts, ["reason"])
    if newest_before // CLEAN_EVERY != _newest(connection) // CLEAN_EVERY:
        _drop_oldest(connection)


def refusal_counts(connection: Connection) -> dict[str, int]:
    """Return how often each reason has occurred since the beginning."""
    rows = connection.execute(select(refusals.c.reason, refusals.c.count).order_by(refusals.c.reason))
    return {reason: int(count) for reason, count in rows}


def _kind(reason: str) -> str:
    """Leave the place in the message away: there are as many places as bytes, and each would be counted apart."""
    return reason.partition(" - at ")[0].partition(" (byte")[0].partition(" in position ")[0]


def _newest(connection: Connection) -> int:
    return int(connection.scalar(select(func.max(quarantine.c.id))) or 0)


def _drop_oldest(connection: Connection) -> None:
    unnumbered = quarantine.c.number.is_(None)
    surplus = connection.scalar(select(func.count()).select_from(quarantine).where(unnumbered)) or 0
    if surplus > MOST_UNNUMBERED:
        oldest = select(quarantine.c.id).where(unnumbered).order_by(quarantine.c.id).limit(surplus - MOST_UNNUMBERED)
        connection.execute(delete(quarantine).where(quarantine.c.id.in_(oldest)))
