"""Streams and votes: what the ingest writes, each function inside its transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from protocol.messages import CaseToken, StreamId, Vote, VoteId, whole_hour
from protocol.topics import Address
from sync_server.core.attribution import Attribution
from sync_server.core.quarter import local_day
from sync_server.store.database import DatabaseTrouble
from sync_server.store.schema import answers, cases, counters, officers, procedures, streams, votes


class StreamMoved(DatabaseTrouble):
    """Another writer has advanced the stream since it was read; nothing may be written on that ground."""

    def __init__(self) -> None:
        super().__init__("another process takes votes of the same stream")


@dataclass(frozen=True)
class StreamRow:
    """What the server knows of a stream."""

    address: Address
    stored_up_to: int


def find_stream(connection: Connection, stream: StreamId) -> StreamRow | None:
    """Return the stream, or None when it was never heard of."""
    row = connection.execute(
        select(streams.c.site, streams.c.kiosk, streams.c.stored_up_to).where(streams.c.stream == stream)
    ).one_or_none()
    return None if row is None else StreamRow(Address(row.site, row.kiosk), row.stored_up_to)


def count_streams(connection: Connection, address: Address) -> int:
    """How many streams a kiosk has begun."""
    mine = select(func.count()).where(streams.c.site == address.site, streams.c.kiosk == address.kiosk)
    return int(connection.scalar(mine) or 0)


def begin_stream(connection: Connection, stream: StreamId, address: Address, now: datetime) -> None:
    """Note a new stream of a kiosk, nothing stored of it yet."""
    connection.execute(
        insert(streams).values(
            stream=stream, site=address.site, kiosk=address.kiosk, stored_up_to=0, first_seen=now, last_seen=now
        )
    )


def advance_stream(connection: Connection, stream: StreamId, was: int, stored_up_to: int, now: datetime) -> None:
    """Move a stream on; StreamMoved when it no longer stands at *was*."""
    moved = connection.execute(
        update(streams)
        .where(streams.c.stream == stream, streams.c.stored_up_to == was)
        .values(stored_up_to=stored_up_to, last_seen=now)
    )
    if moved.rowcount != 1:
        raise StreamMoved


def known_ids(connection: Connection, ids: Iterable[VoteId]) -> set[VoteId]:
    """Return those of the ids that are stored already."""
    return set(connection.execute(select(votes.c.vote_id).where(votes.c.vote_id.in_(list(ids)))).scalars())


def case_attributions(connection: Connection, site: str, tokens: Iterable[CaseToken]) -> dict[CaseToken, Attribution]:
    """Return what the case register knows of these tokens."""
    rows = connection.execute(
        select(cases.c.case_token, cases.c.officer, procedures.c.field, cases.c.procedure)
        .join(procedures, (procedures.c.site == cases.c.site) & (procedures.c.procedure == cases.c.procedure))
        .where(cases.c.site == site, cases.c.case_token.in_(list(tokens)))
    )
    return {row.case_token: Attribution(row.officer, row.field, row.procedure) for row in rows}


def counter_attributions(connection: Connection, site: str) -> dict[int, Attribution]:
    """Return who serves each counter of a site."""
    rows = connection.execute(
        select(counters.c.counter, counters.c.officer, officers.c.field)
        .join(officers, (officers.c.site == counters.c.site) & (officers.c.officer == counters.c.officer))
        .where(counters.c.site == site)
    )
    return {row.counter: Attribution(row.officer, row.field) for row in rows}


def insert_votes(
    connection: Connection,
    stream: StreamId,
    address: Address,
    attributed: Sequence[tuple[Vote, Attribution]],
    now: datetime,
) -> None:
    """Insert votes that are all new, with their answers."""
    if not attributed:
        return
    connection.execute(
        insert(votes),
        [
            {
                "vote_id": vote.vote_id,
                "stream": stream,
                "number": vote.number,
                "site": address.site,
                "kiosk": address.kiosk,
                "hour": vote.hour,
                "day": local_day(vote.hour),
                "survey": vote.survey,
                "counter": vote.counter,
                "case_token": vote.case_token,
                "officer": about.officer,
                "field": about.field,
                "procedure": about.procedure,
                "received_hour": whole_hour(now),
            }
            for vote, about in attributed
        ],
    )
    connection.execute(
        insert(answers),
        [
            {"vote_id": vote.vote_id, "criterion": criterion, "level": level}
            for vote, _ in attributed
            for criterion, level in vote.answers.items()
        ],
    )
