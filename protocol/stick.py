"""What travels on a USB stick where no network ever comes: the names, headers and contents of its files.

A kiosk writes its waiting votes, as the very messages it would send; the server writes a receipt back. Here are the
pure parts: `protocol.sealing` encrypts and signs, `protocol.stick_files` writes and reads.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from protocol.codec import LARGEST_MESSAGE, MalformedMessage, encode, read
from protocol.messages import Hello, Key, Number, Receipt, StreamId, VoteBatch
from protocol.topics import VERSION, Address

VOTES_SUFFIX = ".hailong"
RECEIPT_SUFFIX = ".receipt"

MOST_VOTES = 5_000  # of one file, even if every vote is as long as a vote can be; more go into the next
VOTES_TOGETHER = 100  # of one batch, or fewer where they are long
MOST_BATCHES = 20_000  # of whoever else writes such files
LARGEST_EXPORT = 32 * 1024 * 1024  # bytes of a file
LARGEST_RECEIPT = LARGEST_MESSAGE

_SHOWN_OF_STREAM = 8
_LONGEST_HEADER = 128


class Kind(StrEnum):
    """What a file is."""

    VOTES = "votes"
    RECEIPT = "receipt"


class Flaw(StrEnum):
    """Why a file cannot be used, in words that follow its name."""

    NOT_OURS = "is not a file of this system, or its beginning is damaged"
    ANOTHER_VERSION = "was written by another version of this program"
    ANOTHER_SERVER = "belongs to another server"
    CUT_SHORT = "is cut short"
    DAMAGED = "is damaged or was altered"
    UNREADABLE = "is whole but cannot be read by this version of the program"


# --- the first line of a file ---------------------------------------------------------------------

_HEADER = re.compile(
    rb"hailong-(?P<kind>[a-z]{1,16}) (?P<version>v[0-9]{1,4}) (?P<key>[0-9a-f]{64}) (?P<size>0|[1-9][0-9]{0,8})\n"
)


def header(kind: Kind, key: bytes, size: int) -> bytes:
    """Return the first line: what the file is, the key of the server it is for or from, the bytes that follow."""
    return f"hailong-{kind} {VERSION} {key.hex()} {size}\n".encode()


def body_of(data: bytes, kind: Kind, key: bytes) -> bytes | Flaw:
    """Return what follows a first line that is exactly as it should be; otherwise what is wrong. Never raises."""
    found = _HEADER.match(data[:_LONGEST_HEADER])
    if found is None or found["kind"].decode() != kind:
        return Flaw.NOT_OURS
    if found["version"].decode() != VERSION:
        return Flaw.ANOTHER_VERSION
    if found["key"].decode() != key.hex():
        return Flaw.ANOTHER_SERVER
    body = data[found.end() :]
    if len(body) < int(found["size"]):
        return Flaw.CUT_SHORT
    return body if len(body) == int(found["size"]) else Flaw.DAMAGED


# --- names ----------------------------------------------------------------------------------------

_EXPORT_NAME = re.compile(
    r"(?P<kiosk>[a-z0-9-]{1,32}\.[a-z0-9-]{1,32}\.[0-9a-f]{8})\.(?P<first>[1-9][0-9]{0,15})-(?P<last>[1-9][0-9]{0,15})"
    + re.escape(VOTES_SUFFIX)
)


def export_name(address: Address, stream: StreamId, first: Number, last: Number) -> str:
    """Return the name of a file with these votes: it says whose they are, and nothing of what they say."""
    return f"{_of_stream(address, stream)}.{first}-{last}{VOTES_SUFFIX}"


def receipt_name(address: Address, stream: StreamId) -> str:
    """Return the name of the receipt for a stream; a newer one takes the place of an older."""
    return f"{_of_stream(address, stream)}{RECEIPT_SUFFIX}"


def is_settled(name: str, address: Address, stream: StreamId, stored_up_to: int) -> bool:
    """Whether a file of this name holds only votes of the stream that the server has."""
    found = _EXPORT_NAME.fullmatch(name)
    return found is not None and found["kiosk"] == _of_stream(address, stream) and int(found["last"]) <= stored_up_to


def _of_stream(address: Address, stream: StreamId) -> str:
    return f"{address.site}.{address.kiosk}.{stream[:_SHOWN_OF_STREAM]}"


# --- contents -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Export:
    """Messages of one kiosk as they would have come over the network: a hello, then batches of votes.

    *stream*, *first* and *last* say what the file is about; each message is checked again when it is taken in.
    """

    address: Address
    stream: StreamId
    first: Number
    last: Number
    hello: bytes
    batches: tuple[bytes, ...]


class StickReceipt(msgspec.Struct, frozen=True):
    """A receipt on its way back to one kiosk."""

    site: Key
    kiosk: Key
    receipt: Receipt


class ExportContent(msgspec.Struct, frozen=True):
    """What is signed and sealed; see `Export`."""

    site: Key
    kiosk: Key
    stream: StreamId
    first: Number
    last: Number
    hello: msgspec.Raw
    batches: Annotated[tuple[msgspec.Raw, ...], Meta(min_length=1, max_length=MOST_BATCHES)]

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("an export has votes, and its last number is not before its first")


_exports = msgspec.json.Decoder(ExportContent)
_receipts = msgspec.json.Decoder(StickReceipt)


def encode_export(address: Address, hello: Hello, batches: Sequence[VoteBatch]) -> bytes:
    """Return the content of an export. ValueError unless there are batches, of the hello's stream, without a gap."""
    first = expected = batches[0].votes[0].number if batches else 1
    for batch in batches:
        if batch.stream != hello.stream or batch.votes[0].number != expected:
            raise ValueError("the batches of an export are of one stream and continue each other")
        expected = batch.votes[-1].number + 1
    content = ExportContent(
        site=address.site,
        kiosk=address.kiosk,
        stream=hello.stream,
        first=first,
        last=expected - 1,
        hello=msgspec.Raw(encode(hello)),
        batches=tuple(msgspec.Raw(encode(batch)) for batch in batches),
    )
    return msgspec.json.encode(content)


def decode_export(content: bytes) -> Export:
    """Read the content of an export; MalformedMessage says what is wrong. Its messages are not looked into."""
    if len(content) > LARGEST_EXPORT:
        raise MalformedMessage(f"larger than {LARGEST_EXPORT} bytes")
    found = read(content, _exports)
    return Export(
        Address(found.site, found.kiosk),
        found.stream,
        found.first,
        found.last,
        bytes(found.hello),
        tuple(bytes(batch) for batch in found.batches),
    )


def encode_receipt(address: Address, receipt: Receipt) -> bytes:
    """Return the content of a receipt file; MalformedMessage when the receipt breaks its own rules."""
    encode(receipt)
    return msgspec.json.encode(StickReceipt(address.site, address.kiosk, receipt))


def decode_receipt(content: bytes) -> StickReceipt:
    """Read the content of a receipt file; MalformedMessage says what is wrong."""
    if len(content) > LARGEST_RECEIPT:
        raise MalformedMessage(f"larger than {LARGEST_RECEIPT} bytes")
    return read(content, _receipts)
