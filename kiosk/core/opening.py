"""Whether the office is open. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from protocol.messages import OpeningHours

VIETNAM = timezone(timedelta(hours=7))  # no daylight saving time


def is_open(hours: Iterable[OpeningHours], now: datetime) -> bool:
    """Say whether an office with these hours is open at an aware moment; one that names none always is."""
    return not is_closed(hours, now, timedelta(0))


def is_closed(hours: Iterable[OpeningHours], now: datetime, margin: timedelta) -> bool:
    """Say whether no office hour is as near as *margin*, up to a day; an office that names none never closes."""
    hours = tuple(hours)
    local = now.astimezone(VIETNAM)
    today = local.isoweekday()
    time = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    for days in (-1, 0, 1):  # yesterday's hours may reach into today, and tomorrow's
        for span in hours:
            if span.weekday == (today - 1 + days) % 7 + 1:
                opens = timedelta(days=days, minutes=span.opens) - margin
                closes = timedelta(days=days, minutes=span.closes) + margin
                if opens <= time < closes:
                    return False
    return bool(hours)
