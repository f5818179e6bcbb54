"""A matter goes from hand to hand, and no step is left out that says who and what."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.matters import Matter, MatterKind, MatterState, NotNow, due_day, is_low, moved, next_states
from sync_server.core.surveys import FIRST_SURVEY, Criterion

NEW = Matter(7, MatterKind.COMMENT, date(2026, 11, 2), date(2026, 11, 23))
BOTH = {"vi": "Có", "en": "Yes"}


def test_the_usual_way() -> None:
    assigned = moved(NEW, MatterState.ASSIGNED, owner="Lê Ví Dụ")
    answered = moved(assigned, MatterState.ANSWERED, cause="thiếu người", action="đã xin lỗi")
    closed = moved(answered, MatterState.CLOSED)
    assert (closed.state, closed.owner, closed.cause, closed.action) == (
        MatterState.CLOSED,
        "Lê Ví Dụ",
        "thiếu người",
        "đã xin lỗi",
    )
    assert moved(closed, MatterState.ASSIGNED, owner="Trần Ví Dụ").owner == "Trần Ví Dụ"


@pytest.mark.parametrize(
    ("state", "told", "reason"),
    [
        (MatterState.ASSIGNED, {}, "matter 7: who answers for it must be named"),
        (MatterState.ANSWERED, {"cause": "x"}, "matter 7: what was done must be said"),
        (MatterState.NEW, {}, "matter 7 is new; it can become: answered, assigned, closed"),
    ],
)
def test_a_step_that_says_too_little_is_refused(state: MatterState, told: dict[str, str], reason: str) -> None:
    with pytest.raises(NotNow, match=reason):
        moved(NEW, state, **told)


@given(st.lists(st.sampled_from(MatterState), max_size=8))
def test_no_matter_becomes_new_again_and_none_is_answered_without_an_action(states: list[MatterState]) -> None:
    matter = NEW
    for state in states:
        try:
            matter = moved(matter, state, owner="A", action="B")
        except NotNow:
            continue
        assert matter.state is not MatterState.NEW
        assert matter.owner


@pytest.mark.parametrize(
    ("state", "overdue"),
    [
        (MatterState.NEW, True),
        (MatterState.ASSIGNED, True),
        (MatterState.ANSWERED, False),
        (MatterState.CLOSED, False),
    ],
)
def test_only_what_nobody_answered_is_overdue(state: MatterState, overdue: bool) -> None:
    matter = Matter(7, MatterKind.LOW_SCORE, NEW.day, NEW.due, state)
    assert matter.is_overdue(NEW.due + timedelta(days=1)) is overdue
    assert not matter.is_overdue(NEW.due)


def test_fifteen_working_days_are_three_weeks() -> None:
    assert due_day(date(2026, 10, 5)) == date(2026, 10, 26)


@pytest.mark.parametrize(
    ("levels", "satisfied", "low"), [(5, (4, 5), [1, 2]), (4, (3, 4), [1, 2]), (3, (2, 3), [1]), (2, (2,), [1])]
)
def test_the_lowest_levels_are_low(levels: int, satisfied: tuple[int, ...], low: list[int]) -> None:
    asked = Criterion("time", BOTH, (BOTH,) * levels, satisfied)
    assert [level for level in range(1, levels + 1) if is_low(level, asked)] == low


def test_of_the_first_survey_the_two_lowest_are() -> None:
    assert is_low(2, FIRST_SURVEY.criteria[0])
    assert not is_low(3, FIRST_SURVEY.criteria[0])


def test_where_a_matter_may_go_is_told_in_the_order_of_the_states() -> None:
    assert next_states(MatterState.ANSWERED) == (MatterState.ASSIGNED, MatterState.CLOSED)
    assert next_states(MatterState.CLOSED) == (MatterState.ASSIGNED,)
