"""One transaction of the ingest: everything some messages bring, and the answers once it is committed."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from protocol.codec import UnreadableVote, encode
from protocol.messages import Nonce, Number, Receipt, Refusal, StreamId, Vote, whole_hour
from protocol.topics import Address, Channel, topic
from sync_server.core.acceptance import (
    STORED_ALREADY,
    Accepted,
    Held,
    Refused,
    accept,
    judge,
    raw_of,
    refuse,
    until_hour,
)
from sync_server.core.attribution import attribute
from sync_server.core.gaps import Gap, growth
from sync_server.core.surveys import Surveys
from sync_server.reading import Greeting, Incoming, Report, Said, Unusable, Votes
from sync_server.store.changes import bump
from sync_server.store.counts import count
from sync_server.store.database import Connection
from sync_server.store.fleet import Standing, standings
from sync_server.store.ledger import (
    Move,
    StreamRow,
    begin_stream,
    count_gaps,
    count_streams,
    fill_gap,
    gaps_among,
    ids_under,
    lock_streams,
    move_streams,
    note_gap,
    note_replacement,
)
from sync_server.store.orders import note_answers, pending, put_again, setups_in_force
from sync_server.store.quarantine import SetApart, set_apart
from sync_server.store.records import surveys_of
from sync_server.store.refused_votes import count_refused, count_stored_already
from sync_server.store.reports import save_status
from sync_server.store.votes import NewVote, attributions, insert_votes, known_ids

log = logging.getLogger(__name__)

# A new stream is a new SD card; a kiosk that claims more than this is broken or hostile.
MOST_STREAMS = 100
# Refused votes are kept for ever; a kiosk that sends more of them than it can ever have thanked for by mistake is
# heard no more, and what it announces is missing in the ledger.
MOST_REFUSED = 5000
# Gaps are as rare as backups that are put back. Each number that comes within one may make two of it.
MOST_GAPS = 100
TOO_MANY_GAPS = "this stream has too many gaps"
OTHER_VOTE = "another vote stands under this number"


@dataclass(frozen=True)
class Outgoing:
    """A message to be published."""

    topic: str
    payload: bytes
    qos: int = 0


class _SetApart(Exception):
    """The message as a whole cannot be used; the text says why."""


@dataclass
class _Stream:
    """A stream while a transaction is about it."""

    name: StreamId
    address: Address
    found: int  # where the transaction found it
    held: Held
    highest_announced: int
    votes: list[Vote] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    ids: dict[int, str] = field(default_factory=dict)  # that this transaction brings, by number
    conflicts: int = 0
    told: bool = False  # a receipt is due
    nonce: Nonce | None = None

    @classmethod
    def of(cls, name: StreamId, row: StreamRow) -> "_Stream":
        return cls(name, row.address, row.held.stored_up_to, row.held, row.highest_announced)


@dataclass
class _Late:
    """Votes that come under numbers which nobody seemed to keep any more."""

    gaps: list[tuple[Gap, list[Number]]] = field(default_factory=list)  # and which of each have come
    votes: list[Vote] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def _stream_in(message: Said) -> StreamId:
    match message:
        case Votes():
            return message.batch.stream
        case Greeting():
            return message.hello.stream
        case _:
            return message.status.stream


class Taking:
    """Takes some messages in; `take` it once.

    *careful* looks for ids that are stored already before it writes: needed only where a kiosk carries votes over
    into a new stream, and found out by the database refusing them.
    """

    def __init__(self, connection: Connection, now: datetime, pace: float, *, careful: bool) -> None:
        self._connection = connection
        self._now = now
        self._pace = pace
        self._careful = careful
        self._streams: dict[StreamId, _Stream] = {}
        self._kiosks: dict[Address, Standing] = {}
        self._surveys: dict[str, Surveys] = {}
        self._apart: list[SetApart] = []
        self._counts: Counter[str] = Counter()
        self._heard: set[Address] = set()  # who is told its pending commands
        self._setups_had: dict[Address, int] = {}  # who is told the setup if it has an older one
        self._changed = False
        self.reasons: Counter[str] = Counter()  # why messages were set apart

    def take(self, messages: Sequence[Said | Unusable], dropped: int) -> list[Outgoing]:
        """Write what the messages bring and return the answers, to be published once it is committed."""
        self._counts["messages"] = len(messages)
        self._counts["messages without room"] = dropped
        said = [message for message in messages if not isinstance(message, Unusable)]
        self._kiosks = standings(self._connection, {message.address for message in said})
        voted = {message.address.site for message in said if isinstance(message, Votes)}
        self._surveys = surveys_of(self._connection, voted) if voted else {}
        for name, row in lock_streams(self._connection, {_stream_in(message) for message in said}).items():
            self._streams[name] = _Stream.of(name, row)
        for message in messages:
            try:
                self._take_one(message)
            except _SetApart as reason:
                self._set_apart(message.message, str(reason))
        self._write()
        return self._answers()

    def _take_one(self, message: Said | Unusable) -> None:
        if isinstance(message, Unusable):
            raise _SetApart(message.reason)
        standing = self._kiosks.get(message.address)
        if standing is None:
            raise _SetApart("no such kiosk")
        if standing is Standing.REVOKED:
            raise _SetApart("this kiosk may send no more")
        match message:
            case Votes():
                self._take_votes(message)
            case Greeting():
                self._take_hello(message)
            case _:
                self._take_status(message)

    def _take_hello(self, message: Greeting) -> None:
        hello = message.hello
        stream = self._stream_of(hello.stream, message.address)
        if hello.kept_from > stream.held.stored_up_to + 1:
            # What lies between, nobody has any more: the server lost it, and the kiosk has erased its own.
            if count_gaps(self._connection, stream.name) >= MOST_GAPS:
                raise _SetApart(TOO_MANY_GAPS)
            note_gap(self._connection, stream.name, stream.held.stored_up_to + 1, hello.kept_from - 1, self._now)
            log.warning("a kiosk no longer keeps votes that are missing here; see: completeness")
            stream.held = Held(hello.kept_from - 1, hello.chain_before)
        stream.highest_announced = max(stream.highest_announced, hello.highest)
        if hello.replaces is not None:
            given_up = (*hello.replaced_before, hello.replaces)
            for replaced, by in zip(given_up, (*(each.stream for each in given_up[1:]), stream.name), strict=True):
                note_replacement(self._connection, by, message.address, replaced, self._now)
        stream.told, stream.nonce = True, hello.nonce
        self._heard.add(message.address)
        self._setups_had[message.address] = hello.setup

    def _take_status(self, message: Report) -> None:
        status = message.status
        # A server that has lost everything learns of the stream in this way, and its receipt asks for the votes.
        known = status.stream in self._streams or status.highest > 0
        stream = self._stream_of(status.stream, message.address) if known else None
        if not save_status(self._connection, message.address, status, self._now):
            return
        note_answers(self._connection, message.address, status.commands, self._now)
        self._heard.add(message.address)
        if not status.setup_refused:
            # Who has refused it hears it again when it changes, and once an hour with its hello.
            self._setups_had[message.address] = status.setup
        self._changed = True
        if stream is not None:
            stream.highest_announced = max(stream.highest_announced, status.highest)
            if stream.held.stored_up_to != status.highest - status.waiting:
                stream.told = True  # it believes another number: this server was restored, or a receipt was lost

    def _take_votes(self, message: Votes) -> None:
        stream = self._stream_of(message.batch.stream, message.address)
        accepted = accept(stream.held, message.batch, self._surveys[message.address.site], self._now)
        not_counted, others = self._compare(stream, accepted.repeated)
        late = self._late(stream, not_counted)
        # From here on the message is taken, as a whole.
        self._check_refusals(stream, len(accepted.refused) + len(late.refused))
        stream.told = True
        self._counts["votes stored"] += len(accepted.votes)
        self._counts["votes refused"] += len(accepted.refused)
        self._counts["votes repeated"] += len(accepted.repeated)
        for entry in others:
            stream.conflicts += 1
            self._apart.append(SetApart(message.message.topic, OTHER_VOTE, raw_of(entry), whole_hour(self._now)))
        self._fill_gaps(stream, late, message.message.topic)
        if accepted.held == stream.held:
            if not accepted.repeated:
                self._counts["batches beyond a gap"] += 1
            return
        self._keep(stream, accepted, message.message)

    def _check_refusals(self, stream: _Stream, more: int) -> None:
        if more and count_refused(self._connection, stream.name) + len(stream.refused) + more > MOST_REFUSED:
            raise _SetApart("too many votes of this stream are refused")

    def _keep(self, stream: _Stream, accepted: Accepted, message: Incoming) -> None:
        for vote in accepted.votes:
            stream.ids[vote.number] = vote.vote_id
        stream.votes += accepted.votes
        stream.held = accepted.held
        stream.highest_announced = max(stream.highest_announced, accepted.held.stored_up_to)
        for entry in accepted.refused:
            self._refuse(stream, entry, message.topic)
        self._changed = True

    def _refuse(self, stream: _Stream, entry: Refused, topic_: str, *, keep: bool = True) -> None:
        stream.refused.append(entry)
        if not keep:
            return
        # Dated no finer than the hour of the vote itself.
        hour = whole_hour(self._now)
        self._apart.append(SetApart(topic_, entry.reason, entry.raw, hour, stream.name, entry.number))

    def _compare(
        self, stream: _Stream, repeated: Sequence[Vote | UnreadableVote]
    ) -> tuple[list[Vote | UnreadableVote], list[Vote | UnreadableVote]]:
        """Return those under whose numbers no vote is stored, and those under whose numbers another one is.

        The latter's kiosk has a card that is a copy.
        """
        if not repeated:
            return [], []
        stored = ids_under(self._connection, stream.name, repeated[0].number, repeated[-1].number) | stream.ids
        not_counted = [entry for entry in repeated if entry.number not in stored]
        return not_counted, [entry for entry in repeated if stored.get(entry.number, entry.vote_id) != entry.vote_id]

    def _late(self, stream: _Stream, entries: Sequence[Vote | UnreadableVote]) -> _Late:
        """Return what was thought lost: this server lost it, its kiosk has erased it, but a stick still has it."""
        late = _Late()
        if not entries:
            return late
        growing = 0
        for gap in gaps_among(self._connection, stream.name, entries[0].number, entries[-1].number):
            numbers = [entry.number for entry in entries if entry.number in gap]
            late.gaps.append((gap, numbers))
            growing += growth(gap, numbers)
        if growing > 0 and count_gaps(self._connection, stream.name) + growing > MOST_GAPS:
            raise _SetApart(TOO_MANY_GAPS)
        filling = {number for _, numbers in late.gaps for number in numbers}
        come = [entry for entry in entries if entry.number in filling]
        # Carried over into another stream, they may be counted there.
        known = known_ids(self._connection, (entry.vote_id for entry in come)) if come else set()
        for entry in come:
            match judge(entry, self._surveys[stream.address.site], self._now):
                case Refused() as refused:
                    late.refused.append(refused)
                case vote if vote.vote_id not in known:
                    late.votes.append(vote)
        return late

    def _fill_gaps(self, stream: _Stream, late: _Late, topic_: str) -> None:
        for refused in late.refused:
            self._refuse(stream, refused, topic_)
        stream.votes += late.votes
        stream.ids |= {vote.number: vote.vote_id for vote in late.votes}
        self._counts["votes refused"] += len(late.refused)
        self._counts["votes stored"] += len(late.votes)
        self._counts["votes of a gap"] += len(late.votes)
        for gap, numbers in late.gaps:
            fill_gap(self._connection, stream.name, gap, numbers)
            self._changed = True

    def _stream_of(self, name: StreamId, address: Address) -> _Stream:
        stream = self._streams.get(name)
        if stream is None:
            if count_streams(self._connection, address) >= MOST_STREAMS:
                raise _SetApart("this kiosk has begun too many streams")
            stream = _Stream.of(name, begin_stream(self._connection, name, address, self._now))
            self._streams[name] = stream
        if stream.address != address:
            raise _SetApart("the stream belongs to another kiosk")
        return stream

    def _set_apart(self, message: Incoming, reason: str) -> None:
        self.reasons[reason] += 1
        self._counts["messages set apart"] += 1
        # Whatever stands on the votes' channel may hold one, and is dated no finer than it.
        holds_votes = message.topic.endswith(f"/{Channel.VOTES}")
        received_at = whole_hour(self._now) if holds_votes else self._now
        self._apart.append(SetApart(message.topic, reason, message.payload, received_at))

    # --- writing -----------------------------------------------------------------------------------

    def _write(self) -> None:
        streams = list(self._streams.values())
        moves = [
            Move(stream.name, stream.found, stream.held, stream.highest_announced, stream.conflicts)
            for stream in streams
        ]
        move_streams(self._connection, moves, self._now)
        if self._careful:
            for stream in streams:
                self._refuse_what_is_stored(stream)
        self._insert([(stream, vote) for stream in streams for vote in stream.votes])
        set_apart(self._connection, self._apart)
        count(self._connection, self._counts)
        if self._changed:
            bump(self._connection)

    def _refuse_what_is_stored(self, stream: _Stream) -> None:
        seen = known_ids(self._connection, (vote.vote_id for vote in stream.votes))
        room = MOST_REFUSED - count_stored_already(self._connection, stream.name) if stream.votes else 0
        fresh = []
        for vote in stream.votes:
            if vote.vote_id in seen:
                # They are counted elsewhere: nothing is lost with the row of one.
                stored = refuse(vote, STORED_ALREADY)
                self._refuse(stream, stored, topic(stream.address, Channel.VOTES), keep=room > 0)
                room -= 1
                self._counts["votes stored"] -= 1
                self._counts["votes stored already"] += 1
            else:
                seen.add(vote.vote_id)
                fresh.append(vote)
        stream.votes = fresh

    def _insert(self, votes: Sequence[tuple[_Stream, Vote]]) -> None:
        if not votes:
            return
        known = attributions(self._connection, ((stream.address.site, vote) for stream, vote in votes))
        this_hour = whole_hour(self._now)
        insert_votes(
            self._connection,
            [
                NewVote(
                    stream.name,
                    stream.address,
                    vote,
                    attribute(stream.address.site, vote, known),
                    until_hour(vote, this_hour),
                )
                for stream, vote in votes
            ],
            self._now,
        )

    # --- answering ---------------------------------------------------------------------------------

    def _answers(self) -> list[Outgoing]:
        receipts = [self._receipt(stream) for stream in self._streams.values() if stream.told]
        return receipts + self._orders()

    def _receipt(self, stream: _Stream) -> Outgoing:
        newest = sorted(stream.refused, key=lambda entry: entry.number)[-200:]
        receipt = Receipt(
            stream=stream.name,
            stored_up_to=stream.held.stored_up_to,
            chain=stream.held.chain,
            time=self._now,
            refused=tuple(Refusal(entry.number, entry.reason[:200]) for entry in newest),
            answers=stream.nonce,
            pace=self._pace,
        )
        return Outgoing(topic(stream.address, Channel.RECEIPT), encode(receipt))

    def _orders(self) -> list[Outgoing]:
        if not self._heard:
            return []
        in_force = setups_in_force(self._connection, {address.site for address in self._setups_had})
        for address, has in self._setups_had.items():
            setup = in_force.get(address.site)
            if setup is not None and has > setup.revision:
                # A restored server: what kiosks know as newer would stay, whatever is said here from now on.
                in_force[address.site] = put_again(self._connection, address.site, has, self._now)
        orders = [
            Outgoing(topic(address, Channel.SETUP), in_force[address.site].content, qos=1)
            for address, has in self._setups_had.items()
            if address.site in in_force and has < in_force[address.site].revision
        ]
        for address, command in pending(self._connection, self._now, self._heard):
            orders.append(Outgoing(topic(address, Channel.COMMAND), encode(command), qos=1))
        return orders
