"""Whether a share meets its target, and how surely."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sync_server.core.figures.verdict import MANY, TARGET, Verdict, verdict
from sync_server.core.interval import wilson

ORDER = [Verdict.MISSED, Verdict.NEARLY_MET, Verdict.JUST_MET, Verdict.MET]


@pytest.mark.parametrize(
    ("satisfied", "answered", "said"),
    [
        (212, 231, Verdict.MET),  # 91.8 %: the interval begins above 80
        (121, 144, Verdict.JUST_MET),  # 84.0 %: it begins below
        (149, 198, Verdict.NEARLY_MET),  # 75.3 %: it ends above
        (88, 121, Verdict.MISSED),  # 72.7 %: it ends just below
        (19, 22, Verdict.TOO_FEW),
        (0, 0, Verdict.TOO_FEW),
    ],
)
def test_the_interval_decides_how_sure_a_verdict_is(satisfied: int, answered: int, said: Verdict) -> None:
    assert verdict(satisfied, answered) is said


def test_too_few_ends_at_thirty() -> None:
    assert verdict(MANY - 1, MANY - 1) is Verdict.TOO_FEW
    assert verdict(MANY, MANY) is Verdict.MET


def test_a_share_exactly_at_the_target_meets_it() -> None:
    assert verdict(80, 100) is Verdict.JUST_MET
    assert verdict(799_999, 1_000_000) is Verdict.NEARLY_MET


@given(st.data(), st.integers(MANY, 10**6), st.fractions(0, 1))
def test_a_verdict_says_where_share_and_interval_lie(data: st.DataObject, answered: int, target: Fraction) -> None:
    satisfied = data.draw(st.integers(0, answered))
    interval = wilson(satisfied, answered)
    assert interval is not None
    said = verdict(satisfied, answered, target)
    assert (said in (Verdict.MET, Verdict.JUST_MET)) == (
        Fraction(satisfied, answered) >= target or interval.low >= target
    )
    assert (said is Verdict.MET) == (interval.low >= target)
    assert said is not Verdict.MISSED or interval.high < target


@given(st.data(), st.integers(MANY, 10**6))
def test_more_satisfied_is_never_judged_worse(data: st.DataObject, answered: int) -> None:
    satisfied = data.draw(st.integers(0, answered))
    assume(satisfied < answered)
    assert ORDER.index(verdict(satisfied, answered, TARGET)) <= ORDER.index(verdict(satisfied + 1, answered, TARGET))
