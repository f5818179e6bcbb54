"""Half months leave no day out and hold none twice."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.half_months import half_of, halves, is_made_of_halves, last_of

days = st.dates(date(2019, 1, 1), date(2040, 12, 31))


@given(days)
def test_every_day_lies_in_its_half(day: date) -> None:
    half = half_of(day)
    assert half <= day <= last_of(half)
    assert half.day in (1, 15)
    assert half_of(last_of(half)) == half
    assert half_of(last_of(half) + timedelta(days=1)) == last_of(half) + timedelta(days=1)
    assert (last_of(half) + timedelta(days=1)).day in (1, 15)


@given(days, st.integers(0, 500))
def test_halves_cover_a_time_once_each(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    covered = list(halves(first, last))
    assert covered == sorted({half_of(first + timedelta(days=number)) for number in range(length + 1)})


def test_quarters_of_both_kinds_are_made_of_halves() -> None:
    assert is_made_of_halves(date(2026, 10, 1), date(2026, 12, 31))
    assert is_made_of_halves(date(2026, 9, 15), date(2026, 12, 14))
    assert is_made_of_halves(date(2028, 2, 15), date(2028, 2, 29))
    assert not is_made_of_halves(date(2026, 10, 2), date(2026, 12, 31))
    assert not is_made_of_halves(date(2026, 10, 1), date(2026, 12, 30))
