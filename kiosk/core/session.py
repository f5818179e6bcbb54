"""What one citizen's visit to the screen is: a state machine in one function.

Pure. Time is the monotonic seconds that every event carries. The edge stores the votes that a step asks
for and answers with an event; only that answer leads to the thank-you screen. How long screens stay is the
office's to say: `Thresholds`, whose defaults follow public survey terminals (30 s until an idle one resets,
domain.md §7.1), the lock-out of rating terminals after a vote (5 s), and the time two lines take to read (6 s).
"""

from dataclasses import dataclass

from kiosk.core.survey import Level
from protocol.codes import RefusedReason
from protocol.messages import CaseToken, Thresholds, VoteId

STORING_SECONDS = 10.0  # an SD card that stalls longer than this is not working
PROBE_SECONDS = 2.0
IDENTIFY_SECONDS = 30.0  # for whoever walks from kiosk to kiosk

USUAL = Thresholds()


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


@dataclass(frozen=True)
class Identifying:
    """The kiosk shows its own name, because it was asked to from afar."""

    name: str
    until: float


State = Idle | Rating | Storing | Thanking | AlreadyRated | ScanRefused | OutOfOrder | Identifying


def is_between_visits(state: State) -> bool:
    """Whether nobody is served: what the screen says and asks may change."""
    return isinstance(state, Idle | OutOfOrder | Identifying)


def is_amid_a_rating(state: State) -> bool:
    """Whether somebody has a question before them; what was asked of them must not change."""
    return isinstance(state, Rating | Storing) or (isinstance(state, ScanRefused) and state.rating)


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

    @property
    def touched_at(self) -> float:
        """When the face was touched."""
        return self.by - STORING_SECONDS


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
class IdentifyAsked:
    """Somebody wants to see which kiosk this is."""

    at: float
    name: str


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
    | IdentifyAsked
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


def advance(state: State, event: Event, stays: Thresholds = USUAL) -> Step:
    """Return the state that an event leads to, and what the edge has to do for it; *stays*: how long screens do."""
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
            return Step(Thanking(vote_id, at + stays.thanks))
        case Storing(until=until), CaseSpent(at, by) if by == until:
            return Step(AlreadyRated(at + stays.notice))
        case Storing(until=until), Tick(at) if at >= until:
            return Step(OutOfOrder(at + PROBE_SECONDS))
        case Storing(), _:
            return Step(state)

        case _, CaseScanned(at, _, already_rated=True):
            return Step(AlreadyRated(at + stays.notice))
        case _, CaseScanned(at, case):
            return Step(Rating(case, at + stays.rating))
        case ((Rating(case) | ScanRefused(rating=True, case=case)), RefusedScanned(at, reason)):
            return Step(ScanRefused(reason, at + stays.notice, rating=True, case=case))
        case _, RefusedScanned(at, reason):
            return Step(ScanRefused(reason, at + stays.notice, rating=False, case=None))

        case Idle(), StartTouched(at):
            return Step(Rating(None, at + stays.rating))
        case Rating(case), LevelTouched(at, level):
            until = at + STORING_SECONDS
            return Step(Storing(case, level, until), CastVote(case, level, until))
        case Rating(until=until), Tick(at) if at >= until:
            return Step(Idle())

        case ((Idle() | Identifying()), IdentifyAsked(at, name)):
            return Step(Identifying(name, at + IDENTIFY_SECONDS))
        case ScanRefused(), DismissTouched(at):
            return _after_notice(state, at, stays)
        case ScanRefused(until=until), Tick(at) if at >= until:
            return _after_notice(state, at, stays)
        case ((Thanking() | AlreadyRated() | Identifying()), DismissTouched()):
            return Step(Idle())
        case ((Thanking(until=until) | AlreadyRated(until=until) | Identifying(until=until)), Tick(at)) if at >= until:
            return Step(Idle())
    return Step(state)  # what means nothing here changes nothing


def _after_notice(notice: ScanRefused, at: float, stays: Thresholds) -> Step:
    return Step(Rating(notice.case, at + stays.rating) if notice.rating else Idle())
