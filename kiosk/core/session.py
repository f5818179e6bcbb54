"""What one citizen's visit to the screen is: a state machine in one function.

Pure. Time is the monotonic seconds that every event carries. The edge stores the votes that a step asks
for and answers with an event; only that answer leads to the thank-you screen. How long screens stay is the
office's to say: `Thresholds`, whose defaults follow public survey terminals (30 s until an idle one resets,
domain.md §7.1), the lock-out of rating terminals after a vote (5 s), and the time two lines take to read (6 s).

Every level takes the same touches: once the last question is answered the vote is complete, and whoever walks away
from what else is offered has voted.
"""

from dataclasses import dataclass, replace

from kiosk.core.composing import tidied
from kiosk.core.events import (
    STORING_SECONDS,
    BackTouched,
    BadgeScanned,
    CaseScanned,
    CaseSpent,
    CastVote,
    CheckPin,
    CommentTouched,
    CommentTyped,
    CounterTouched,
    DeclineTouched,
    DigitTouched,
    DismissTouched,
    Effect,
    Event,
    IdentifyAsked,
    LevelTouched,
    PinChecked,
    ProbeStorage,
    ReasonTouched,
    RefusedScanned,
    SendTouched,
    ServiceAsked,
    ServiceUsed,
    SkipTouched,
    StartTouched,
    StorageFailed,
    StorageHealed,
    SwitchTouched,
    Tick,
    VoteStored,
)
from kiosk.core.states import (
    AlreadyRated,
    Asking,
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
    asking,
    takes_badges,
)
from kiosk.core.survey import SURVEY, Survey
from kiosk.core.visit import Ballot, Case, Visit, legible
from protocol.messages import CounterNumber, Thresholds
from protocol.visits import VisitOutcome

PROBE_SECONDS = 2.0
LOST_SECONDS = 60.0  # an answer that is missing for so long, of a storage that works, does not come any more
IDENTIFY_SECONDS = 30.0  # for whoever walks from kiosk to kiosk
PIN_SECONDS = 30.0
SERVICE_SECONDS = 180.0  # somebody who is called away must not leave the page open to citizens
LONGEST_PIN = 12
WRITING_TAKES = 3  # times as long as a touch: a word on a screen's keyboard is five to ten keys

USUAL = Thresholds()


@dataclass(frozen=True)
class Rules:
    """What a session goes by; it changes between visits only, but for *is_open*."""

    stays: Thresholds = USUAL
    survey: Survey = SURVEY
    counters: tuple[CounterNumber, ...] = ()  # to choose among, where nothing else says which
    is_open: bool = True
    has_pin: bool = False


@dataclass(frozen=True)
class Step:
    state: State
    effect: Effect | None = None


def advance(state: State, event: Event, rules: Rules = Rules()) -> Step:
    """Return the state that an event leads to, and what the edge has to do for it."""
    match state:
        case OutOfOrder():
            return _out_of_order(state, event, rules)
        case Storing():
            return _storing(state, event, rules)
        case EnteringPin() | Servicing():
            return _servicing(state, event, rules)
    match event:
        case StorageFailed(at):
            return _broken(state, at)
        case CaseScanned():
            return _scanned(state, event, rules)
        case RefusedScanned(at, reason):
            return Step(ScanRefused(reason, at + rules.stays.notice, asking(state)))
    match state:
        case ChoosingCounter() | Rating() | GivingReasons() | Commenting():
            return _asked(state, event, rules)
        case Switching():
            return _switching(state, event, rules)
        case _:
            return _at_rest(state, event, rules)


# --- between visits ---------------------------------------------------------------------------------


