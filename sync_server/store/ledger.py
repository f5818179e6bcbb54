"""The ledger of the streams: what is held of each, what its kiosk says there is, and what became of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, delete, func, insert, select, update

from protocol.messages import Number, Replaced, StreamId
from protocol.topics import Address
from sync_server.core.acceptance import STORED_ALREADY, Held
from sync_server.core.completeness import KioskLedger, LastReport, StreamLedger
from sync_server.core.gaps import Gap, without
from sync_server.store.among import among
from sync_server.store.database import Database, DatabaseTrouble, insert_or_update
from sync_server.store.schema import kiosk_status, kiosks, quarantine, stream_gaps, streams, votes


class StreamMoved(DatabaseTrouble):
    """Another writer has advanced a stream since it was read; nothing may be written on that ground."""

    def __init__(self) -> None:
        super().__init__("another process takes votes of the same stream")


@dataclass(frozen=True)
class StreamRow:
    """What the ledger says of a stream."""

    address: Address
    held: Held
    highest_announced: int = 0


@dataclass(frozen=True)
class Move:
    """How a transaction leaves a stream that it found at *was*."""

    stream: StreamId
    was: int
    held: Held
    highest_announced: int
    conflicts: int = 0  # more of them


def find_streams(connection: Connection, wanted: Iterable[StreamId]) -> dict[StreamId, StreamRow]:
    """Return those of the streams that were ever heard of."""
    return _stream_rows(connection, _these(connection, wanted))


def lock_streams(connection: Connection, wanted: Iterable[StreamId]) -> dict[StreamId, StreamRow]:
    """Return the same, to be written about: nobody else changes them, or their gaps, until the transaction ends.

    To be called once in a transaction, for all of them. On SQLite, where only one writes at a time, it locks nothing.
    """
    # Always in the same order, as in `move_streams`; and not against the votes of others, which refer to these rows.
    locked = _these(connection, wanted).order_by(streams.c.stream).with_for_update(key_share=True)
    return _stream_rows(connection, locked)


def _these(connection: Connection, wanted: Iterable[StreamId]) -> Select[Any]:
    return select(
        streams.c.stream,
        streams.c.site,
        streams.c.kiosk,
        streams.c.stored_up_to,
        streams.c.chain,
        streams.c.highest_announced,
    ).where(among(connection, streams.c.stream, wanted))


def _stream_rows(connection: Connection, asked: Select[Any]) -> dict[StreamId, StreamRow]:
    return {
        row.stream: StreamRow(Address(row.site, row.kiosk), Held(row.stored_up_to, row.chain), row.highest_announced)
        for row in connection.execute(asked)
    }


def count_streams(connection: Connection, address: Address) -> int:
    """How many streams a kiosk has begun."""
    mine = select(func.count()).where(streams.c.site == address.site, streams.c.kiosk == address.kiosk)
    return int(connection.scalar(mine) or 0)


def count_conflicts(connection: Connection, stream: StreamId) -> int:
    """How many votes of a stream came under numbers that other votes have."""
    return int(connection.scalar(select(streams.c.conflicts).where(streams.c.stream == stream)) or 0)


def begin_stream(connection: Connection, stream: StreamId, address: Address, now: datetime) -> StreamRow:
    """Note a new stream of a kiosk, nothing stored of it yet."""
    begun = StreamRow(address, Held())
    connection.execute(
        insert(streams).values(
            stream=stream,
            site=address.site,
            kiosk=address.kiosk,
            stored_up_to=begun.held.stored_up_to,
            chain=begun.held.chain,
            highest_announced=0,
            conflicts=0,
            first_seen=now,
            last_seen=now,
        )
    )
    return begun


def move_streams(connection: Connection, moves: Sequence[Move], now: datetime) -> None:
    """Leave the streams as told; StreamMoved when one of them no longer stands where it was found.

    To be called before anything else is written about them: whoever else takes votes of the same stream waits here.
    """
    if not moves:
        return
    seen = bindparam("seen", type_=streams.c.last_seen.type)
    moved = connection.execute(
        update(streams)
        .where(streams.c.stream == bindparam("of"), streams.c.stored_up_to == bindparam("was"))
        .values(
            stored_up_to=bindparam("now_stored"),
            chain=bindparam("now_chain"),
            # Another process may have heard of a higher number meanwhile, and it never falls.
            highest_announced=case(
                (streams.c.highest_announced > bindparam("announced"), streams.c.highest_announced),
                else_=bindparam("announced"),
            ),
            conflicts=streams.c.conflicts + bindparam("more_conflicts"),
            # By the newest of these the server's clock is judged: a clock that goes back must not take it along.
            last_seen=case((streams.c.last_seen > seen, streams.c.last_seen), else_=seen),
        ),
        [
            {
                "of": move.stream,
                "was": move.was,
                "now_stored": move.held.stored_up_to,
                "now_chain": move.held.chain,
                "announced": move.highest_announced,
                "more_conflicts": move.conflicts,
                "seen": now,
            }
            # Always in the same order: two processes that wait for each other's rows would wait for ever.
            for move in sorted(moves, key=lambda move: move.stream)
        ],
    )
    if moved.rowcount != len(moves):
        raise StreamMoved


def note_gap(connection: Connection, stream: StreamId, first: Number, last: Number, now: datetime) -> None:
    """Put it on record that nobody keeps these numbers any more."""
    row = {"stream": stream, "first": first, "last": last, "noted_at": now}
    insert_or_update(connection, stream_gaps, [row], ["stream", "first"])


def count_gaps(connection: Connection, stream: StreamId) -> int:
    """How many gaps a stream has on record."""
    mine = select(func.count()).select_from(stream_gaps).where(stream_gaps.c.stream == stream)
    return int(connection.scalar(mine) or 0)


def gaps_among(connection: Connection, stream: StreamId, first: Number, last: Number) -> list[Gap]:
    """Return the gaps of a stream that hold any of these numbers, ascending."""
    rows = connection.execute(
        select(stream_gaps)
        .where(stream_gaps.c.stream == stream, stream_gaps.c.first <= last, stream_gaps.c.last >= first)
        .order_by(stream_gaps.c.first)
    )
    return [Gap(row.first, row.last, row.accepted_by, row.accepted_because) for row in rows]


def fill_gap(connection: Connection, stream: StreamId, gap: Gap, numbers: Collection[Number]) -> None:
    """Put it on record that some of a gap's numbers have come after all; StreamMoved when it is not there any more.

    To be called with the stream locked (`lock_streams`) since the gap was read.
    """
    this = (stream_gaps.c.stream == stream) & (stream_gaps.c.first == gap.first) & (stream_gaps.c.last == gap.last)
    found = connection.execute(delete(stream_gaps).where(this).returning(stream_gaps.c.noted_at)).first()
    if found is None:
        raise StreamMoved
    for left in without(gap, numbers):
        connection.execute(insert(stream_gaps).values(stream=stream, noted_at=found.noted_at, **asdict(left)))


def note_replacement(
    connection: Connection, stream: StreamId, address: Address, replaced: Replaced, now: datetime
) -> None:
    """Put it on record that a kiosk continues an earlier stream of its own in this one, and close that one.

    Both come from its own message: a stream of another kiosk is left alone.
    """
    connection.execute(
        update(streams)
        .where(
            streams.c.stream == stream,
            streams.c.site == address.site,
            streams.c.kiosk == address.kiosk,
            streams.c.replaces.is_(None),
        )
        .values(replaces=replaced.stream, replaced_because=replaced.because, carried=replaced.carried)
    )
    connection.execute(
        update(streams)
        .where(
            streams.c.stream == replaced.stream,
            streams.c.site == address.site,
            streams.c.kiosk == address.kiosk,
            streams.c.closed_at.is_(None),
        )
        .values(closed_at=now, closed_by="the kiosk", closed_because=str(replaced.because))
    )


def streams_named(connection: Connection, beginning: str) -> list[StreamId]:
    """Return the streams whose id begins like this."""
    named = streams.c.stream.startswith(beginning.lower(), autoescape=True)
    return list(connection.execute(select(streams.c.stream).where(named).order_by(streams.c.stream)).scalars())


def close_stream(connection: Connection, stream: StreamId, by: str, because: str, now: datetime) -> bool:
    """Close a stream by hand, whatever is missing of it; False when it is not there or closed already."""
    closed = connection.execute(
        update(streams)
        .where(streams.c.stream == stream, streams.c.closed_at.is_(None))
        .values(closed_at=now, closed_by=by, closed_because=because)
    )
    return closed.rowcount == 1


def accept_gap(connection: Connection, stream: StreamId, first: Number, by: str, because: str) -> bool:
    """Put it on record that a person lets the figures stand without these numbers; False when there is no such gap."""
    lock_streams(connection, [stream])
    accepted = connection.execute(
        update(stream_gaps)
        .where(stream_gaps.c.stream == stream, stream_gaps.c.first == first)
        .values(accepted_by=by, accepted_because=because)
    )
    return accepted.rowcount == 1


def ids_under(connection: Connection, stream: StreamId, first: Number, last: Number) -> dict[int, str]:
    """Return the ids of the votes that are stored under these numbers."""
    rows = connection.execute(
        select(votes.c.number, votes.c.vote_id).where(votes.c.stream == stream, votes.c.number.between(first, last))
    )
    return {row.number: row.vote_id for row in rows}


def kiosk_ledgers(database: Database, site: str) -> tuple[KioskLedger, ...]:
    """Return everything that is known of the votes of a site's kiosks, in one consistent view."""
    with database.reading() as connection:
        return read_ledgers(connection, site)


