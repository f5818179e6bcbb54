"""Rounding half up, exactly, and numbers as Vietnamese text writes them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.rounding import count_text, half_up, percent_text


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
