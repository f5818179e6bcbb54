"""One of each state, as tests of the session begin from: everything is touched at 100, and stays until 130."""

from dataclasses import replace

from kiosk.core.session import Rules
from kiosk.core.states import (
    AlreadyRated,
    ChoosingCounter,
    Commenting,
    EnteringPin,
    GivingReasons,
    Identifying,
    Idle,
    OutOfOrder,
    Rating,
    ScanRefused,
    Servicing,
    SignedIn,
    State,
    Storing,
    Switching,
    Thanking,
)
from kiosk.core.survey import Criterion, Reason, Survey
from kiosk.core.visit import Answer, Ballot, Case, Visit
from protocol.codes import RefusedReason
from protocol.visits import VisitOutcome

NOW = 100.0
UNTIL = 130.0
VOTE = "0f" * 16
ONE = Case("1" * 32, "…1119-0001")
TWO = Case("2" * 32, "…1119-0002")
CARD = RefusedReason.IDENTITY_CARD

TWO_QUESTIONS = Survey(
    revision=7,
    criteria=(Criterion("overall", (1, 2, 3, 4, 5)), Criterion("time", (1, 3, 5))),
    reasons=(Reason("slow", {}), Reason("polite", {})),
    comments=True,
)
RULES = Rules(survey=TWO_QUESTIONS, has_pin=True)

BEGUN = Visit(began=90.0, asked_at=90.0, case=ONE)
HALF = replace(BEGUN, asked_at=95.0, answers=(Answer("overall", 4, 5.0),))
WHOLE = replace(HALF, asked_at=98.0, answers=(*HALF.answers, Answer("time", 3, 3.0)))
WITHOUT_CASE = replace(BEGUN, case=None)

IDLE = Idle()
CHOOSING = ChoosingCounter(WITHOUT_CASE, UNTIL)
RATING = Rating(BEGUN, UNTIL)
RATING_ON = Rating(HALF, UNTIL)
REASONS = GivingReasons(WHOLE, UNTIL)
WRITING = Commenting(WHOLE, "Cảm ơn", UNTIL)
ASKING = (CHOOSING, RATING, RATING_ON, REASONS, WRITING)

SWITCHING = Switching(RATING_ON, TWO, UNTIL)
STORING = Storing(Ballot(WHOLE, VisitOutcome.ANSWERED, NOW), until=110.0)
STORING_BEFORE_TWO = replace(STORING, follows=TWO)
THANKING = Thanking(VOTE, UNTIL)
RATED = AlreadyRated(UNTIL)
RATED_AMID = AlreadyRated(UNTIL, RATING_ON)
REFUSED = ScanRefused(CARD, UNTIL)
REFUSED_AMID = ScanRefused(CARD, UNTIL, RATING_ON)
BROKEN = OutOfOrder(probe_at=102.0)
OWING = OutOfOrder(probe_at=102.0, owed=HALF)
AWAITING = OutOfOrder(probe_at=102.0, owed=WHOLE, by=110.0)
IDENTIFYING = Identifying("quay-1", UNTIL)
SIGNED_IN = SignedIn("Nguyễn Văn An", there=True, until=UNTIL)
PIN = EnteringPin("12", wrong=False, until=UNTIL)
SERVICE = Servicing("", UNTIL)
OUT_OF_ORDER = (BROKEN, OWING, AWAITING)
PINS_AMISS: tuple[EnteringPin, ...] = tuple(replace(PIN, amiss=amiss) for amiss in OUT_OF_ORDER)
SERVICES_AMISS: tuple[Servicing, ...] = tuple(replace(SERVICE, amiss=amiss) for amiss in OUT_OF_ORDER)

STATES: tuple[State, ...] = (
    *(IDLE, *ASKING, SWITCHING, STORING, STORING_BEFORE_TWO, THANKING, RATED, RATED_AMID, REFUSED, REFUSED_AMID),
    *OUT_OF_ORDER,
    *(IDENTIFYING, SIGNED_IN, PIN, SERVICE),
    *PINS_AMISS,
    *SERVICES_AMISS,
)


def named(thing: object) -> str:
    """Return what a parameter is called in the name of a test."""
    return type(thing).__name__
