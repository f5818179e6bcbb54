"""Answers to one criterion: their own denominator, blanks apart."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sync_server.core.figures.answers import Answers
from sync_server.core.rounding import Mode, Rounding

answers = st.integers(2, 10).flatmap(
    lambda levels: st.builds(
        Answers,
        st.tuples(*[st.integers(0, 10_000)] * levels),
        st.frozensets(st.integers(0, levels - 1)),
        st.integers(0, 500),
    )
)


def texts(these: Answers, rounding: Rounding) -> list[str]:
    return [rounding.percent_text(these.share_of(place)) for place in range(len(these.levels))]


@given(answers)
def test_shares_add_up_to_one_whatever_is_left_blank(these: Answers) -> None:
    assume(these.answered)
    assert sum((these.share_of(place) or 0 for place in range(len(these.levels))), Fraction()) == 1
    assert these.share == sum((these.share_of(place) or 0 for place in these.satisfied_levels), Fraction())


@given(answers, st.integers(0, 500))
def test_blanks_change_no_share_and_no_interval(these: Answers, blank: int) -> None:
    other = Answers(these.levels, these.satisfied_levels, blank)
    assert (these.share, these.interval) == (other.share, other.interval)


@given(st.data(), answers)
def test_what_is_counted_apart_can_be_added(data: st.DataObject, whole: Answers) -> None:
    part = tuple(data.draw(st.integers(0, count)) for count in whole.levels)
    rest = tuple(count - taken for count, taken in zip(whole.levels, part, strict=True))
    one = Answers(part, whole.satisfied_levels, whole.blank)
    assert one + Answers(rest, whole.satisfied_levels) == whole


@given(answers)
def test_each_interval_lies_round_its_share(these: Answers) -> None:
    assume(these.answered)
    for place in range(len(these.levels)):
        share, interval = these.share_of(place), these.interval_of(place)
        assert share is not None
        assert interval is not None
        assert interval.low <= float(share) <= interval.high


def test_nothing_answered_has_no_share() -> None:
    nothing = Answers((0, 0), frozenset({1}), blank=3)
    assert (nothing.share, nothing.share_of(0), nothing.interval, nothing.interval_of(1)) == (None, None, None, None)
    assert nothing.response == 0
    assert Answers((0, 0), frozenset()).response is None


def test_the_response_is_the_part_that_was_not_left_blank() -> None:
    assert Answers((1, 2), frozenset({1}), blank=1).response == Fraction(3, 4)


def test_only_the_same_levels_are_added() -> None:
    with pytest.raises(ValueError, match="same levels"):
        Answers((1, 2), frozenset({1})) + Answers((1, 2, 3), frozenset({1}))
    with pytest.raises(ValueError, match="same levels"):
        Answers((1, 2), frozenset({1})) + Answers((1, 2), frozenset({0}))


@pytest.mark.parametrize(
    ("levels", "satisfied", "blank", "why"),
    [
        ((1,), {0}, 0, "2 to 10 levels"),
        ((1,) * 11, {0}, 0, "2 to 10 levels"),
        ((1, -1), {0}, 0, "not negative"),
        ((1, 1), {0}, -1, "not negative"),
        ((1, 1), {2}, 0, "by their place"),
    ],
)
def test_what_cannot_be_counted_is_refused(levels: tuple[int, ...], satisfied: set[int], blank: int, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Answers(levels, frozenset(satisfied), blank)


def test_da_nang_2014_comes_out_as_published() -> None:
    # taichinhdientu.vn: 12.394 ratings in six months; two decimals, half up.
    rounding = Rounding(Mode.HALF_UP, 2)
    service = Answers((7588, 117, 20), frozenset({0}))
    officers = Answers((4550, 78, 41), frozenset({0}))
    assert (service.answered, officers.answered) == (7725, 4669)
    assert service.answered + officers.answered == 12394
    assert texts(service, rounding) == ["98,23%", "1,51%", "0,26%"]
    assert texts(officers, rounding) == ["97,45%", "1,67%", "0,88%"]


def test_ba_ria_vung_tau_2022_comes_out_as_published() -> None:
    # sotnmt.baria-vungtau.gov.vn: 31 forms; one decimal, half up.
    forms = Answers((10, 16, 5, 0), frozenset({0, 1}))
    assert forms.answered == 31
    assert texts(forms, Rounding(Mode.HALF_UP, 1)) == ["32,3%", "51,6%", "16,1%", "0,0%"]
    assert texts(forms, Rounding(Mode.TRUNCATE, 1)) != texts(forms, Rounding(Mode.HALF_UP, 1))
