"""The newest moment at which anything was received: the server's clock never stands before it."""

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from sync_server.store.database import DatabaseTrouble
from sync_server.store.schema import streams


class ServerClockWrong(DatabaseTrouble):
    """Nothing may be taken while the clock is wrong; the text says what it shows and what to do."""


def newest_received(connection: Connection) -> datetime | None:
    """Return when a kiosk was heard last; None before the first."""
    newest: datetime | None = connection.scalar(select(func.max(streams.c.last_seen)))
    return newest


def trust_clock(connection: Connection, now: datetime) -> int:
    """Forget that anything was received later than now; return of how many streams."""
    return connection.execute(update(streams).where(streams.c.last_seen > now).values(last_seen=now)).rowcount