def _at_rest(state: State, event: Event, rules: Rules) -> Step:
    match state, event:
        case Idle(), StartTouched(at):
            return Step(_begun(at, None, rules))
        case Idle(), ServiceAsked(at) if rules.has_pin:
            return Step(_entering(at))
        case Idle(), Tick():
            return Step(_idle(rules))
        case ((Idle() | Identifying()), IdentifyAsked(at, name)):
            return Step(Identifying(name, at + IDENTIFY_SECONDS))
        case _, BadgeScanned(at, name, there) if takes_badges(state):
            return Step(SignedIn(name, there, at + rules.stays.notice))
        case _, PinChecked(at, right=True) if takes_badges(state):  # by a badge
            return Step(_opened(at))
        case ((AlreadyRated(resumes=resumes) | ScanRefused(resumes=resumes)), DismissTouched(at)):
            return Step(_idle(rules) if resumes is None else _resumed(resumes, at, rules))
        case ((AlreadyRated(until, resumes) | ScanRefused(until=until, resumes=resumes)), Tick(at)) if at >= until:
            return Step(_idle(rules) if resumes is None else _resumed(resumes, at, rules))
        case ((Thanking() | Identifying() | SignedIn()), DismissTouched()):
            return Step(_idle(rules))
        case ((Thanking(until=until) | Identifying(until=until) | SignedIn(until=until)), Tick(at)) if at >= until:
            return Step(_idle(rules))
    return Step(state)  # what means nothing here changes nothing


def _idle(rules: Rules) -> Idle:
    return Idle(closed=not rules.is_open)


# --- a visit ----------------------------------------------------------------------------------------


def _begun(at: float, case: Case | None, rules: Rules, counter: CounterNumber | None = None) -> Asking:
    if counter is None and len(rules.counters) == 1:
        [counter] = rules.counters  # a room with one counter: it can have been no other
    visit = Visit(began=at, asked_at=at, case=case, counter=counter)
    if case is None and len(rules.counters) > 1:
        return ChoosingCounter(visit, at + rules.stays.rating)
    return Rating(visit, at + rules.stays.rating)


def _resumed(resumes: Asking, at: float, rules: Rules) -> Asking:
    return replace(resumes, until=at + _stay(resumes, rules))


def _stay(state: Asking, rules: Rules) -> float:
    return rules.stays.rating * (WRITING_TAKES if isinstance(state, Commenting) else 1)


def _asked(state: Asking, event: Event, rules: Rules) -> Step:
    match event:
        case Tick(at):
            return Step(state) if at < state.until else _left(state, at, rules)
        case DeclineTouched(at):
            return _stored_aside(_idle(rules), Ballot(state.visit.without_comment(), VisitOutcome.DECLINED, at))
    match state:
        case ChoosingCounter(visit):
            if isinstance(event, CounterTouched) and event.counter in rules.counters:
                chosen = replace(visit, counter=event.counter, asked_at=event.at)
                return Step(Rating(chosen, event.at + rules.stays.rating))
            return Step(state)
        case Rating():
            return _rating(state, event, rules)
        case GivingReasons():
            return _giving_reasons(state, event, rules)
        case _:
            return _commenting(state, event, rules)


def _rating(state: Rating, event: Event, rules: Rules) -> Step:
    visit, survey = state.visit, rules.survey
    asked = survey.criteria[len(visit.answers)]
    match event:
        case LevelTouched(at, level) if level in asked.levels:
            visit = visit.answered(asked.key, level, at)
            if len(visit.answers) < len(survey.criteria):
                return Step(Rating(visit, at + rules.stays.rating))
            if survey.offers_more(visit.levels):
                return Step(GivingReasons(visit, at + rules.stays.rating))
            return _cast(visit, at)
        case BackTouched(at) if visit.answers:
            return Step(Rating(visit.without_the_last_answer(at), at + rules.stays.rating))
    return Step(state)


