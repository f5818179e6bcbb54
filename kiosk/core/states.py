"""The states of a session: each names a screen. *until* is when it gives up, in monotonic seconds."""

from dataclasses import dataclass

from kiosk.core.visit import Ballot, Case, Visit
from protocol.codes import RefusedReason
from protocol.messages import VoteId


@dataclass(frozen=True)
class Idle:
    """Waiting for a scan or a touch; outside the opening hours the screen says so, and still takes votes."""

    closed: bool = False


@dataclass(frozen=True)
class ChoosingCounter:
    """The counters are shown, for nothing else says which one the visit was to."""

    visit: Visit
    until: float


@dataclass(frozen=True)
class Rating:
    """A question is shown: the one after those that are answered."""

    visit: Visit
    until: float


@dataclass(frozen=True)
class GivingReasons:
    """Every question is answered; reasons may be touched, and a comment may be asked for."""

    visit: Visit
    until: float


@dataclass(frozen=True)
class Commenting:
    """A comment is being written; *text* is how far it has come."""

    visit: Visit
    text: str
    until: float


Asking = ChoosingCounter | Rating | GivingReasons | Commenting


@dataclass(frozen=True)
class Switching:
    """Another case was scanned amid a visit: is it to begin anew?"""

    resumes: Asking
    case: Case
    until: float


@dataclass(frozen=True)
class Storing:
    """The visit is over and its vote on the way to the disk; *follows*: another case's visit begins then, unthanked."""

    ballot: Ballot
    until: float
    follows: Case | None = None


@dataclass(frozen=True)
class Thanking:
    """The vote is on the disk."""

    vote_id: VoteId
    until: float


@dataclass(frozen=True)
class AlreadyRated:
    """The scanned case has been rated before; afterwards the visit goes on, if one had begun."""

    until: float
    resumes: Asking | None = None


@dataclass(frozen=True)
class ScanRefused:
    """What was scanned is not for us; afterwards the visit goes on, if one had begun."""

    reason: RefusedReason
    until: float
    resumes: Asking | None = None


@dataclass(frozen=True)
class OutOfOrder:
    """Votes cannot be stored, so none is taken; the storage is probed until it works again.

    *owed* is whose vote was not stored, to be noted as an error of the kiosk. *by* names the `CastVote`, of the vote
    or of that note, whose answer is still awaited: until it comes nobody knows whether it was stored.
    """

    probe_at: float
    owed: Visit | None = None
    by: float | None = None


@dataclass(frozen=True)
class Identifying:
    """The kiosk shows its own name, because it was asked to from afar."""

    name: str
    until: float


@dataclass(frozen=True)
class SignedIn:
    """An officer signed in at this counter, or out."""

    name: str
    there: bool
    until: float


@dataclass(frozen=True)
class EnteringPin:
    """Somebody wants to see the service page; *wrong*: the last try was. *amiss*: as in `Servicing`."""

    digits: str
    wrong: bool
    until: float
    amiss: OutOfOrder | None = None


@dataclass(frozen=True)
class Servicing:
    """The service page is shown; *heard* is what kind of code was scanned last.

    *amiss*: votes cannot be stored meanwhile; what is owed and awaited goes on behind the page, and shows after it.
    """

    heard: str
    until: float
    amiss: OutOfOrder | None = None


Notice = AlreadyRated | ScanRefused | Thanking | Identifying | SignedIn
State = Idle | Asking | Switching | Storing | Notice | OutOfOrder | EnteringPin | Servicing


def asking(state: State) -> Asking | None:
    """Return the visit that a state is of, or goes back to."""
    match state:
        case ChoosingCounter() | Rating() | GivingReasons() | Commenting():
            return state
        case Switching(resumes) | AlreadyRated(resumes=resumes) | ScanRefused(resumes=resumes):
            return resumes
        case _:
            return None


def amiss(state: State) -> OutOfOrder | None:
    """Return how the kiosk is out of order, whether that is shown or stands behind the service page."""
    match state:
        case OutOfOrder():
            return state
        case EnteringPin() | Servicing():
            return state.amiss
        case _:
            return None


def is_between_visits(state: State) -> bool:
    """Whether nobody is served: what the screen says may change, and the program end."""
    return isinstance(state, Idle | OutOfOrder | Identifying)


def is_amid_a_rating(state: State) -> bool:
    """Whether somebody has a question before them, or their answers are yet to be noted: what was asked must stay."""
    out = amiss(state)
    return isinstance(state, Storing) or asking(state) is not None or (out is not None and out.owed is not None)


def takes_badges(state: State) -> bool:
    """Whether an officer may sign in or out: at other times the screen could not say that it was done."""
    return isinstance(state, Idle | Identifying | SignedIn)
