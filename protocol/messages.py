"""What kiosk and server tell each other, as types.

One struct per message; the structs are the core's own types on both sides. Their version is in the
topic (`protocol.topics.VERSION`), not in the payload. Unknown fields are ignored, so fields may be added.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

LONGEST_BATCH = 200
MOST_CRITERIA = 16
HIGHEST_LEVEL = 5
# JSON readers that use doubles keep integers exact up to here.
HIGHEST_NUMBER = 2**53 - 1

# \Z, because $ would also match before a trailing newline.
VoteId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
StreamId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
CaseToken = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
CriterionKey = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,32}\Z")]
Level = Annotated[int, Meta(ge=1, le=HIGHEST_LEVEL)]
Number = Annotated[int, Meta(ge=1, le=HIGHEST_NUMBER)]
Count = Annotated[int, Meta(ge=0, le=HIGHEST_NUMBER)]
ShortText = Annotated[str, Meta(max_length=200)]
Moment = Annotated[datetime, Meta(tz=True)]


class Vote(msgspec.Struct, frozen=True, omit_defaults=True):
    """One anonymous vote: the hour, never the minute; a token, never the case code.

    Raises ValueError when the hour is not a whole hour of UTC or no criterion is answered.
    """

    vote_id: VoteId  # random; the server stores each id once
    number: Number  # 1, 2, 3 … in its stream: a gap is visible
    hour: Moment  # UTC, minutes and below are zero
    survey: Number  # revision of the survey that was asked
    answers: Annotated[dict[CriterionKey, Level], Meta(min_length=1, max_length=MOST_CRITERIA)]
    counter: Annotated[int, Meta(ge=1, le=999)] | None = None
    case_token: CaseToken | None = None

    def __post_init__(self) -> None:
        if self.hour.utcoffset() != timedelta(0):
            raise ValueError("the hour of a vote is given in UTC")
        if (self.hour.minute, self.hour.second, self.hour.microsecond) != (0, 0, 0):
            raise ValueError("the time of a vote is a whole hour")


def whole_hour(moment: datetime) -> datetime:
    """Return the UTC hour that an aware moment lies in: all that ever leaves the kiosk of a vote's time."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


class VoteBatch(msgspec.Struct, frozen=True):
    """Votes of one stream, 1..200 of them, their numbers ascending without a gap (ValueError otherwise)."""

    stream: StreamId
    votes: Annotated[tuple[Vote, ...], Meta(min_length=1, max_length=LONGEST_BATCH)]

    def __post_init__(self) -> None:
        first = self.votes[0].number
        if any(vote.number != first + place for place, vote in enumerate(self.votes)):
            raise ValueError("the numbers of a batch ascend by one")


class Refusal(msgspec.Struct, frozen=True):
    """A vote that the server keeps in quarantine, under its number, and why."""

    number: Number
    reason: ShortText


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """The server has every vote of the stream up to *stored_up_to*, committed; refused ones included."""

    stream: StreamId
    stored_up_to: Count  # may be lower than before: the server was restored from a backup
    time: Moment  # the server's clock
    refused: Annotated[tuple[Refusal, ...], Meta(max_length=LONGEST_BATCH)] = ()


class Hello(msgspec.Struct, frozen=True):
    """The kiosk's first message of a connection, sent once it listens: where do I stand?"""

    stream: StreamId
    highest: Count  # the newest number of the stream
    boot: Count  # how often this kiosk has started
    version: ShortText  # of the firmware


class KioskStatus(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a kiosk is; a later boot, or a later tick of the same boot, replaces an earlier one."""

    stream: StreamId
    boot: Count
    tick: Count  # 1, 2, 3 … within the boot
    highest: Count
    waiting: Count  # votes the server has not confirmed
    version: ShortText
    scanner: ShortText  # "up", or what is wrong with it
    storage: ShortText  # "ok", or what is wrong with it
    refused_scans: Annotated[dict[ShortText, Count], Meta(max_length=32)] = {}