def _giving_reasons(state: GivingReasons, event: Event, rules: Rules) -> Step:
    visit = state.visit
    match event:
        case ReasonTouched(at, reason) if any(reason == each.key for each in rules.survey.reasons):
            return Step(GivingReasons(visit.toggled(reason), at + rules.stays.rating))
        case CommentTouched(at) if rules.survey.comments:
            return Step(Commenting(visit, visit.comment, at + rules.stays.rating * WRITING_TAKES))
        case SendTouched(at):
            return _cast(visit, at)
        case SkipTouched(at):
            return _cast(replace(visit.without_comment(), reasons=()), at)
        case BackTouched(at):
            again = replace(visit.without_the_last_answer(at).without_comment(), reasons=())
            return Step(Rating(again, at + rules.stays.rating))
    return Step(state)


def _commenting(state: Commenting, event: Event, rules: Rules) -> Step:
    visit = state.visit
    match event:
        case CommentTyped(at, text):
            return Step(_resumed(replace(state, text=legible(text)), at, rules))
        case SendTouched(at):
            return _cast(replace(visit, comment=tidied(state.text)), at)
        case SkipTouched(at):
            return _cast(visit.without_comment(), at)
        case BackTouched(at):
            return Step(GivingReasons(replace(visit, comment=tidied(state.text)), at + rules.stays.rating))
    return Step(state)


def _left(state: Asking, at: float, rules: Rules) -> Step:
    """The citizen has walked away: a complete vote counts."""
    ballot = _ended(state, at)
    if ballot.outcome is VisitOutcome.ANSWERED:
        return _cast(ballot.visit, at)
    return _stored_aside(_idle(rules), ballot)


def _ended(state: Asking, at: float) -> Ballot:
    match state:
        case GivingReasons(visit) | Commenting(visit):
            return Ballot(visit.without_comment(), VisitOutcome.ANSWERED, at)
    return Ballot(state.visit, VisitOutcome.ABANDONED if state.visit.answers else VisitOutcome.TIMED_OUT, at)


def _cast(visit: Visit, at: float, follows: Case | None = None) -> Step:
    ballot, until = Ballot(visit, VisitOutcome.ANSWERED, at), at + STORING_SECONDS
    return Step(Storing(ballot, until, follows), CastVote(ballot, until))


def _stored_aside(state: State, ballot: Ballot) -> Step:
    """Go on, and have what was cut short stored; nobody waits for the answer."""
    return Step(state, CastVote(ballot, ballot.ended + STORING_SECONDS))


# --- scans --------------------------------------------------------------------------------------------


def _scanned(state: State, event: CaseScanned, rules: Rules) -> Step:
    at, case = event.at, event.case
    present = asking(state)
    if present is not None and present.visit.case is not None and present.visit.case.token == case.token:
        return Step(_resumed(present, at, rules))  # the same receipt once more
    if event.already_rated:
        return Step(AlreadyRated(at + rules.stays.notice, present))
    if present is None:
        return Step(_begun(at, case, rules))
    if present.visit.case is None and not present.visit.answers:
        # Nothing was said yet, and now it is known what about.
        return Step(_begun(at, case, rules, present.visit.counter))
    return Step(Switching(present, case, at + rules.stays.rating / WRITING_TAKES))


def _switching(state: Switching, event: Event, rules: Rules) -> Step:
    match event:
        case SwitchTouched(at):
            ballot = _ended(state.resumes, at)
            if ballot.outcome is VisitOutcome.ANSWERED:
                return _cast(ballot.visit, at, follows=state.case)
            return _stored_aside(_begun(at, state.case, rules), ballot)
        case BackTouched(at) | DismissTouched(at):
            return Step(_resumed(state.resumes, at, rules))
        case Tick(at) if at >= state.until:
            return Step(_resumed(state.resumes, at, rules))
    return Step(state)


# --- the storage ----------------------------------------------------------------------------------------


def _storing(state: Storing, event: Event, rules: Rules) -> Step:
    match event:
        case VoteStored(at, _, by) | CaseSpent(at, by) if by == state.until and state.follows is not None:
            return Step(_begun(at, state.follows, rules))
        case VoteStored(at, vote_id, by) if by == state.until:
            return Step(Thanking(vote_id, at + rules.stays.thanks))
        case CaseSpent(at, by) if by == state.until:
            return Step(AlreadyRated(at + rules.stays.notice))
        case StorageFailed(at, by) if by == state.until:
            return Step(OutOfOrder(at + PROBE_SECONDS, state.ballot.visit))
        case Tick(at) if at >= state.until:
            return Step(OutOfOrder(at + PROBE_SECONDS, state.ballot.visit, by=state.until))
    return Step(state)


