"""A visit as it is stored."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.draft import Draft, draft_of
from kiosk.core.visit import Ballot, Visit
from protocol.visits import VisitLabel, VisitOutcome
from tests.kiosk.core.sessions import BEGUN, NOW, ONE, TWO_QUESTIONS, WHOLE, WITHOUT_CASE

DAY = "d" * 32


def drafted(visit: Visit, outcome: VisitOutcome = VisitOutcome.ANSWERED) -> Draft:
    return draft_of(Ballot(visit, outcome, NOW), TWO_QUESTIONS, counter=2, officer=None, labels=())


def test_everything_that_is_known_of_a_visit_is_stored() -> None:
    visit = replace(WHOLE, reasons=("slow",), comment="Cảm ơn", counter=3)
    draft = draft_of(
        Ballot(visit, VisitOutcome.ANSWERED, NOW),
        replace(TWO_QUESTIONS, best_first=True),
        counter=2,
        officer="an",
        labels=[VisitLabel.HASTY, VisitLabel.PLAY],
    )
    assert draft == Draft(
        survey=7,
        answers={"overall": 4, "time": 3},
        counter=3,
        case_token=ONE.token,
        reasons=("slow",),
        comment="Cảm ơn",
        labels=("hasty", "play"),
        officer="an",
        best_first=True,
    )


def test_the_counter_is_the_kiosk_s_own_where_none_was_chosen() -> None:
    assert drafted(WHOLE).counter == 2


def test_a_visit_without_a_case_spends_nothing() -> None:
    draft = drafted(replace(WITHOUT_CASE, answers=WHOLE.answers))
    assert (draft.case_token, draft.spends, draft.spent) == (None, None, None)


def test_a_vote_spends_its_case_or_its_case_on_this_day() -> None:
    assert drafted(WHOLE).spent == ONE.token
    daily = drafted(replace(WHOLE, case=replace(ONE, spends=DAY)))
    assert (daily.case_token, daily.spent) == (ONE.token, DAY)


@pytest.mark.parametrize("outcome", [outcome for outcome in VisitOutcome if outcome is not VisitOutcome.ANSWERED])
@pytest.mark.parametrize("spends", [None, DAY])
def test_what_is_no_vote_spends_nothing(outcome: VisitOutcome, spends: str | None) -> None:
    draft = drafted(replace(BEGUN, case=replace(ONE, spends=spends)), outcome)
    assert (draft.outcome, draft.case_token, draft.spent) == (outcome, ONE.token, None)


tokens = st.none() | st.just("1" * 32)


@given(
    st.builds(
        Draft,
        st.integers(1, 9),
        st.dictionaries(st.sampled_from(["overall", "time"]), st.integers(1, 5)),
        counter=st.none() | st.integers(1, 9),
        case_token=tokens,
        outcome=st.sampled_from(VisitOutcome).map(str),
        comment=st.text(max_size=9),
        labels=st.lists(st.sampled_from(VisitLabel).map(str)).map(tuple),
        spends=tokens,
        best_first=st.booleans(),
    )
)
def test_it_is_read_as_it_was_written(draft: Draft) -> None:
    assert msgspec.json.decode(msgspec.json.encode(draft), type=Draft) == draft
