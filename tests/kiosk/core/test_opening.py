"""When the office is open, by the clock on its wall."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.opening import VIETNAM, is_open
from protocol.messages import OpeningHours

MONDAY, FRIDAY, SUNDAY = 1, 5, 7
moments = st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year < 9000)
HOURS = (
    OpeningHours(MONDAY, 7 * 60, 11 * 60 + 30),
    OpeningHours(MONDAY, 13 * 60, 17 * 60),
    OpeningHours(FRIDAY, 0, 1440),
)


def at(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    """Return a moment in the week of Monday, 23 November 2026."""
    return datetime(2026, 11, 22 + day, hour, minute, second, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(MONDAY, 6, 59, 59), False),
        (at(MONDAY, 7, 0), True),
        (at(MONDAY, 11, 29, 59), True),
        (at(MONDAY, 11, 30), False),
        (at(MONDAY, 13, 0), True),
        (at(MONDAY, 17, 0), False),
        (at(FRIDAY, 0, 0), True),
        (at(FRIDAY, 23, 59, 59), True),
        (at(SUNDAY, 9, 0), False),
    ],
)
def test_it_is_open_from_the_first_minute_to_before_the_last(moment: datetime, expected: bool) -> None:
    assert is_open(HOURS, moment) == expected
    assert is_open(HOURS, moment.astimezone(UTC)) == expected, "whatever zone the moment is told in"


@given(moments)
def test_an_office_that_names_no_hours_is_always_open(moment: datetime) -> None:
    assert is_open((), moment)


@given(moments, st.integers(0, 52))
def test_every_week_is_like_the_other(moment: datetime, weeks: int) -> None:
    assert is_open(HOURS, moment) == is_open(HOURS, moment + timedelta(weeks=weeks))
