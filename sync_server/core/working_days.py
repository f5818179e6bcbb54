"""Working days of Vietnamese offices: Monday to Friday but the public holidays."""

from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

_SATURDAY = 6


@cache
def _public(year: int) -> frozenset[date]:
    return frozenset(country_holidays("VN", years=[year]))


def is_working_day(day: date) -> bool:
    """Whether offices work. Days that are swapped by decree are known as far as the library knows them."""
    return day.isoweekday() < _SATURDAY and day not in _public(day.year)


def after_working_days(day: date, number: int) -> date:
    """Return the working day that comes so many working days after a day, which itself does not count.

    ValueError when the number is negative.
    """
    if number < 0:
        raise ValueError("a deadline lies ahead")
    while number or not is_working_day(day):
        day += timedelta(days=1)
        number -= bool(number) and is_working_day(day)
    return day
