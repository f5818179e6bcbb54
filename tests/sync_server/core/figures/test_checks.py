"""What does not fit together on a sheet of counts."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.checks import (
    DoesNotAddUp,
    Mismatch,
    MoreReturnedThanIssued,
    NoOneRounding,
    NotReproduced,
    mismatches,
    reproduced_by,
)
from sync_server.core.figures.sheet import Criterion, Sheet
from sync_server.core.rounding import Mode, Rounding, decimal_text
from tests.sync_server.core.figures.sheets import criterion, published

shares = st.integers(1, 10**6).flatmap(lambda n: st.builds(Fraction, st.integers(0, n), st.just(n)))


def found(*criteria: Criterion, issued: int | None = None, returned: int | None = None) -> list[Mismatch]:
    return list(mismatches(Sheet(criteria, issued=issued, returned=returned)))


def test_more_forms_cannot_come_back_than_went_out() -> None:
    assert found(criterion(1, 2), issued=2, returned=3) == [MoreReturnedThanIssued(2, 3)]
    assert found(criterion(1, 2), issued=3, returned=3) == []


def test_levels_and_blanks_add_up_to_the_forms_returned() -> None:
    assert found(criterion(250, 41), returned=301) == [DoesNotAddUp("Thái độ", 291, None, 301)]
    assert found(criterion(250, 61), returned=301) == [DoesNotAddUp("Thái độ", 311, None, 301)]
    with_blanks = Criterion("Thái độ", criterion(250, 41).levels, blank=10)
    assert found(with_blanks, returned=301) == []
    assert found(with_blanks, returned=302) == [DoesNotAddUp("Thái độ", 291, 10, 302)]


def test_a_criterion_asked_on_forms_of_its_own_is_held_against_those() -> None:
    own = Criterion("Thái độ", criterion(250, 41).levels, returned=291)
    assert found(own, returned=1000) == []


def test_without_the_forms_returned_there_is_nothing_to_hold_them_against() -> None:
    assert found(criterion(1, 2), issued=1) == []


@given(shares, st.sampled_from(Mode), st.integers(0, 6))
def test_every_rounded_share_is_reproduced_by_the_way_it_was_rounded(
    share: Fraction, mode: Mode, decimals: int
) -> None:
    assert mode in reproduced_by(Rounding(mode, decimals).percent(share), share)


@given(shares, st.integers(0, 10_000))
def test_what_is_reproduced_lies_within_a_step(share: Fraction, hundredths: int) -> None:
    number = Decimal(hundredths).scaleb(-2)
    if reproduced_by(number, share):
        assert abs(Fraction(number) - share * 100) < Fraction(1, 100)


def test_small_percentages_are_reproduced_too() -> None:
    assert reproduced_by(Decimal("0.26"), Fraction(20, 7725)) == {Mode.HALF_UP}
    assert reproduced_by(Decimal("0.25"), Fraction(20, 7725)) == {Mode.TRUNCATE}
    assert reproduced_by(Decimal("0.27"), Fraction(20, 7725)) == frozenset()
    assert reproduced_by(Decimal("0"), None) == frozenset()


def test_a_percentage_that_no_rounding_makes_is_named() -> None:
    levels = (published(239, "80,0", satisfied=True), published(61, "20,33", "b"))
    assert found(Criterion("Thái độ", levels, published="99")) == [
        NotReproduced("Thái độ", "a", Decimal("80.0"), Fraction(239, 300)),
        NotReproduced("Thái độ", None, Decimal("99"), Fraction(239, 300)),
    ]


def test_percentages_rounded_in_different_ways_are_named_together() -> None:
    levels = (published(239, "79,66"), published(41, "13,67", "b"), published(20, None, "c"))
    assert found(Criterion("Thái độ", levels)) == [NoOneRounding("Thái độ")]


def test_published_percentages_of_nothing_are_not_reproduced() -> None:
    levels = (published(0, "0"), published(0, None, "b"))
    assert found(Criterion("Thái độ", levels)) == [NotReproduced("Thái độ", "a", Decimal(0), None)]


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=10).filter(any), st.sampled_from(Mode), st.integers(0, 6))
def test_whatever_was_rounded_in_one_way_fits(counts: list[int], mode: Mode, decimals: int) -> None:
    texts = [decimal_text(Rounding(mode, decimals).percent(Fraction(count, sum(counts)))) for count in counts]
    levels = tuple(published(c, t, "abcdefghij"[n]) for n, (c, t) in enumerate(zip(counts, texts, strict=True)))
    assert found(Criterion("Thái độ", levels), returned=sum(counts)) == []
