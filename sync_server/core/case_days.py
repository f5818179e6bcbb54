"""Days as the programs and spreadsheets of one-stop shops write them. Pure."""

import re
from datetime import date, datetime

from sync_server.core.quarter import VIETNAM

EXPECTED = "expected a day like 2026-10-02 or 02/10/2026, with or without a time"

_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
_TIME = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
# The day first, as everybody in Vietnam writes it; some programs put the time before it.
_VIETNAMESE = re.compile(
    rf"(?:{_TIME}[ ,]+)?(?P<day>\d{{1,2}})[/-](?P<month>\d{{1,2}})[/-](?P<year>\d{{4}})(?:[ ,]+{_TIME})?", re.ASCII
)


def read_day(text: str) -> date:
    """Return the Vietnamese day that a text names; a time of another zone is taken to Vietnam first.

    ValueError with a text fit for its writer, which quotes nothing.
    """
    day = _read(text.strip())
    if day is None or not _EARLIEST <= day <= _LATEST:
        raise ValueError(EXPECTED)
    return day


def _read(text: str) -> date | None:
    try:
        if _ISO.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return moment.date() if moment.tzinfo is None else moment.astimezone(VIETNAM).date()
        if match := _VIETNAMESE.fullmatch(text):
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except (ValueError, OverflowError):
        return None
    return None
