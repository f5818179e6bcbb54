"""What one citizen's visit to the screen is: a state machine in one function.

Pure. Time is the monotonic seconds that every event carries. The edge stores the votes that a step asks
for and answers with an event; only that answer leads to the thank-you screen.
"""

from dataclasses import dataclass

from kiosk.core.survey import Level
from protocol.codes import RefusedReason
from protocol.messages import CaseToken, VoteId

RATING_SECONDS = 30.0  # idle reset of public survey terminals: domain.md §7.1 (VNPT iQMS, Colombo) use 30 s
THANKS_SECONDS = 5.0  # lock-out after a vote (HappyOrNot's response interval)
NOTICE_SECONDS = 6.0  # long enough to read two lines
STORING_SECONDS = 10.0  # an SD card that stalls longer than this is not working
PROBE_SECONDS = 2.0


@dataclass(frozen=True)
class Case:
    """The case that a visit is about: its token, and the end of its code for the screen."""

    token: CaseToken
    masked: str


# --- states: each names a screen ---------------------------------------------------------------


@dataclass(frozen=True)
class Idle:
    """Waiting for a scan or a touch."""


@dataclass(frozen=True)
class Rating:
    """The faces are shown; *until* is when the screen gives up."""

    case: Case | None
    until: float


@dataclass(frozen=True)
class Storing:
    """A face was touched and the vote is on its way to the disk."""

    case: Case | None
    level: Level
    until: float


@dataclass(frozen=True)
class Thanking:
    """The vote is on the disk."""

    vote_id: VoteId
    until: float


@dataclass(frozen=True)
class AlreadyRated:
    """The scanned case has been rated before."""

    until: float


@dataclass(frozen=True)
class ScanRefused:
    """What was scanned is not for us; afterwards the visit goes on with *case*, if one had begun."""

    reason: RefusedReason
    until: float
    rating: bool
    case: Case | None


@dataclass(frozen=True)
class OutOfOrder:
    """Votes cannot be stored, so none is taken; the storage is probed until it works again."""

    probe_at: float


State = Idle | Rating | Storing | Thanking | AlreadyRated | ScanRefused | OutOfOrder


# --- events --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CaseScanned:
    at: float
    case: Case
    already_rated: bool


@dataclass(frozen=True)
class RefusedScanned:
    at: float
    reason: RefusedReason


@dataclass(frozen=True)
class StartTouched:
    """Rate without a code: procedures settled at once have no receipt (NĐ 61/2018 Đ.17(4))."""

    at: float


@dataclass(frozen=True)
class LevelTouched:
    at: float
    level: Level


@dataclass(frozen=True)
class DismissTouched:
    """A touch on a notice: read, go on."""

    at: float


@dataclass(frozen=True)
class VoteStored:
    at: float
    vote_id: VoteId
    by: float  # as in the CastVote that is answered


@dataclass(frozen=True)
class CaseSpent:
    """The vote was not stored: a vote for its case was there already."""

    at: float
    by: float  # as in the CastVote that is answered


@dataclass(frozen=True)
class StorageFailed:
    at: float


@dataclass(frozen=True)
class StorageHealed:
    at: float


@dataclass(frozen=True)
class Tick:
    at: float


Event = (
    CaseScanned
    | RefusedScanned
    | StartTouched
    | LevelTouched
    | DismissTouched
    | VoteStored
    | CaseSpent
    | StorageFailed
    | StorageHealed
    | Tick
)


# --- effects -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CastVote:
    """Store this vote durably, then answer VoteStored, CaseSpent or StorageFailed.

    The answer repeats *by*, when the screen gives up: on a disk that stalls, the answer to a vote that was given
    up on comes while the next citizen's is being stored.
    """

    case: Case | None
    level: Level
    by: float


@dataclass(frozen=True)
class ProbeStorage:
    """Try whether the storage works, then answer StorageHealed or StorageFailed."""


Effect = CastVote | ProbeStorage


@dataclass(frozen=True)
class Step:
    state: State
    effect: Effect | None = None


def advance(state: State, event: Event) -> Step:
    """Return the state that an event leads to, and what the edge has to do for it."""
    match state, event:
        case OutOfOrder(), StorageHealed() | VoteStored() | CaseSpent():
            # A write that was given up on may still succeed: the storage works.
            return Step(Idle())
        case OutOfOrder(probe_at), Tick(at) if at >= probe_at:
            return Step(OutOfOrder(at + PROBE_SECONDS), ProbeStorage())
        case OutOfOrder(), _:
            return Step(state)
        case _, StorageFailed(at):
            return Step(OutOfOrder(at + PROBE_SECONDS))

        case Storing(until=until), VoteStored(at, vote_id, by) if by == until:
            return Step(Thanking(vote_id, at + THANKS_SECONDS))
        case Storing(until=until), CaseSpent(at, by) if by == until:
            return Step(AlreadyRated(at + NOTICE_SECONDS))
        case Storing(until=until), Tick(at) if at >= until:
            return Step(OutOfOrder(at + PROBE_SECONDS))
        case Storing(), _:
            return Step(state)

        case _, CaseScanned(at, _, already_rated=True):
            return Step(AlreadyRated(at + NOTICE_SECONDS))
        case _, CaseScanned(at, case):
            return Step(Rating(case, at + RATING_SECONDS))
        case ((Rating(case) | ScanRefused(rating=True, case=case)), RefusedScanned(at, reason)):
            return Step(ScanRefused(reason, at + NOTICE_SECONDS, rating=True, case=case))
        case _, RefusedScanned(at, reason):
            return Step(ScanRefused(reason, at + NOTICE_SECONDS, rating=False, case=None))

        case Idle(), StartTouched(at):
            return Step(Rating(None, at + RATING_SECONDS))
        case Rating(case), LevelTouched(at, level):
            until = at + STORING_SECONDS
            return Step(Storing(case, level, until), CastVote(case, level, until))
        case Rating(until=until), Tick(at) if at >= until:
            return Step(Idle())

        case ScanRefused(), DismissTouched(at):
            return _after_notice(state, at)
        case ScanRefused(until=until), Tick(at) if at >= until:
            return _after_notice(state, at)
        case ((Thanking() | AlreadyRated()), DismissTouched()):
            return Step(Idle())
        case ((Thanking(until=until) | AlreadyRated(until=until)), Tick(at)) if at >= until:
            return Step(Idle())
    return Step(state)  # what means nothing here changes nothing


def _after_notice(notice: ScanRefused, at: float) -> Step:
    return Step(Rating(notice.case, at + RATING_SECONDS) if notice.rating else Idle())
