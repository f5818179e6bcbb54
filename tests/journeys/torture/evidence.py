"""What an office's tables hold at the end, read as they are."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from protocol.visits import VisitOutcome
from sync_server.store.database import Database
from sync_server.store.schema import answers, kiosk_status, quarantine, stream_gaps, streams, votes


@dataclass(frozen=True)
class StoredVote:
    """A vote in the table."""

    vote_id: str
    stream: str
    number: int
    kiosk: str
    hour: datetime
    until_hour: datetime
    day: date
    until_day: date
    case_token: str | None
    level: int | None
    outcome: str = VisitOutcome.ANSWERED


@dataclass(frozen=True)
class SetApart:
    """A vote in the quarantine, under its number."""

    stream: str
    number: int
    reason: str
    vote_id: str | None


@dataclass(frozen=True)
class LedgerLine:
    """What the ledger says of a stream."""

    stream: str
    kiosk: str
    stored_up_to: int
    chain: str
    closed: bool


@dataclass(frozen=True)
class Tables:
    """Everything that is compared."""

    votes: tuple[StoredVote, ...]
    apart: tuple[SetApart, ...]
    ledger: tuple[LedgerLine, ...]
    gaps: int


def read_tables(url: str) -> Tables:
    """Read them in one view; DatabaseTrouble."""
    with _reading(url) as connection:
        return Tables(
            _votes(connection),
            tuple(
                SetApart(row.stream, row.number, row.reason, _id_in(row.payload))
                for row in connection.execute(select(quarantine).where(quarantine.c.number.is_not(None)))
            ),
            _ledger(connection),
            len(connection.execute(select(stream_gaps)).all()),
        )


def read_ledger(url: str) -> tuple[LedgerLine, ...]:
    """Read the ledger alone; DatabaseTrouble."""
    with _reading(url) as connection:
        return _ledger(connection)


def read_reports(url: str) -> dict[str, str]:
    """Read which stream each kiosk spoke of in its last status; DatabaseTrouble."""
    with _reading(url) as connection:
        return {row.kiosk: row.stream for row in connection.execute(select(kiosk_status))}


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    database = Database(url)
    try:
        with database.reading() as connection:
            yield connection
    finally:
        database.close()


def _ledger(connection: Connection) -> tuple[LedgerLine, ...]:
    return tuple(
        LedgerLine(row.stream, row.kiosk, row.stored_up_to, row.chain, row.closed_at is not None)
        for row in connection.execute(select(streams))
    )


def _votes(connection: Connection) -> tuple[StoredVote, ...]:
    wanted = [votes.c[name] for name in StoredVote.__dataclass_fields__ if name != "level"]
    joined = select(*wanted, answers.c.level).outerjoin(answers, answers.c.vote_id == votes.c.vote_id)
    return tuple(StoredVote(**row._mapping) for row in connection.execute(joined))


def _id_in(payload: bytes) -> str | None:
    try:
        found = json.loads(payload)["vote_id"]
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None
