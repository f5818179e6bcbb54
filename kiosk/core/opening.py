"""Whether the office is open. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from protocol.messages import OpeningHours

VIETNAM = timezone(timedelta(hours=7))  # no daylight saving time


def is_open(hours: Iterable[OpeningHours], now: datetime) -> bool:
    """Say whether an office with these hours is open at an aware moment; one that names none always is."""
    local = now.astimezone(VIETNAM)
    minute = local.hour * 60 + local.minute
    named = False
    for span in hours:
        named = True
        if span.weekday == local.isoweekday() and span.opens <= minute < span.closes:
            return True
    return not named
