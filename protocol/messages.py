"""What kiosk and server tell each other, as types.

One struct per message; the structs are the core's own types on both sides. Their version is in the
topic (`protocol.topics.VERSION`), not in the payload. Unknown fields are ignored, so fields may be added.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from protocol.visits import VisitOutcome

LONGEST_BATCH = 200
MOST_CRITERIA = 16
MOST_REPLACED = 16  # streams given up without a word from the server
MOST_REPORTED = 32  # entries of any one list in a status
MOST_SET_UP = 500  # entries of any one list in a setup
MOST_REASONS = 32
MOST_LABELS = 16
LONGEST_COMMENT = 500  # characters: a full paper slip of the suggestion box
HIGHEST_LEVEL = 5
# JSON readers that use doubles keep integers exact up to here.
HIGHEST_NUMBER = 2**53 - 1

# \Z, because $ would also match before a trailing newline.
VoteId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
StreamId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
CaseToken = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
Chain = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]  # see protocol.chain
Nonce = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]
CommandId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
Key = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,32}\Z")]
CriterionKey = Key
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z")]
Level = Annotated[int, Meta(ge=1, le=HIGHEST_LEVEL)]
Number = Annotated[int, Meta(ge=1, le=HIGHEST_NUMBER)]
Count = Annotated[int, Meta(ge=0, le=HIGHEST_NUMBER)]
ShortText = Annotated[str, Meta(max_length=200)]
CounterNumber = Annotated[int, Meta(ge=1, le=999)]
# On one line: a database or a table that is handed on could stumble over control characters.
Comment = Annotated[str, Meta(max_length=LONGEST_COMMENT, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
LongText = Annotated[str, Meta(max_length=1000)]
Moment = Annotated[datetime, Meta(tz=True)]
Texts = Annotated[dict[Language, LongText], Meta(min_length=1, max_length=8)]  # one wording a language


class Vote(msgspec.Struct, frozen=True, omit_defaults=True):
    """One anonymous vote: the hour, never the minute; a token, never the case code.

    Where the kiosk's clock was not known, the vote was cast in some hour from *hour* to *latest_hour*, both included.
    A visit that ended otherwise than answered takes a number as a vote does, and answers what was answered by then.
    Raises ValueError when an hour is not a whole hour of UTC, the interval is none, or an answered one has no answer.
    """

    vote_id: VoteId  # random; the server stores each id once
    number: Number  # 1, 2, 3 … in its stream: a gap is visible
    hour: Moment  # UTC, minutes and below are zero
    survey: Number  # revision of the survey that was asked
    answers: Annotated[dict[CriterionKey, Level], Meta(max_length=MOST_CRITERIA)]
    counter: CounterNumber | None = None
    case_token: CaseToken | None = None
    latest_hour: Moment | None = None  # none: the hour is exact
    outcome: Key = VisitOutcome.ANSWERED
    reasons: Annotated[tuple[Key, ...], Meta(max_length=MOST_REASONS)] = ()
    comment: Comment = ""
    labels: Annotated[tuple[Key, ...], Meta(max_length=MOST_LABELS)] = ()  # see protocol.visits
    officer: Key | None = None  # who had signed in at the counter
    best_first: bool = False  # the best level stood first on the screen

    def __post_init__(self) -> None:
        _check_hour(self.hour)
        if not self.answers and self.outcome == VisitOutcome.ANSWERED:
            raise ValueError("a vote answers at least one question")
        if self.latest_hour is not None:
            _check_hour(self.latest_hour)
            if self.latest_hour <= self.hour:
                raise ValueError("the latest hour of a vote lies after its hour")


def _check_hour(hour: datetime) -> None:
    if hour.tzinfo is not UTC and hour.utcoffset() != timedelta(0):
        raise ValueError("the hour of a vote is given in UTC")
    if hour.minute or hour.second or hour.microsecond:
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
    """The server has every vote of the stream up to *stored_up_to*, committed; refused ones included.

    *chain* says which votes those are: a kiosk believes a receipt only when its own chain at that number is the same.
    """

    stream: StreamId
    stored_up_to: Count  # may be lower than before: the server was restored from a backup
    chain: Chain
    time: Moment  # the server's clock
    refused: Annotated[tuple[Refusal, ...], Meta(max_length=LONGEST_BATCH)] = ()
    answers: Nonce | None = None  # of the hello that this answers
    pace: Annotated[float, Meta(ge=0, le=300)] = 0  # seconds to wait before the next message of a backlog


class ReplacedBecause(StrEnum):
    """Why a kiosk gave up an earlier stream and began a new one."""

    COPIED = "copied"  # the server holds other votes under its numbers: a copied or restored card
    DAMAGED = "damaged"  # its file could not be read any more


class Replaced(msgspec.Struct, frozen=True):
    """An earlier stream that was given up, and why: the next one of the kiosk continues it."""

    stream: StreamId
    because: ReplacedBecause
    carried: Count  # votes that were taken over into the next stream, under their ids and new numbers


class Hello(msgspec.Struct, frozen=True, omit_defaults=True):
    """The kiosk's first message of a connection, sent once it listens, and again every hour: where do I stand?"""

    stream: StreamId
    highest: Count  # the newest number of the stream
    kept_from: Number  # the oldest number that the kiosk still keeps, or would give next
    chain_before: Chain  # the chain at kept_from - 1
    boot: Count  # how often this kiosk has started
    nonce: Nonce  # the receipt repeats it, so that the kiosk knows how old the server's time is
    version: ShortText  # of the firmware
    setup: Count = 0  # the revision of the setup that is in force; 0: none
    replaces: Replaced | None = None  # until the server knows
    # Given up before *replaces* and not known to the server either: oldest first, each continued by the next.
    replaced_before: Annotated[tuple[Replaced, ...], Meta(max_length=MOST_REPLACED)] = ()


