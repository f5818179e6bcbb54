"""Item 5.4 of QĐ 766."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.national import FULL_POINTS, Item54, item_54
from sync_server.core.figures.on_time import OnTime


def items() -> st.SearchStrategy[Item54]:
    return st.integers(1, 10**6).flatmap(lambda n: st.builds(Item54, st.just(n), st.integers(0, n), st.integers(0, n)))


@pytest.mark.parametrize(
    ("cases", "overdue", "complained_of", "rate", "points"),
    [
        (1000, 20, 5, Fraction(975, 1000), 6),
        (100, 8, 2, Fraction(90, 100), 6),  # exactly enough
        (100, 8, 3, Fraction(89, 100), Fraction(89 * 6, 90)),
        (100, 40, 15, Fraction(45, 100), 3),
        (10, 8, 7, 0, 0),  # a case may be both
    ],
)
def test_overdue_and_complained_of_are_taken_off(
    cases: int, overdue: int, complained_of: int, rate: Fraction, points: Fraction
) -> None:
    item = Item54(cases, overdue, complained_of)
    assert (item.rate, item.points) == (rate, points)


def test_without_cases_it_is_unknown_and_not_full() -> None:
    assert (Item54(0, 0, 0).rate, Item54(0, 0, 0).points) == (None, None)


@given(items())
def test_points_stay_within_their_six_and_are_full_from_ninety_percent_on(item: Item54) -> None:
    assert item.rate is not None
    assert item.points is not None
    assert 0 <= item.points <= FULL_POINTS
    assert (item.points == FULL_POINTS) == (item.rate >= Fraction(9, 10))


@pytest.mark.parametrize(("overdue", "complained_of"), [(-1, 0), (0, -1), (11, 0), (0, 11)])
def test_parts_lie_within_the_whole(overdue: int, complained_of: int) -> None:
    with pytest.raises(ValueError, match="parts of all cases"):
        Item54(10, overdue, complained_of)


def test_of_cases_with_a_day_those_that_missed_it_are_overdue_and_unknown_complaints_are_left_out() -> None:
    counted = OnTime(received=99, early=50, punctual=20, late=6, unpromised=9, open_within=20, open_overdue=4)
    assert item_54(counted) == Item54(cases=100, overdue=10, complained_of=None)
    assert item_54(counted).rate == Fraction(9, 10)
    assert item_54(counted, 5).rate == Fraction(85, 100)
    assert item_54(OnTime(received=3, unpromised=3)).points is None
