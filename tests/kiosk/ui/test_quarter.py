"""The quarter that a vote of today is counted in."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.quarter import quarter_of


@given(st.dates())
def test_a_quarter_has_three_months_of_its_year(day: date) -> None:
    quarter = quarter_of(day)
    assert quarter.year == day.year
    assert day.month in range(3 * quarter.number - 2, 3 * quarter.number + 1)


@pytest.mark.parametrize(
    ("day", "roman"),
    [(date(2026, 3, 31), "I"), (date(2026, 4, 1), "II"), (date(2026, 9, 30), "III"), (date(2026, 10, 1), "IV")],
)
def test_it_is_written_in_roman_numerals(day: date, roman: str) -> None:
    assert quarter_of(day).roman == roman
