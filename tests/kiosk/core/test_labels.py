"""Each label at both sides of its boundary."""

from dataclasses import replace
from math import nextafter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.labels import (
    HASTY_SECONDS,
    LOCKOUT_SECONDS,
    MOST_UNANSWERED,
    NEAR_OFFICER_SECONDS,
    NEXT_PERSON_SECONDS,
    PLAY_SECONDS,
    PLAY_VISITS,
    READING_SECONDS_PER_WORD,
    Circumstances,
    Labeller,
)
from kiosk.core.visit import Answer, Ballot, Case, Visit
from protocol.visits import VisitLabel, VisitOutcome

CASE = Case("1" * 32, "…1119-0001")
BEGAN, ENDED = 1000.0, 1010.0
CALM = Circumstances(being_served=True)
BY = 1020.0
NONE: tuple[VisitLabel, ...] = ()


def a_ballot(
    *after: float,
    case: Case | None = CASE,
    began: float = BEGAN,
    ended: float = ENDED,
    outcome: VisitOutcome = VisitOutcome.ANSWERED,
) -> Ballot:
    """Return a visit whose questions were answered so many seconds after they had been put."""
    answers = tuple(Answer(f"question-{place}", 4, seconds) for place, seconds in enumerate(after or (5.0,)))
    return Ballot(Visit(began, ended, case, answers=answers), outcome, ended)


def less(seconds: float) -> float:
    return nextafter(seconds, 0.0)


def labels(ballot: Ballot, circumstances: Circumstances = CALM) -> tuple[VisitLabel, ...]:
    return Labeller().labels(ballot, BY, circumstances)


def stored(labeller: Labeller, ballot: Ballot, circumstances: Circumstances = CALM) -> tuple[VisitLabel, ...]:
    """Return the labels of a visit that is then stored."""
    found = labeller.labels(ballot, ballot.ended, circumstances)
    labeller.stored(ballot.ended)
    return found


def test_a_calm_visit_has_none() -> None:
    assert labels(a_ballot()) == NONE
    assert labels(a_ballot(case=None)) == NONE


@pytest.mark.parametrize(
    ("ballot", "circumstances", "label", "holds"),
    [
        (a_ballot(HASTY_SECONDS), CALM, VisitLabel.HASTY, False),
        (a_ballot(less(HASTY_SECONDS)), CALM, VisitLabel.HASTY, True),
        (a_ballot(HASTY_SECONDS, 0.1), CALM, VisitLabel.HASTY, False),
        (a_ballot(2.0, 1.0), replace(CALM, words=10), VisitLabel.HASTY, False),
        (a_ballot(2.0, 0.99), replace(CALM, words=10), VisitLabel.HASTY, True),
        (a_ballot(2.0), replace(CALM, words=10), VisitLabel.HASTY, False),  # a single question is known by heart
        (a_ballot(), replace(CALM, is_open=True), VisitLabel.OUT_OF_HOURS, False),
        (a_ballot(), replace(CALM, is_open=False), VisitLabel.OUT_OF_HOURS, True),
        (a_ballot(case=None), replace(CALM, being_served=True), VisitLabel.UNCONTEXTED, False),
        (a_ballot(case=None), replace(CALM, being_served=False), VisitLabel.UNCONTEXTED, True),
        (a_ballot(), replace(CALM, being_served=False), VisitLabel.UNCONTEXTED, False),
        (a_ballot(case=replace(CASE, foreign=True)), CALM, VisitLabel.FOREIGN, True),
        (a_ballot(case=replace(CASE, rated_before=True)), CALM, VisitLabel.DUPLICATE, True),
    ],
)
def test_what_the_visit_itself_says(
    ballot: Ballot, circumstances: Circumstances, label: VisitLabel, holds: bool
) -> None:
    assert READING_SECONDS_PER_WORD * 10 == 3.0
    assert labels(ballot, circumstances) == ((label,) if holds else NONE)


@pytest.mark.parametrize(
    ("case", "apart", "holds"),
    [
        (CASE, LOCKOUT_SECONDS, False),
        (CASE, less(LOCKOUT_SECONDS), True),
        (None, NEXT_PERSON_SECONDS, False),
        (None, LOCKOUT_SECONDS, True),
    ],
)
def test_a_vote_soon_after_another_is_a_repeat(case: Case | None, apart: float, holds: bool) -> None:
    labeller = Labeller()
    assert stored(labeller, a_ballot(began=-10.0, ended=0.0)) == NONE
    again = a_ballot(case=case, began=apart, ended=apart + 5.0)
    assert stored(labeller, again) == ((VisitLabel.REPEAT,) if holds else NONE)


def test_after_a_visit_that_was_no_vote_nothing_is_repeated() -> None:
    labeller = Labeller()
    stored(labeller, a_ballot(began=-10.0, ended=0.0, outcome=VisitOutcome.ABANDONED))
    assert stored(labeller, a_ballot(case=None, began=1.0, ended=6.0)) == NONE


def test_a_vote_that_was_refused_leaves_no_trace_in_later_labels() -> None:
    labeller = Labeller()
    for _ in range(PLAY_VISITS):
        labeller.labels(a_ballot(began=-10.0, ended=0.0), BY, CALM)
    assert stored(labeller, a_ballot(case=None, began=1.0, ended=6.0)) == NONE


