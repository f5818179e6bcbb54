"""What happens to a session, and what it has the edge do. Times are monotonic seconds."""

from dataclasses import dataclass

from kiosk.core.visit import Ballot, Case
from protocol.codes import RefusedReason
from protocol.messages import CounterNumber, Key, Level, VoteId

STORING_SECONDS = 10.0  # an SD card that stalls longer than this is not working


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
class BadgeScanned:
    """An officer signed in at this counter, or out."""

    at: float
    name: str
    there: bool


@dataclass(frozen=True)
class StartTouched:
    """Rate without a code: procedures settled at once have no receipt (NĐ 61/2018 Đ.17(4))."""

    at: float


@dataclass(frozen=True)
class CounterTouched:
    at: float
    counter: CounterNumber


@dataclass(frozen=True)
class LevelTouched:
    at: float
    level: Level


@dataclass(frozen=True)
class ReasonTouched:
    at: float
    reason: Key


@dataclass(frozen=True)
class CommentTouched:
    """The citizen wants to write."""

    at: float


@dataclass(frozen=True)
class CommentTyped:
    """The comment has come so far."""

    at: float
    text: str


@dataclass(frozen=True)
class SendTouched:
    at: float


@dataclass(frozen=True)
class SkipTouched:
    """The citizen leaves out what may be left out."""

    at: float


@dataclass(frozen=True)
class BackTouched:
    at: float


@dataclass(frozen=True)
class DeclineTouched:
    """The citizen does not want to rate."""

    at: float


@dataclass(frozen=True)
class SwitchTouched:
    """The citizen says that the other case is theirs."""

    at: float


@dataclass(frozen=True)
class DismissTouched:
    """A touch on a notice: read, go on."""

    at: float


@dataclass(frozen=True)
class ServiceAsked:
    """Somebody held the sign in the header for some seconds."""

    at: float


@dataclass(frozen=True)
class DigitTouched:
    at: float
    digit: str


@dataclass(frozen=True)
class PinChecked:
    """The answer to CheckPin, or to a badge that opens the service page."""

    at: float
    right: bool


@dataclass(frozen=True)
class ServiceUsed:
    """Something of the service page was touched, or scanned: *heard* says what kind of code."""

    at: float
    heard: str = ""


@dataclass(frozen=True)
class VoteStored:
    at: float
    vote_id: VoteId
    by: float  # as in the CastVote that is answered

    @property
    def touched_at(self) -> float:
        """When the citizen touched the screen for the last time."""
        return self.by - STORING_SECONDS


@dataclass(frozen=True)
class CaseSpent:
    """The vote was not stored: a vote for its case was there already."""

    at: float
    by: float  # as in the CastVote that is answered


@dataclass(frozen=True)
class StorageFailed:
    """*by*: as in the CastVote that was refused; none: a probe failed, or a read."""

    at: float
    by: float | None = None


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


Scanned = CaseScanned | RefusedScanned | BadgeScanned
Touched = (
    StartTouched
    | CounterTouched
    | LevelTouched
    | ReasonTouched
    | CommentTouched
    | CommentTyped
    | SendTouched
    | SkipTouched
    | BackTouched
    | DeclineTouched
    | SwitchTouched
    | DismissTouched
    | ServiceAsked
    | DigitTouched
    | ServiceUsed
)
Answered = VoteStored | CaseSpent | StorageFailed | StorageHealed | PinChecked
Event = Scanned | Touched | Answered | IdentifyAsked | Tick


# --- effects -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CastVote:
    """Store this durably, then answer VoteStored, CaseSpent or StorageFailed.

    Each is answered once, in the order of asking. The answer repeats *by*, when the screen gives up and which no two
    have in common: on a disk that stalls, the answer to a vote that was given up on comes while the next citizen's is
    being stored. What was cut short is stored as well, and nobody waits: refused, it is kept and tried again, without
    another answer.
    """

    ballot: Ballot
    by: float


@dataclass(frozen=True)
class ProbeStorage:
    """Try whether the storage works, then answer StorageHealed or StorageFailed."""


@dataclass(frozen=True)
class CheckPin:
    """Answer PinChecked."""

    digits: str


Effect = CastVote | ProbeStorage | CheckPin
