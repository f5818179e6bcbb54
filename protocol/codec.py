"""Messages to bytes and back, with every length bounded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from protocol.messages import (
    LONGEST_BATCH,
    Command,
    Hello,
    KioskStatus,
    Number,
    Receipt,
    Setup,
    ShortText,
    StreamId,
    Vote,
    VoteBatch,
)
from protocol.topics import Channel

Kind = TypeVar("Kind")

LARGEST_MESSAGE = 128 * 1024  # bytes

# Reasons are counted, so there must not be as many as there are places to go wrong.
_POSITION = re.compile(r" \(byte [0-9]+\)")
# msgspec quotes what should have been one of a few words.
_QUOTED = re.compile(r"(?s)^(Invalid enum value) .*?( - at `[^`]*`)?\Z")

Message = VoteBatch | Receipt | Hello | KioskStatus | Setup | Command

CONTENT: dict[Channel, type[Message]] = {
    Channel.VOTES: VoteBatch,
    Channel.RECEIPT: Receipt,
    Channel.HELLO: Hello,
    Channel.STATUS: KioskStatus,
    Channel.SETUP: Setup,
    Channel.COMMAND: Command,
}


class MalformedMessage(ValueError):
    """The bytes are not a message of that kind; the text says why and never quotes the content."""


@dataclass(frozen=True)
class UnreadableVote:
    """A vote of a batch that cannot be read though its number can: to be refused under that number."""

    number: int
    reason: str
    raw: bytes
    vote_id: str = ""  # as far as that can be read: the chain goes on with it


@dataclass(frozen=True)
class ReadBatch:
    """A batch as far as it can be read: at least one entry, their numbers ascending by one."""

    stream: str
    entries: tuple[Vote | UnreadableVote, ...]

    @property
    def first(self) -> int:
        return self.entries[0].number

    @property
    def last(self) -> int:
        return self.entries[-1].number


class _Envelope(msgspec.Struct, frozen=True):
    stream: StreamId
    votes: tuple[msgspec.Raw, ...]


class _Numbered(msgspec.Struct, frozen=True):
    number: Number


class _Identified(msgspec.Struct, frozen=True):
    vote_id: ShortText


def encode(message: Message) -> bytes:
    """Return the JSON of a message; MalformedMessage when it breaks its own rules or is too large."""
    data = msgspec.json.encode(message)
    decode(data, type(message))  # structs check their fields when they are read, not when they are made
    return data


def batches(stream: StreamId, votes: Sequence[Vote]) -> Iterator[VoteBatch]:
    """Cut up to 200 successive votes into messages that are not too large; comments may make them so."""
    batch = VoteBatch(stream, tuple(votes))
    if len(votes) == 1 or len(msgspec.json.encode(batch)) <= LARGEST_MESSAGE:
        yield batch
    else:
        middle = len(votes) // 2
        yield from batches(stream, votes[:middle])
        yield from batches(stream, votes[middle:])


def decode(data: bytes, kind: type[Kind]) -> Kind:
    """Read one message strictly; MalformedMessage says what is wrong and where."""
    if len(data) > LARGEST_MESSAGE:
        raise MalformedMessage(f"larger than {LARGEST_MESSAGE} bytes")
    return _read(data, kind)


def decode_batch(data: bytes) -> ReadBatch:
    """Read a VoteBatch vote by vote, so that one bad vote does not keep its neighbours out.

    MalformedMessage when not even the stream and the numbers can be read.
    """
    try:
        whole = decode(data, VoteBatch)
    except MalformedMessage:
        return _decode_piecewise(data)
    return ReadBatch(whole.stream, whole.votes)


def _decode_piecewise(data: bytes) -> ReadBatch:
    envelope = decode(data, _Envelope)
    if not 1 <= len(envelope.votes) <= LONGEST_BATCH:
        raise MalformedMessage(f"a batch has 1 to {LONGEST_BATCH} votes")
    entries = tuple(_read_entry(bytes(raw)) for raw in envelope.votes)
    if any(entry.number != entries[0].number + place for place, entry in enumerate(entries)):
        raise MalformedMessage("the numbers of a batch ascend by one")
    return ReadBatch(envelope.stream, entries)


def _read_entry(raw: bytes) -> Vote | UnreadableVote:
    number = _read(raw, _Numbered).number
    try:
        return _read(raw, Vote)
    except MalformedMessage as error:
        return UnreadableVote(number, str(error), raw, _vote_id_in(raw))


def _vote_id_in(raw: bytes) -> str:
    try:
        return _read(raw, _Identified).vote_id
    except MalformedMessage:
        return ""


_decoders: dict[type, msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind) for kind in (*CONTENT.values(), _Envelope, _Numbered, _Identified, Vote)
}


def read(data: bytes, decoder: msgspec.json.Decoder[Kind]) -> Kind:
    """Read JSON; MalformedMessage says what is wrong and where, and never quotes the content."""
    try:
        return decoder.decode(data)
    except msgspec.DecodeError as error:
        raise MalformedMessage(_QUOTED.sub(r"\1\2", _POSITION.sub("", str(error)))) from None
    except UnicodeDecodeError:
        raise MalformedMessage("not utf-8") from None
    except RecursionError:
        raise MalformedMessage("nested too deeply") from None


def _read(data: bytes, kind: type[Kind]) -> Kind:
    message: Kind = read(data, _decoders[kind])
    return message