class ClockSource(StrEnum):
    """Where a kiosk has the time from."""

    NONE = "none"
    NTP = "ntp"
    SERVER = "server"


class ClockReport(msgspec.Struct, frozen=True):
    """How well a kiosk knows the time, and how wrong its wall clock is."""

    source: ClockSource
    error: Annotated[float, Meta(ge=0)]  # seconds at most between what it takes for the time and the truth
    offset: float  # seconds that its wall clock is ahead of that


class Outcome(StrEnum):
    """What became of a command."""

    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"


class CommandAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a kiosk did about a command."""

    command: CommandId
    outcome: Outcome
    detail: ShortText = ""


class KioskStatus(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a kiosk is; a later boot, or a later tick of the same boot, replaces an earlier one.

    With *gone* it is a last will: all of it is as of the beginning of the connection, and only that it ended is news.
    """

    stream: StreamId
    boot: Count
    tick: Count  # 1, 2, 3 … within the boot
    connection: Count  # 1, 2, 3 … within the boot
    highest: Count
    waiting: Count  # votes the server has not confirmed
    version: ShortText
    scanner: ShortText  # "up", or what is wrong with it
    storage: ShortText  # "ok", or what is wrong with it
    clock: ClockReport
    oldest_waiting: Moment | None = None  # the earliest hour of the oldest waiting vote
    queue: ShortText = ""  # the queue system: "up", or what is wrong with it; empty: none is connected
    disk_free: Count | None = None  # bytes
    temperature: float | None = None  # °C
    setup: Count = 0  # the revision in force
    setup_refused: ShortText = ""  # why a newer one is not in force
    refused_scans: Annotated[dict[ShortText, Count], Meta(max_length=MOST_REPORTED)] = {}
    counts: Annotated[dict[ShortText, Count], Meta(max_length=MOST_REPORTED)] = {}  # since the start
    delays: Annotated[dict[ShortText, Count], Meta(max_length=MOST_REPORTED)] = {}  # touch → receipt, votes a bucket
    commands: Annotated[tuple[CommandAnswer, ...], Meta(max_length=MOST_REPORTED)] = ()  # the newest ones answered
    gone: bool = False


class Action(StrEnum):
    """What a kiosk can be told to do."""

    RESTART = "restart"
    RESEND = "resend"
    IDENTIFY = "identify"  # show on the screen which kiosk it is
    UPDATE = "update"


