"""Scans: what begins a visit, and what is scanned amid one."""

from dataclasses import replace

import pytest

from kiosk.core.events import (
    STORING_SECONDS,
    BackTouched,
    BadgeScanned,
    CaseScanned,
    CaseSpent,
    CastVote,
    DismissTouched,
    Event,
    RefusedScanned,
    SwitchTouched,
    Tick,
    VoteStored,
)
from kiosk.core.session import USUAL, WRITING_TAKES, Step, advance
from kiosk.core.states import AlreadyRated, Asking, Commenting, Rating, ScanRefused, SignedIn, State, Storing, Switching
from kiosk.core.visit import Ballot, Visit
from protocol.codes import RefusedReason
from protocol.visits import VisitOutcome
from tests.kiosk.core.sessions import (
    ASKING,
    BEGUN,
    CHOOSING,
    HALF,
    IDENTIFYING,
    IDLE,
    NOW,
    ONE,
    RATED,
    RATED_AMID,
    RATING,
    RATING_ON,
    REASONS,
    REFUSED,
    REFUSED_AMID,
    RULES,
    SIGNED_IN,
    STATES,
    STORING_BEFORE_TWO,
    SWITCHING,
    THANKING,
    TWO,
    UNTIL,
    VOTE,
    WHOLE,
    WITHOUT_CASE,
    WRITING,
    named,
)

AT_REST = (IDLE, THANKING, RATED, REFUSED, IDENTIFYING, SIGNED_IN)
UNKNOWN = RefusedReason.NOT_RECOGNISED
NOTICE = NOW + USUAL.notice
STAY = USUAL.rating


def again(state: Asking) -> Asking:
    return replace(state, until=NOW + (STAY * WRITING_TAKES if isinstance(state, Commenting) else STAY))


# --- nobody is asked -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", AT_REST, ids=named)
def test_a_case_is_rated_from_wherever_the_screen_stands(state: State) -> None:
    begun = Rating(Visit(NOW, NOW, TWO), NOW + STAY)
    assert advance(state, CaseScanned(NOW, TWO, already_rated=False), RULES) == Step(begun)
    several = replace(RULES, counters=(1, 2))
    assert advance(state, CaseScanned(NOW, TWO, already_rated=False), several) == Step(begun), "the case says which"


@pytest.mark.parametrize("state", AT_REST, ids=named)
def test_a_case_is_rated_only_once(state: State) -> None:
    assert advance(state, CaseScanned(NOW, TWO, already_rated=True), RULES) == Step(AlreadyRated(NOTICE))


@pytest.mark.parametrize("state", AT_REST, ids=named)
def test_what_is_not_for_us_is_refused(state: State) -> None:
    assert advance(state, RefusedScanned(NOW, UNKNOWN), RULES) == Step(ScanRefused(UNKNOWN, NOTICE))


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("state", [IDLE, IDENTIFYING, SIGNED_IN], ids=named)
def test_an_officer_sees_that_they_signed_in_or_out(state: State, there: bool) -> None:
    assert advance(state, BadgeScanned(NOW, "An", there), RULES) == Step(SignedIn("An", there, NOTICE))


@pytest.mark.parametrize("state", [state for state in STATES if state not in (IDLE, IDENTIFYING, SIGNED_IN)], ids=named)
def test_a_badge_disturbs_no_citizen(state: State) -> None:
    assert advance(state, BadgeScanned(NOW, "An", there=True), RULES) == Step(state)


# --- amid a visit --------------------------------------------------------------------------------------


@pytest.mark.parametrize("present", ASKING, ids=named)
def test_after_a_notice_the_visit_goes_on(present: Asking) -> None:
    for scan, notice in (
        (RefusedScanned(NOW, UNKNOWN), ScanRefused(UNKNOWN, NOTICE, present)),
        (CaseScanned(NOW, TWO, already_rated=True), AlreadyRated(NOTICE, present)),
    ):
        assert advance(present, scan, RULES) == Step(notice)
        assert advance(notice, Tick(NOTICE - 0.1), RULES) == Step(notice)
        assert advance(notice, DismissTouched(NOW), RULES) == Step(again(present))
        at = notice.until
        assert advance(notice, Tick(at), RULES) == Step(replace(again(present), until=again(present).until - NOW + at))


