"""Half months: the smallest time that every kind of quarter is made of, whether it ends with a month or on its 14th."""

from collections.abc import Iterator
from datetime import date, timedelta

MIDDLE = 15  # the day with which the second half begins


def half_of(day: date) -> date:
    """Return the first day of the half month that a day lies in."""
    return day.replace(day=MIDDLE if day.day >= MIDDLE else 1)


def last_of(half: date) -> date:
    """Return the last day of the half month that begins on this day."""
    if half.day < MIDDLE:
        return half.replace(day=MIDDLE - 1)
    return (half + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def halves(first: date, last: date) -> Iterator[date]:
    """Yield the half months that any of these days lie in."""
    half = half_of(first)
    while half <= last:
        yield half
        half = last_of(half) + timedelta(days=1)


def is_made_of_halves(first: date, last: date) -> bool:
    """Whether a time begins and ends with a half month."""
    return half_of(first) == first and last_of(half_of(last)) == last
