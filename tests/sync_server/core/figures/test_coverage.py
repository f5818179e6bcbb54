"""Votes beside the cases served."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.coverage import Coverage, Forms

numbers = st.integers(0, 10**7)


def test_the_answer_rate_is_votes_by_cases_served() -> None:
    assert Coverage(1445, 2353).rate == Fraction(1445, 2353)


@given(numbers)
def test_where_nobody_was_served_there_is_no_rate(votes: int) -> None:
    assert Coverage(votes, 0).rate is None


@given(numbers, numbers)
def test_votes_beyond_the_cases_served_are_told(votes: int, served: int) -> None:
    coverage = Coverage(votes, served)
    assert (coverage.beyond > 0) == (votes > served)
    assert coverage.rate is None or (coverage.rate > 1) == (coverage.beyond > 0)


@pytest.mark.parametrize(("votes", "served"), [(-1, 0), (0, -1)])
def test_counts_are_not_negative(votes: int, served: int) -> None:
    with pytest.raises(ValueError, match="not negative"):
        Coverage(votes, served)


@given(numbers, numbers, numbers)
def test_only_forms_of_which_the_issued_were_counted_have_a_rate(issued: int, returned: int, uncounted: int) -> None:
    forms = Forms(issued, returned, uncounted)
    assert forms.coverage.rate == (Fraction(returned, issued) if issued else None)
    assert forms.are_any == (issued + returned + uncounted > 0)
