"""Indices over one item or several."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.answers import Answers
from sync_server.core.figures.sipas import item_index, mean_index, pooled_index, sample_size

items = st.builds(Answers, st.tuples(*[st.integers(0, 5000)] * 5), st.just(frozenset({3, 4})), st.integers(0, 100))


def item(*levels: int) -> Answers:
    return Answers(levels, frozenset({3, 4}))


def test_the_index_of_an_item_is_its_two_upper_levels() -> None:
    assert item_index(item(1, 2, 3, 4, 10)) == Fraction(14, 20)


def test_many_answers_weigh_more_in_the_pooled_index_and_the_same_in_the_mean() -> None:
    busy, quiet = item(0, 0, 0, 0, 90), item(10, 0, 0, 0, 0)
    assert pooled_index([busy, quiet]) == Fraction(9, 10)
    assert mean_index([busy, quiet]) == Fraction(1, 2)


def test_items_that_nobody_answered_are_left_out() -> None:
    assert mean_index([item(0, 0, 0, 1, 0), item(0, 0, 0, 0, 0)]) == 1
    assert (pooled_index([]), mean_index([]), item_index(item(0, 0, 0, 0, 0))) == (None, None, None)


@given(st.lists(items, min_size=1, max_size=8))
def test_indices_are_what_numpy_averages(these: list[Answers]) -> None:
    answered = [float(i.answered) for i in these if i.answered]
    shares = [float(i.satisfied / i.answered) for i in these if i.answered]
    mean, pooled = mean_index(these), pooled_index(these)
    if not answered:
        assert (mean, pooled) == (None, None)
        return
    assert mean is not None
    assert pooled is not None
    assert float(mean) == pytest.approx(float(np.mean(shares)))
    assert float(pooled) == pytest.approx(float(np.average(shares, weights=answered)))


@given(st.lists(items, max_size=8))
def test_an_index_lies_between_its_items(these: list[Answers]) -> None:
    shares = [i.share for i in these if i.share is not None]
    for index in (pooled_index(these), mean_index(these)):
        assert index is None or min(shares) <= index <= max(shares)


def test_the_sample_is_known_beforehand() -> None:
    assert sample_size(0) == 0
    assert sample_size(1000) == 286  # 285.7
    assert sample_size(10**9) == 400
    assert sample_size(400, Fraction(1, 10)) == 80


@pytest.mark.parametrize(("transactions", "margin"), [(-1, Fraction(1, 20)), (10, Fraction(0)), (10, Fraction(1))])
def test_no_sample_of_less_than_nothing(transactions: int, margin: Fraction) -> None:
    with pytest.raises(ValueError, match="margin between 0 and 1"):
        sample_size(transactions, margin)