class Command(msgspec.Struct, frozen=True, omit_defaults=True):
    """Do this once, unless it is too late; answered in the next status.

    Raises ValueError when what the action needs is missing, or something is given that it has no use for.
    """

    command: CommandId
    expires: Moment
    action: Action
    resend_from: Number | None = None
    update_to: ShortText | None = None

    def __post_init__(self) -> None:
        if (self.resend_from is not None) != (self.action is Action.RESEND):
            raise ValueError("resend, and nothing else, names the number to begin with")
        if (self.update_to is not None) != (self.action is Action.UPDATE):
            raise ValueError("update, and nothing else, names a version")


# --- setup: what a kiosk is told about its office -------------------------------------------------


class LevelSetup(msgspec.Struct, frozen=True):
    """One level of a scale."""

    level: Level
    label: Texts


class CriterionSetup(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question, and the levels it can be answered with, worst first."""

    criterion: CriterionKey
    question: Texts
    levels: Annotated[tuple[LevelSetup, ...], Meta(min_length=2, max_length=HIGHEST_LEVEL)]
    stars: bool = False  # drawn as stars, not as faces


class ReasonSetup(msgspec.Struct, frozen=True):
    """A reason that can be touched after the questions."""

    reason: Key
    label: Texts


class SurveySetup(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is asked."""

    revision: Number
    languages: Annotated[tuple[Language, ...], Meta(min_length=1, max_length=8)]
    criteria: Annotated[tuple[CriterionSetup, ...], Meta(min_length=1, max_length=MOST_CRITERIA)]
    reasons: Annotated[tuple[ReasonSetup, ...], Meta(max_length=MOST_REASONS)] = ()
    # After these levels, of whichever question, the reasons are offered; every one where none is named.
    reasons_after: Annotated[tuple[Level, ...], Meta(max_length=HIGHEST_LEVEL)] = ()
    comments: bool = False  # whether a comment may be written
    best_first: bool = False  # the best level stands first
    smile: bool = False  # the face of the middle level smiles a little
    daily: bool = False  # a case may be rated again on another day


class Published(msgspec.Struct, frozen=True):
    """The last result that the office has published."""

    year: Annotated[int, Meta(ge=2000, le=9999)]
    quarter: Annotated[int, Meta(ge=1, le=4)]
    share: ShortText  # of satisfied votes, as it is printed: "91,4%"
    votes: Count


class CounterSetup(msgspec.Struct, frozen=True):
    """A counter, who serves it and what it deals with."""

    counter: CounterNumber
    officer: Key
    field: ShortText


class OfficerSetup(msgspec.Struct, frozen=True):
    """An officer as the screen names them."""

    officer: Key
    name: ShortText
    title: ShortText


class OpeningHours(msgspec.Struct, frozen=True):
    """When the office is open on a day of the week; ValueError unless it closes after it opens."""

    weekday: Annotated[int, Meta(ge=1, le=7)]  # 1 is Monday
    opens: Annotated[int, Meta(ge=0, le=1440)]  # minutes after midnight, Vietnamese time
    closes: Annotated[int, Meta(ge=0, le=1440)]

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError("an office closes after it opens")


class Thresholds(msgspec.Struct, frozen=True):
    """How long screens stay, in seconds."""

    rating: Annotated[float, Meta(ge=5, le=300)] = 30
    thanks: Annotated[float, Meta(ge=1, le=60)] = 5
    notice: Annotated[float, Meta(ge=1, le=60)] = 6


class Look(msgspec.Struct, frozen=True):
    """What stands in the header of the screen."""

    office: ShortText
    unit: ShortText


class Setup(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything an office tells its kiosks; a higher revision replaces a lower one."""

    revision: Number
    survey: SurveySetup
    look: Look
    counters: Annotated[tuple[CounterSetup, ...], Meta(max_length=MOST_SET_UP)] = ()
    officers: Annotated[tuple[OfficerSetup, ...], Meta(max_length=MOST_SET_UP)] = ()
    opening_hours: Annotated[tuple[OpeningHours, ...], Meta(max_length=28)] = ()
    thresholds: Thresholds = Thresholds()
    published: Published | None = None