def read_ledgers(connection: Connection, site: str) -> tuple[KioskLedger, ...]:
    """Return the same in the view of a transaction, ordered by the kiosks' names."""
    registered = connection.execute(
        select(kiosks.c.kiosk, kiosks.c.revoked_at).where(kiosks.c.site == site).order_by(kiosks.c.kiosk)
    ).all()
    of_streams = _stream_ledgers(connection, site)
    reports = {
        row.kiosk: LastReport(row.received_at, row.stream, row.waiting, _oldest_waiting(row.report))
        for row in connection.execute(select(kiosk_status).where(kiosk_status.c.site == site))
    }
    return tuple(
        KioskLedger(
            row.kiosk,
            tuple(of_streams.get(row.kiosk, ())),
            reports.get(row.kiosk),
            revoked=row.revoked_at is not None,
        )
        for row in registered
    )


def _stream_ledgers(connection: Connection, site: str) -> dict[str, list[StreamLedger]]:
    gaps: dict[str, list[Gap]] = {}
    for row in connection.execute(
        select(stream_gaps)
        .join(streams, streams.c.stream == stream_gaps.c.stream)
        .where(streams.c.site == site)
        .order_by(stream_gaps.c.first)
    ):
        gaps.setdefault(row.stream, []).append(Gap(row.first, row.last, row.accepted_by, row.accepted_because))
    refused: dict[str, int] = {
        row.stream: row.refused
        for row in connection.execute(
            select(quarantine.c.stream, func.count().label("refused"))
            .join(streams, streams.c.stream == quarantine.c.stream)
            .where(streams.c.site == site, quarantine.c.reason != STORED_ALREADY)
            .group_by(quarantine.c.stream)
        )
    }
    found: dict[str, list[StreamLedger]] = {}
    for row in connection.execute(select(streams).where(streams.c.site == site).order_by(streams.c.first_seen)):
        found.setdefault(row.kiosk, []).append(
            StreamLedger(
                stream=row.stream,
                stored_up_to=row.stored_up_to,
                highest_announced=row.highest_announced,
                first_seen=row.first_seen,
                last_seen=row.last_seen,
                gaps=tuple(gaps.get(row.stream, ())),
                conflicts=row.conflicts,
                refused=refused.get(row.stream, 0),
                replaces=row.replaces,
                carried=row.carried,
                closed_by=row.closed_by,
                closed_because=row.closed_because,
                closed_at=row.closed_at,
            )
        )
    return found


def _oldest_waiting(report: dict[str, object]) -> datetime | None:
    hour = report.get("oldest_waiting")
    return datetime.fromisoformat(hour) if isinstance(hour, str) else None