@pytest.mark.parametrize("state", [REFUSED_AMID, RATED_AMID, SWITCHING], ids=named)
def test_a_second_notice_goes_back_to_the_visit_as_well(state: State) -> None:
    assert advance(state, RefusedScanned(NOW, UNKNOWN), RULES) == Step(ScanRefused(UNKNOWN, NOTICE, RATING_ON))


@pytest.mark.parametrize("state", [RATING, RATING_ON, REASONS, WRITING], ids=named)
def test_the_same_receipt_once_more_only_gives_more_time(state: Asking) -> None:
    for already_rated in (True, False):
        assert advance(state, CaseScanned(NOW, ONE, already_rated), RULES) == Step(again(state))


@pytest.mark.parametrize("state", [REFUSED_AMID, RATED_AMID, SWITCHING], ids=named)
def test_the_present_case_leads_back_from_a_notice(state: State) -> None:
    assert advance(state, CaseScanned(NOW, ONE, already_rated=False), RULES) == Step(again(RATING_ON))


@pytest.mark.parametrize("present", [CHOOSING, Rating(WITHOUT_CASE, UNTIL)], ids=named)
def test_before_anything_was_said_a_case_is_what_the_visit_is_about(present: Asking) -> None:
    begun = Rating(Visit(NOW, NOW, TWO), NOW + STAY)
    assert advance(present, CaseScanned(NOW, TWO, already_rated=False), RULES) == Step(begun)


def test_the_counter_that_was_chosen_stays_with_the_case() -> None:
    chosen = Rating(replace(WITHOUT_CASE, counter=2), UNTIL)
    begun = Rating(Visit(NOW, NOW, TWO, counter=2), NOW + STAY)
    assert advance(chosen, CaseScanned(NOW, TWO, already_rated=False), RULES) == Step(begun)


ANSWERED_WITHOUT_CASE = Rating(replace(HALF, case=None), UNTIL)


@pytest.mark.parametrize("present", [RATING, RATING_ON, REASONS, WRITING, ANSWERED_WITHOUT_CASE], ids=named)
def test_another_case_amid_a_visit_asks_first(present: Asking) -> None:
    switching = advance(present, CaseScanned(NOW, TWO, already_rated=False), RULES)
    assert switching == Step(Switching(present, TWO, NOW + STAY / WRITING_TAKES))
    for event in (BackTouched(NOW), DismissTouched(NOW)):
        assert advance(switching.state, event, RULES) == Step(again(present))
    assert isinstance(switching.state, Switching)
    late = switching.state.until
    assert advance(switching.state, Tick(late), RULES) == Step(
        replace(present, until=again(present).until - NOW + late)
    )


@pytest.mark.parametrize(
    ("present", "outcome"), [(RATING, VisitOutcome.TIMED_OUT), (RATING_ON, VisitOutcome.ABANDONED)], ids=named
)
def test_whoever_says_yes_begins_anew_and_what_was_cut_short_is_noted(present: Rating, outcome: VisitOutcome) -> None:
    noted = CastVote(Ballot(present.visit, outcome, NOW), NOW + STORING_SECONDS)
    begun = Rating(Visit(NOW, NOW, TWO), NOW + STAY)
    assert advance(Switching(present, TWO, UNTIL), SwitchTouched(NOW), RULES) == Step(begun, noted)


@pytest.mark.parametrize("present", [REASONS, WRITING], ids=named)
@pytest.mark.parametrize("answer", [VoteStored(101.0, VOTE, 110.0), CaseSpent(101.0, 110.0)], ids=named)
def test_a_vote_that_was_whole_is_stored_before_the_next_begins(present: Asking, answer: Event) -> None:
    written = replace(present, visit=replace(WHOLE, comment="not sent"))
    step = advance(Switching(written, TWO, UNTIL), SwitchTouched(NOW), RULES)
    ballot = Ballot(WHOLE, VisitOutcome.ANSWERED, NOW)
    assert step == Step(Storing(ballot, NOW + STORING_SECONDS, follows=TWO), CastVote(ballot, NOW + STORING_SECONDS))
    assert step.state == STORING_BEFORE_TWO
    assert advance(step.state, answer, RULES) == Step(Rating(Visit(101.0, 101.0, TWO), 101.0 + STAY))


def test_a_third_case_is_asked_about_instead_of_the_second() -> None:
    third = replace(TWO, token="3" * 32)
    asked = advance(SWITCHING, CaseScanned(NOW, third, already_rated=False), RULES).state
    assert asked == Switching(RATING_ON, third, NOW + STAY / WRITING_TAKES)
    assert BEGUN.case == ONE
