"""Times that figures are made of: months, quarters, half-years and years, by either way of beginning them. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sync_server.core.half_months import MIDDLE
from sync_server.core.quarter import ROMAN
from sync_server.core.rules import Period

EXPECTED = "expected a time like 2026-Q4, 2026-H2 (half-year), 2026-11 or 2026"

_WRITTEN = re.compile(r"(?P<year>2[0-9]{3})(-Q(?P<quarter>[1-4])|-H(?P<half>[12])|-(?P<month>0[1-9]|1[0-2]))?")


class Kind(StrEnum):
    """How long a time is."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


_MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF_YEAR: 6, Kind.YEAR: 12}


@dataclass(frozen=True)
class Span:
    """Some months of a year; *number* counts spans of this kind from 1. ValueError unless the year has it."""

    kind: Kind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12 // _MONTHS[self.kind]:
            raise ValueError(f"a year has no {self.kind} {self.number}")

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read "2026-Q4", "2026-H2", "2026-11" or "2026"; ValueError with a text fit for its writer."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError(EXPECTED)
        year = int(match["year"])
        for name, kind in (("quarter", Kind.QUARTER), ("half", Kind.HALF_YEAR), ("month", Kind.MONTH)):
            if match[name]:
                return cls(kind, year, int(match[name]))
        return cls(Kind.YEAR, year)

    @classmethod
    def quarter_of(cls, day: date, period: Period = Period.CALENDAR) -> "Span":
        """Return the quarter that a day lies in."""
        span = cls(Kind.QUARTER, day.year, (day.month + 2) // 3)
        return span.next() if day > span.days(period)[1] else span

    def days(self, period: Period) -> tuple[date, date]:
        """Return the first and the last day."""
        months = _MONTHS[self.kind]
        after = self.year * 12 + self.number * months  # months since the year 0, up to the last one of these
        first, next_first = _month(after - months), _month(after)
        if period is Period.CALENDAR:
            return first, next_first - timedelta(days=1)
        return _middle_before(first), _middle_before(next_first) - timedelta(days=1)

    def next(self) -> "Span":
        """Return the one after."""
        return self._moved(1)

    def previous(self) -> "Span":
        """Return the one before."""
        return self._moved(-1)

    @property
    def label(self) -> str:
        """As a document names it."""
        match self.kind:
            case Kind.MONTH:
                return f"Tháng {self.number} năm {self.year}"
            case Kind.QUARTER:
                return f"Quý {ROMAN[self.number - 1]} năm {self.year}"
            case Kind.HALF_YEAR:
                return f"6 tháng {'đầu' if self.number == 1 else 'cuối'} năm {self.year}"
            case _:
                return f"Năm {self.year}"

    def __str__(self) -> str:
        match self.kind:
            case Kind.MONTH:
                return f"{self.year}-{self.number:02}"
            case Kind.QUARTER:
                return f"{self.year}-Q{self.number}"
            case Kind.HALF_YEAR:
                return f"{self.year}-H{self.number}"
            case _:
                return f"{self.year}"

    def _moved(self, by: int) -> "Span":
        of_year = 12 // _MONTHS[self.kind]
        year, place = divmod(self.year * of_year + self.number - 1 + by, of_year)
        return Span(self.kind, year, place + 1)


def _month(since_year_0: int) -> date:
    year, month = divmod(since_year_0, 12)
    return date(year, month + 1, 1)


def _middle_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=MIDDLE)
