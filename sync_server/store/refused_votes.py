"""Refused votes, under their numbers: naming them, and judging them anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from protocol.codec import MalformedMessage, decode
from protocol.messages import StreamId, Vote, whole_hour
from protocol.topics import Address
from sync_server.core.acceptance import STORED_ALREADY, until_hour, why_refused
from sync_server.core.attribution import attribute
from sync_server.core.surveys import Surveys
from sync_server.store.changes import bump
from sync_server.store.records import surveys_of
from sync_server.store.schema import quarantine, streams
from sync_server.store.votes import NewVote, attributions, insert_votes, known_ids


@dataclass(frozen=True)
class RefusedVote:
    """A vote that takes its number and is not counted."""

    id: int
    address: Address
    stream: StreamId
    number: int
    received_at: datetime
    reason: str
    payload: bytes


def refused_votes(connection: Connection) -> Iterator[RefusedVote]:
    """Return every refused vote, by stream and number; not those that are counted under another number."""
    rows = connection.execute(
        select(quarantine, streams.c.site, streams.c.kiosk)
        .join(streams, streams.c.stream == quarantine.c.stream)
        .where(quarantine.c.number.is_not(None), quarantine.c.reason != STORED_ALREADY)
        .order_by(streams.c.site, streams.c.kiosk, quarantine.c.stream, quarantine.c.number)
    )
    for row in rows:
        address = Address(row.site, row.kiosk)
        yield RefusedVote(row.id, address, row.stream, row.number, row.received_at, row.reason, bytes(row.payload))


def count_refused(connection: Connection, stream: StreamId) -> int:
    """How many votes of a stream are refused."""
    return _count(connection, (quarantine.c.stream == stream) & (quarantine.c.reason != STORED_ALREADY))


def count_stored_already(connection: Connection, stream: StreamId) -> int:
    """How many votes of a stream are kept although they are counted under other numbers."""
    return _count(connection, (quarantine.c.stream == stream) & (quarantine.c.reason == STORED_ALREADY))


def _count(connection: Connection, these: ColumnElement[bool]) -> int:
    return int(connection.scalar(select(func.count()).select_from(quarantine).where(these)) or 0)


def retry_refused(connection: Connection, now: datetime) -> tuple[int, int]:
    """Count what can be counted by now; return how many that were, and how many are still refused.

    A vote that is refused under several numbers, because its kiosk carried it over, is counted under one of them.
    """
    refused = list(refused_votes(connection))
    surveys = surveys_of(connection, {entry.address.site for entry in refused})
    countable = [
        (entry, vote) for entry in refused if (vote := _countable(entry, surveys[entry.address.site], now)) is not None
    ]
    seen = known_ids(connection, (vote.vote_id for _, vote in countable))
    good, elsewhere = [], []
    for entry, vote in countable:
        if vote.vote_id in seen:
            elsewhere.append(entry.id)
        else:
            seen.add(vote.vote_id)
            good.append((entry, vote))
    for row in elsewhere:
        connection.execute(update(quarantine).where(quarantine.c.id == row).values(reason=STORED_ALREADY))
    known = attributions(connection, ((entry.address.site, vote) for entry, vote in good))
    for entry, vote in good:
        about = attribute(entry.address.site, vote, known)
        latest = until_hour(vote, whole_hour(entry.received_at))
        insert_votes(connection, [NewVote(entry.stream, entry.address, vote, about, latest)], entry.received_at)
        connection.execute(delete(quarantine).where(quarantine.c.id == entry.id))
    if countable:
        bump(connection)
    return len(good), len(refused) - len(countable)


def _countable(entry: RefusedVote, surveys: Surveys, now: datetime) -> Vote | None:
    try:
        vote = decode(entry.payload, Vote)
    except MalformedMessage:
        return None
    return vote if vote.number == entry.number and why_refused(vote, surveys, now) is None else None
