"""Whether a share moved by more than chance explains."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact

from sync_server.core.figures.change import LEAST_EXPECTED, Change, Direction, Part, change


def parts(most: int) -> st.SearchStrategy[Part]:
    return st.integers(1, most).flatmap(lambda n: st.builds(Part, st.integers(0, n), st.just(n)))


def table(now: Part, before: Part) -> list[list[int]]:
    return [[part.satisfied, part.answered - part.satisfied] for part in (now, before)]


def least_expected(now: Part, before: Part) -> Fraction:
    satisfied, answered = now.satisfied + before.satisfied, now.answered + before.answered
    return Fraction(min(now.answered, before.answered) * min(satisfied, answered - satisfied), answered)


def compared(now: Part, before: Part) -> Change:
    change_ = change(now, before)
    assert change_ is not None
    return change_


@given(parts(5000), parts(5000))
def test_the_probability_is_what_scipy_says(now: Part, before: Part) -> None:
    if least_expected(now, before) >= LEAST_EXPECTED:
        theirs = chi2_contingency(table(now, before), correction=False).pvalue
    else:
        theirs = fisher_exact(table(now, before)).pvalue
    assert compared(now, before).probability == pytest.approx(float(theirs), rel=1e-6, abs=1e-12)


@given(parts(40), parts(40))
def test_few_answers_are_tested_exactly(now: Part, before: Part) -> None:
    if least_expected(now, before) < LEAST_EXPECTED:
        theirs = float(fisher_exact(table(now, before)).pvalue)
        assert compared(now, before).probability == pytest.approx(theirs, rel=1e-9)


@given(parts(10**6), parts(10**6))
def test_forwards_and_backwards_differ_in_nothing_but_the_sign(now: Part, before: Part) -> None:
    one, other = compared(now, before), compared(before, now)
    assert one.difference == -other.difference
    assert one.probability == pytest.approx(other.probability, rel=1e-6, abs=1e-12)


@given(parts(1000))
def test_what_did_not_change_is_undecided(part: Part) -> None:
    same = compared(part, part)
    assert same.difference == 0
    assert same.probability == pytest.approx(1)
    assert same.direction is Direction.UNDECIDED


def test_a_clear_change_has_a_direction() -> None:
    assert compared(Part(900, 1000), Part(800, 1000)).direction is Direction.BETTER
    assert compared(Part(800, 1000), Part(900, 1000)).direction is Direction.WORSE
    assert compared(Part(9, 10), Part(8, 10)).direction is Direction.UNDECIDED


def test_differences_are_exact() -> None:
    assert compared(Part(1, 3), Part(1, 7)).difference == Fraction(4, 21)


def test_millions_are_compared_too() -> None:
    assert compared(Part(9_999_999, 10_000_000), Part(9_999_990, 10_000_000)).direction is Direction.BETTER


@pytest.mark.parametrize(("now", "before"), [(Part(0, 0), Part(1, 2)), (Part(1, 2), Part(0, 0))])
def test_without_answers_there_is_nothing_to_compare(now: Part, before: Part) -> None:
    assert change(now, before) is None


@pytest.mark.parametrize(("satisfied", "answered"), [(-1, 2), (3, 2)])
def test_a_part_is_never_more_than_the_whole(satisfied: int, answered: int) -> None:
    with pytest.raises(ValueError, match="part of what was answered"):
        Part(satisfied, answered)
