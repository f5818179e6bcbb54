"""Deadlines fall on days on which offices work."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.working_days import after_working_days, is_working_day

days = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 27), True),
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 2, 17), False),  # Tết
        (date(2026, 9, 2), False),
        (date(2026, 4, 30), False),
    ],
)
def test_weekends_and_public_holidays_are_free(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@given(days, st.integers(0, 40))
def test_a_deadline_is_so_many_working_days_ahead(day: date, number: int) -> None:
    due = after_working_days(day, number)
    assert is_working_day(due)
    between = sum(is_working_day(day + timedelta(days=place)) for place in range(1, (due - day).days + 1))
    assert between == number or (number == 0 and not is_working_day(day) and between == 1)


def test_over_tet_it_takes_longer() -> None:
    assert after_working_days(date(2026, 2, 13), 1) == date(2026, 2, 23)


def test_a_deadline_does_not_lie_behind() -> None:
    with pytest.raises(ValueError, match="lies ahead"):
        after_working_days(date(2026, 11, 27), -1)