def _broken(state: State, at: float) -> Step:
    present = asking(state)
    return Step(OutOfOrder(at + PROBE_SECONDS, None if present is None else present.visit.without_comment()))


def _out_of_order(state: OutOfOrder, event: Event, rules: Rules) -> Step:
    match event:
        case ServiceAsked(at) if rules.has_pin:  # whoever mends it, or carries its votes away, is needed just now
            return Step(_entering(at, state))
        case PinChecked(at, right=True):
            return Step(_opened(at, state))
        case VoteStored(by=by) | CaseSpent(by=by) if by == state.by:
            return Step(_idle(rules))  # a write that was given up on has succeeded, or the note of it
        case StorageFailed(by=by) if by == state.by:
            return Step(replace(state, by=None))  # now it is known that nothing was stored
        case VoteStored(at) | CaseSpent(at) | StorageHealed(at) if state.by is None:
            if state.owed is None:
                return Step(_idle(rules))
            note = CastVote(Ballot(state.owed, VisitOutcome.DEVICE_ERROR, at), at + STORING_SECONDS)
            return Step(replace(state, by=note.by), note)
        case StorageHealed(at) if state.by is not None and at >= state.by + LOST_SECONDS:
            return Step(_idle(rules))
        case Tick(at) if at >= state.probe_at:
            return Step(replace(state, probe_at=at + PROBE_SECONDS), ProbeStorage())
    return Step(state)


# --- service ------------------------------------------------------------------------------------------


def _entering(at: float, amiss: OutOfOrder | None = None, digits: str = "", *, wrong: bool = False) -> EnteringPin:
    return EnteringPin(digits, wrong, at + PIN_SECONDS, amiss)


def _opened(at: float, amiss: OutOfOrder | None = None, heard: str = "") -> Servicing:
    return Servicing(heard, at + SERVICE_SECONDS, amiss)


def _servicing(state: EnteringPin | Servicing, event: Event, rules: Rules) -> Step:
    amiss = state.amiss
    match state, event:
        case EnteringPin(digits), DigitTouched(at, digit) if len(digits) < LONGEST_PIN:
            return Step(_entering(at, amiss, digits + digit))
        case EnteringPin(digits), BackTouched(at) if digits:
            return Step(_entering(at, amiss, digits[:-1]))
        case EnteringPin(digits), SendTouched(at) if digits:
            return Step(_entering(at, amiss), CheckPin(digits))
        case EnteringPin(), PinChecked(at, right):
            return Step(_opened(at, amiss) if right else _entering(at, amiss, wrong=True))
        case Servicing(heard), ServiceUsed(at, newly):
            return Step(_opened(at, amiss, newly or heard))
        case _, DismissTouched():
            return Step(_idle(rules) if amiss is None else amiss)
        case _, Tick(at) if at >= state.until:
            return Step(_idle(rules) if amiss is None else amiss)
    return _behind_the_page(state, event, rules)


def _behind_the_page(state: EnteringPin | Servicing, event: Event, rules: Rules) -> Step:
    """Let the storage fail and heal without taking the page away from whoever looks into it."""
    if state.amiss is not None:
        if isinstance(event, Tick | VoteStored | CaseSpent | StorageFailed | StorageHealed):
            step = _out_of_order(state.amiss, event, rules)
            return Step(replace(state, amiss=step.state if isinstance(step.state, OutOfOrder) else None), step.effect)
    elif isinstance(event, StorageFailed):
        return Step(replace(state, amiss=OutOfOrder(event.at + PROBE_SECONDS)))
    return Step(state)