def test_a_visit_counts_once_however_often_the_disk_says_that_it_is_stored() -> None:
    labeller = Labeller()
    stored(labeller, a_ballot(began=-10.0, ended=0.0))
    for _ in range(PLAY_VISITS):
        labeller.stored(0.0)
    calm = a_ballot(began=LOCKOUT_SECONDS, ended=LOCKOUT_SECONDS + 5.0)
    assert stored(labeller, calm) == NONE


def test_of_many_visits_without_an_answer_the_latest_are_remembered() -> None:
    labeller = Labeller()
    for by in range(MOST_UNANSWERED + 1):
        labeller.labels(a_ballot(began=-10.0, ended=0.0), float(by), CALM)
    labeller.stored(0.0)
    again = a_ballot(began=1.0, ended=6.0)
    assert labeller.labels(again, BY, CALM) == NONE, "it was forgotten"
    labeller.stored(1.0 * MOST_UNANSWERED)
    assert labeller.labels(again, BY, CALM) == (VisitLabel.REPEAT,)


@pytest.mark.parametrize(("within", "holds"), [(PLAY_SECONDS, True), (PLAY_SECONDS + 0.01, False)])
def test_many_visits_in_a_minute_are_a_game(within: float, holds: bool) -> None:
    labeller, last = Labeller(), PLAY_VISITS - 1
    for visit in range(PLAY_VISITS):
        ended = visit * within / last
        left = a_ballot(began=ended, ended=ended, outcome=VisitOutcome.TIMED_OUT)
        assert stored(labeller, left) == ((VisitLabel.PLAY,) if holds and visit == last else NONE)


@pytest.mark.parametrize(
    ("officer_at", "holds"),
    [
        (BEGAN - NEAR_OFFICER_SECONDS - 0.01, False),
        (BEGAN - NEAR_OFFICER_SECONDS, True),
        (ENDED, True),
        (ENDED + 0.01, False),
    ],
)
def test_an_officer_at_work_beside_the_voter_is_noted(officer_at: float, holds: bool) -> None:
    labeller = Labeller()
    labeller.officer_at_work(officer_at)
    assert stored(labeller, a_ballot()) == ((VisitLabel.NEAR_OFFICER,) if holds else NONE)


ANSWERED = BEGAN + 5.0


@pytest.mark.parametrize(
    ("called_at", "holds"),
    [
        (ANSWERED - NEAR_OFFICER_SECONDS, False),
        (ANSWERED - NEAR_OFFICER_SECONDS + 0.01, True),
        (ANSWERED, True),
        (ANSWERED + 0.01, False),
    ],
)
def test_an_answer_at_once_after_the_officer_s_key_is_noted_and_no_later_one(called_at: float, holds: bool) -> None:
    labeller = Labeller()
    labeller.officer_called(called_at)
    assert stored(labeller, a_ballot()) == ((VisitLabel.NEAR_OFFICER,) if holds else NONE)


@pytest.mark.parametrize("outcome", [outcome for outcome in VisitOutcome if outcome is not VisitOutcome.ANSWERED])
def test_what_is_no_vote_is_labelled_by_its_circumstances_only(outcome: VisitOutcome) -> None:
    labeller = Labeller()
    labeller.officer_at_work(BEGAN)
    stored(labeller, a_ballot(began=BEGAN - 2, ended=BEGAN - 1))
    left = Ballot(Visit(BEGAN, BEGAN, replace(CASE, foreign=True, rated_before=True)), outcome, ENDED)
    assert stored(labeller, left, Circumstances(is_open=False)) == (VisitLabel.FOREIGN, VisitLabel.OUT_OF_HOURS)


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from(VisitOutcome), st.booleans(), st.booleans()), max_size=20))
def test_labels_stand_in_order_and_once(visits: list[tuple[float, VisitOutcome, bool, bool]]) -> None:
    labeller, at = Labeller(), 0.0
    for lasting, outcome, has_case, officer in visits:
        if officer:
            labeller.officer_at_work(at)
        ballot = a_ballot(lasting, case=CASE if has_case else None, began=at, ended=at + lasting, outcome=outcome)
        at += lasting
        found = stored(labeller, ballot, Circumstances())
        assert list(found) == sorted(set(found))
        assert (VisitLabel.UNCONTEXTED in found) == (outcome is VisitOutcome.ANSWERED and not has_case)


visits = st.lists(
    st.tuples(st.floats(0.1, 30.0), st.floats(0.1, 30.0), st.sampled_from(VisitOutcome), st.booleans(), st.booleans()),
    max_size=20,
)


@given(visits)
def test_whatever_was_refused_between_them_stored_visits_are_labelled_alike(
    visits: list[tuple[float, float, VisitOutcome, bool, bool]],
) -> None:
    with_refused, without, at = Labeller(), Labeller(), 0.0
    for apart, lasting, outcome, has_case, refused in visits:
        began = at + apart
        at = began + lasting
        ballot = a_ballot(case=CASE if has_case else None, began=began, ended=at, outcome=outcome)
        if refused:
            with_refused.labels(ballot, at, CALM)
        else:
            assert stored(with_refused, ballot) == stored(without, ballot)
