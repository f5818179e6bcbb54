"""Messages to rows: decode, decide, store, and only then answer. Knows no MQTT.

Everything that one call takes is one transaction: votes, refusals, the stream's number and the number of
changes. Whatever is taken twice is stored once.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from protocol.codec import MalformedMessage, decode, decode_batch, encode
from protocol.messages import Hello, KioskStatus, Receipt, Refusal, StreamId, whole_hour
from protocol.topics import Address, Channel, UnknownTopic, parse, topic
from sync_server.core.acceptance import Accepted, Refused, accept, refuse
from sync_server.core.attribution import attribute
from sync_server.store.changes import bump
from sync_server.store.database import CannotBeStored, Connection, Database, DatabaseTrouble
from sync_server.store.fleet import has_kiosk, save_status
from sync_server.store.quarantine import SetApart, set_apart
from sync_server.store.votes import (
    advance_stream,
    begin_stream,
    case_attributions,
    count_streams,
    counter_attributions,
    find_stream,
    insert_votes,
    known_ids,
)

log = logging.getLogger(__name__)

# A new stream is a new SD card; a kiosk that claims more than this is broken or hostile.
MOST_STREAMS = 100


@dataclass(frozen=True)
class Incoming:
    """A message as it came from the broker."""

    topic: str
    payload: bytes


@dataclass(frozen=True)
class Outgoing:
    """A message to be published."""

    topic: str
    payload: bytes


class _SetApart(Exception):
    """The message as a whole cannot be used; the text says why."""


class Ingest:
    """Takes messages into the database."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def take(self, messages: Sequence[Incoming]) -> list[Outgoing]:
        """Store what the messages bring and return the answers; DatabaseTrouble when nothing could be stored.

        A message that cannot be stored for what it contains is set apart, and the others are stored without it.
        """
        try:
            return self._take_together(messages)
        except DatabaseTrouble:
            raise
        except Exception:
            return [answer for message in messages for answer in self._take_alone(message)]

    def _take_together(self, messages: Sequence[Incoming]) -> list[Outgoing]:
        now = self._now()
        answers: list[Outgoing] = []
        with self._database.writing() as connection:
            for message in messages:
                try:
                    answers += self._take_one(connection, message, now)
                except _SetApart as reason:
                    log.warning("a message is set apart: %s", reason)
                    set_apart(connection, SetApart(message.topic, str(reason), message.payload), now)
        return answers

    def _take_alone(self, message: Incoming) -> list[Outgoing]:
        try:
            return self._take_together([message])
        except DatabaseTrouble:
            raise
        except Exception as error:
            # Whatever it is, it must not keep the votes of others out. Its text may quote the message: only its kind.
            reason = str(error) if isinstance(error, CannotBeStored) else f"internal error: {type(error).__name__}"
            log.error("a message is set apart: %s", reason)
            with self._database.writing() as connection:
                set_apart(connection, SetApart(message.topic, reason, message.payload), self._now())
            return []

    def _take_one(self, connection: Connection, message: Incoming, now: datetime) -> list[Outgoing]:
        place = parse(message.topic)
        if isinstance(place, UnknownTopic):
            raise _SetApart(place.reason)
        if not has_kiosk(connection, place.address):
            raise _SetApart("no such kiosk")
        try:
            match place.channel:
                case Channel.VOTES:
                    return self._take_votes(connection, place.address, message, now)
                case Channel.HELLO:
                    return self._take_hello(connection, place.address, decode(message.payload, Hello), now)
                case Channel.STATUS:
                    save_status(connection, place.address, decode(message.payload, KioskStatus), now)
                    bump(connection)
                    return []
                case Channel.RECEIPT:
                    raise _SetApart("a channel that only the server speaks on")
        except MalformedMessage as error:
            raise _SetApart(str(error)) from None

    def _take_hello(self, connection: Connection, address: Address, hello: Hello, now: datetime) -> list[Outgoing]:
        stored_up_to = self._stream_of(connection, hello.stream, address, now)
        return [_receipt(address, hello.stream, stored_up_to, now)]

    def _take_votes(self, connection: Connection, address: Address, message: Incoming, now: datetime) -> list[Outgoing]:
        batch = decode_batch(message.payload)
        stored_up_to = self._stream_of(connection, batch.stream, address, now)
        accepted = accept(stored_up_to, batch)
        if accepted.stored_up_to > stored_up_to:
            # First, because it is the fence: whoever else writes the same stream waits here, and then gives up.
            advance_stream(connection, batch.stream, stored_up_to, accepted.stored_up_to, now)
            refused = self._store(connection, batch.stream, address, accepted, message, now)
            bump(connection)
            return [_receipt(address, batch.stream, accepted.stored_up_to, now, refused)]
        return [_receipt(address, batch.stream, stored_up_to, now)]

    def _store(
        self,
        connection: Connection,
        stream: StreamId,
        address: Address,
        accepted: Accepted,
        message: Incoming,
        now: datetime,
    ) -> Sequence[Refused]:
        known = known_ids(connection, (vote.vote_id for vote in accepted.votes))
        seen: set[str] = set(known)
        refused = list(accepted.refused)
        fresh = []
        for vote in accepted.votes:
            if vote.vote_id in seen:
                refused.append(refuse(vote, "its id is stored already"))
            else:
                seen.add(vote.vote_id)
                fresh.append(vote)
        cases = case_attributions(connection, address.site, {vote.case_token for vote in fresh if vote.case_token})
        counters = counter_attributions(connection, address.site)
        insert_votes(connection, stream, address, [(vote, attribute(vote, cases, counters)) for vote in fresh], now)
        for entry in refused:
            apart = SetApart(message.topic, entry.reason, entry.raw, stream, entry.number)
            set_apart(connection, apart, whole_hour(now))  # no finer than the hour of the vote itself
        return refused

    def _stream_of(self, connection: Connection, stream: StreamId, address: Address, now: datetime) -> int:
        row = find_stream(connection, stream)
        if row is None:
            if count_streams(connection, address) >= MOST_STREAMS:
                raise _SetApart("this kiosk has begun too many streams")
            begin_stream(connection, stream, address, now)
            return 0
        if row.address != address:
            raise _SetApart("the stream belongs to another kiosk")
        return row.stored_up_to


def _receipt(
    address: Address, stream: StreamId, stored_up_to: int, now: datetime, refused: Sequence[Refused] = ()
) -> Outgoing:
    refusals = tuple(Refusal(entry.number, entry.reason[:200]) for entry in sorted(refused, key=lambda r: r.number))
    receipt = Receipt(stream=stream, stored_up_to=stored_up_to, time=now, refused=refusals)
    return Outgoing(topic(address, Channel.RECEIPT), encode(receipt))
