"""Calendar quarters, in Vietnamese time."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

# No daylight saving since 1975; a fixed offset needs no time zone files.
VIETNAM = timezone(timedelta(hours=7), "UTC+7")

_WRITTEN = re.compile(r"(?P<year>2[0-9]{3})-Q(?P<number>[1-4])")
ROMAN = ("I", "II", "III", "IV")


def local_day(moment: datetime) -> date:
    """Return the Vietnamese day of an aware moment; ValueError when it is naive."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(VIETNAM).date()


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year, written 2026-Q4; ValueError unless the number is 1 to 4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 4:
            raise ValueError("a quarter is numbered 1 to 4")

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read "2026-Q4"; ValueError with a text fit for its writer."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError("expected a quarter like 2026-Q4: a year from 2000 to 2999, then -Q1 to -Q4")
        return cls(int(match["year"]), int(match["number"]))

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """Return the quarter a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.next().first - timedelta(days=1)

    @property
    def label(self) -> str:
        """The quarter as a document names it."""
        return f"Quý {ROMAN[self.number - 1]} năm {self.year}"

    def next(self) -> "Quarter":
        """Return the quarter after this one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def previous(self) -> "Quarter":
        """Return the quarter before this one."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    def contains(self, day: date) -> bool:
        """Say whether a day lies in this quarter."""
        return Quarter.of(day) == self

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"
