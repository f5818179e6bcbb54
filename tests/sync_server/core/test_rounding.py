"""Rounding half up or towards zero, exactly, and numbers as Vietnamese text writes them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.rounding import (
    MOST_DECIMALS,
    Mode,
    Rounding,
    count_text,
    decimal_text,
    half_up,
    part_text,
    percent_text,
    truncated,
)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(1, 20), "0.1"),
        (Fraction(-1, 20), "-0.1"),
        (Fraction(49, 1000), "0.0"),
        (Fraction(100), "100.0"),
        (Fraction(12345, 100), "123.5"),  # half to even would give 123.4
    ],
)
def test_a_half_goes_up(value: Fraction, rounded: str) -> None:
    assert str(half_up(value)) == rounded


@given(st.fractions(-(10**9), 10**9), st.integers(0, 6))
def test_the_rounded_number_is_never_further_than_half_a_step(value: Fraction, decimals: int) -> None:
    rounded = half_up(value, decimals)
    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**decimals)
    assert rounded == round(rounded, decimals)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_rounding_keeps_the_order(part: int, whole: int) -> None:
    assert half_up(Fraction(part, whole)) <= half_up(Fraction(part + 1, whole))


def test_published_figures_come_out_as_published() -> None:
    # Thanh Hóa and Đà Nẵng publish two decimals, half up.
    assert half_up(Fraction(7588, 7588 + 117 + 20) * 100, 2) == Decimal("98.23")


def test_percentages_have_a_comma() -> None:
    assert percent_text(Fraction(1239, 1445)) == "85,7%"
    assert percent_text(0.875) == "87,5%"
    assert percent_text(Fraction(1)) == "100,0%"


def test_nothing_counted_is_a_dash() -> None:
    assert percent_text(None) == "–"


def test_thousands_have_a_dot() -> None:
    assert [count_text(number) for number in (0, 999, 1445, 1234567)] == ["0", "999", "1.445", "1.234.567"]


@pytest.mark.parametrize(
    ("value", "left"),
    [
        (Fraction(1999, 100), "19.9"),
        (Fraction(-1999, 100), "-19.9"),
        (Fraction(-1, 100), "0.0"),  # no minus before a zero
        (Fraction(100), "100.0"),
    ],
)
def test_what_is_truncated_loses_its_further_digits(value: Fraction, left: str) -> None:
    assert str(truncated(value)) == left


@given(st.fractions(-(10**9), 10**9), st.integers(0, MOST_DECIMALS))
def test_truncating_never_goes_away_from_zero_nor_as_far_as_a_step(value: Fraction, decimals: int) -> None:
    left = Fraction(truncated(value, decimals))
    assert abs(left) <= abs(value) < abs(left) + Fraction(1, 10**decimals)


@given(st.integers(0, 10**40), st.integers(1, 10**40), st.integers(0, MOST_DECIMALS))
def test_the_modes_differ_by_one_step_at_most(part: int, whole: int, decimals: int) -> None:
    up = Rounding(Mode.HALF_UP, decimals).percent(Fraction(part, whole))
    left = Rounding(Mode.TRUNCATE, decimals).percent(Fraction(part, whole))
    assert Fraction(up) - Fraction(left) in (0, Fraction(1, 10**decimals))


def test_a_declared_rounding_decides_the_digits() -> None:
    share = Fraction(239, 300)
    assert Rounding(Mode.HALF_UP, 2).percent_text(share) == "79,67%"
    assert Rounding(Mode.TRUNCATE, 2).percent_text(share) == "79,66%"
    assert Rounding(Mode.TRUNCATE, 0).percent_text(share) == "79%"
    assert Rounding(Mode.TRUNCATE, 2).percent_text(None) == "–"


@pytest.mark.parametrize("decimals", [-1, MOST_DECIMALS + 1])
def test_no_office_declares_fewer_than_no_decimals_or_very_many(decimals: int) -> None:
    with pytest.raises(ValueError, match="0 to 6 decimals"):
        Rounding(Mode.HALF_UP, decimals)


def test_zeros_are_kept_behind_the_comma() -> None:
    assert decimal_text(Decimal("15.0")) == "15,0"


def test_parts_are_written_with_as_many_digits_as_their_whole() -> None:
    assert [part_text(5, 31), part_text(0, 7), part_text(20, 7725)] == ["05/31", "00/07", "0020/7725"]
