"""What is put into the outbox, what comes back, and the row of a vote."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

import msgspec

from kiosk import VERSION
from kiosk.controller import StorageBroken
from kiosk.core.draft import Draft
from kiosk.core.time_truth import Reading
from protocol.chain import EMPTY
from protocol.messages import (
    Chain,
    Count,
    Hello,
    Nonce,
    Number,
    Replaced,
    StreamId,
    Vote,
    VoteId,
)

MEBIBYTE = 1024 * 1024
UNKNOWN_STREAM: StreamId = "0" * 32  # of a damaged file that does not even say which stream it was


@dataclass(frozen=True)
class Limits:
    """How long votes are kept, and how much room they may take."""

    retention: timedelta = timedelta(days=35)  # from the receipt, in time that is known, not the wall clock's
    most_bytes: int = 512 * MEBIBYTE
    reserve_bytes: int = 16 * MEBIBYTE  # stays free on the file system; of a small one an eighth


@dataclass(frozen=True)
class Stored:
    """The vote is on the disk under this id."""

    vote_id: VoteId


@dataclass(frozen=True)
class AlreadyRated:
    """Nothing was stored: the case has a vote."""


@dataclass(frozen=True)
class Standing:
    """Where the stream is: its newest number, what the server has confirmed, and from where on votes are kept.

    All of it as of one moment: a salvage or a renewal in between would mix the numbers of two streams.
    """

    highest: Count
    stored_up_to: Count
    kept_from: Number = 1  # or the number that would be given next
    chain_before: Chain = "0" * 32  # at kept_from - 1
    oldest_waiting: datetime | None = None  # the earliest hour of the oldest vote that waits
    stream: StreamId = UNKNOWN_STREAM
    replaced: tuple[Replaced, ...] = ()  # the streams that it continues, oldest first, until the server knows

    @property
    def waiting(self) -> int:
        return max(0, self.highest - self.stored_up_to)

    def hello(self, boot: Count, nonce: Nonce, setup: Count = 0) -> Hello:
        """Return what asks the server where it stands."""
        return Hello(
            stream=self.stream,
            highest=self.highest,
            kept_from=self.kept_from,
            chain_before=self.chain_before,
            boot=boot,
            nonce=nonce,
            version=VERSION,
            setup=setup,
            replaces=self.replaced[-1] if self.replaced else None,
            replaced_before=self.replaced[:-1],
        )


class Proof(Enum):
    """Whether the server holds this stream's votes, by the chain that its receipt names."""

    MATCHES = "matches"
    OTHER_VOTES = "other votes"  # under the same numbers; or numbers that were never given here
    UNKNOWN = "unknown"  # older than what is kept


@dataclass(frozen=True)
class Salvaged:
    """What could be read of a damaged file and was taken over into a new stream."""

    votes: Count  # those that the server had confirmed among them
    cases: Count  # that are known to be rated
    unreadable: Count  # unconfirmed numbers that could not be read any more, as far as can be told
    file: str  # the name of the damaged file, set aside in the same folder


class StorageDamaged(StorageBroken):
    """The file has become unreadable while it was open; opening the outbox anew salvages it."""


class VoteRow(NamedTuple):
    """A vote as it lies on the disk; times are None once the server has it, the hour until it is settled."""

    number: int
    vote_id: str
    draft: str  # JSON
    boot: int | None
    boottime_ns: int | None
    wall: str | None
    max_error_us: int | None
    chain: str
    hour: str | None
    latest_hour: str | None
    confirmed_at: str | None

    def vote(self) -> Vote:
        """Return the vote as it travels; it must be settled."""
        draft = msgspec.json.decode(self.draft, type=Draft)
        return Vote(
            vote_id=self.vote_id,
            number=self.number,
            hour=datetime.fromisoformat(str(self.hour)),
            survey=draft.survey,
            answers=draft.answers,
            counter=draft.counter,
            case_token=draft.case_token,
            outcome=draft.outcome,
            reasons=draft.reasons,
            comment=draft.comment,
            labels=draft.labels,
            officer=draft.officer,
            best_first=draft.best_first,
            latest_hour=None if self.latest_hour is None else datetime.fromisoformat(self.latest_hour),
        )

    def reading(self) -> Reading:
        """Return the clocks at the moment of the vote; they must not be blanked."""
        max_error = None if self.max_error_us is None else timedelta(microseconds=self.max_error_us)
        return Reading("", self.boottime_ns or 0, datetime.fromisoformat(str(self.wall)), max_error)


def checksum(*columns: str | int | None) -> int:
    """Return the CRC-32 of a row's columns, by which a flipped bit is found: SQLite itself keeps none."""
    return zlib.crc32("\x1f".join("" if column is None else str(column) for column in columns).encode())


def settled_row(vote: Vote) -> VoteRow:
    """Return the row of a vote of the first release: it has, or may have, been sent, so its hour is settled."""
    draft = msgspec.json.encode(Draft(vote.survey, vote.answers, vote.counter, vote.case_token)).decode()
    return VoteRow(vote.number, vote.vote_id, draft, None, None, None, None, EMPTY, vote.hour.isoformat(), None, None)
