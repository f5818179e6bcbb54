"""The Wilson interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from sync_server.core.interval import wilson

totals = st.integers(1, 10**7)


def test_known_values() -> None:
    # Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3.
    for satisfied, total, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)]:
        interval = wilson(satisfied, total)
        assert interval is not None
        assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


@given(st.data(), totals)
def test_the_interval_lies_round_the_share_and_within_0_and_1(data: st.DataObject, total: int) -> None:
    satisfied = data.draw(st.integers(0, total))
    interval = wilson(satisfied, total)
    assert interval is not None
    assert 0 <= interval.low <= satisfied / total <= interval.high <= 1


@given(st.data(), totals, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_it_is_what_scipy_says(data: st.DataObject, total: int, confidence: float) -> None:
    satisfied = data.draw(st.integers(0, total))
    interval = wilson(satisfied, total, confidence)
    theirs = binomtest(satisfied, total).proportion_ci(confidence, method="wilson")
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((theirs.low, theirs.high), rel=1e-9, abs=1e-9)


@given(st.data(), totals)
def test_it_is_the_same_from_the_other_side(data: st.DataObject, total: int) -> None:
    satisfied = data.draw(st.integers(0, total))
    one, other = wilson(satisfied, total), wilson(total - satisfied, total)
    assert one is not None
    assert other is not None
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low))


def test_more_votes_are_surer() -> None:
    few, many = wilson(8, 10), wilson(800, 1000)
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


def test_all_and_none_reach_the_ends_exactly() -> None:
    none, all_of_them = wilson(0, 7), wilson(7, 7)
    assert none is not None
    assert all_of_them is not None
    assert (none.low, all_of_them.high) == (0.0, 1.0)


def test_nothing_counted_has_no_interval() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("satisfied", "total"), [(-1, 3), (4, 3), (1, 0)])
def test_a_part_is_never_more_than_the_whole(satisfied: int, total: int) -> None:
    with pytest.raises(ValueError, match="part of the total"):
        wilson(satisfied, total)
