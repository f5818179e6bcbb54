"""Which quarter's Decision a vote of today is counted in. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Quarter:
    """A calendar quarter; official papers number it in Roman numerals."""

    year: int
    number: int

    @property
    def roman(self) -> str:
        return ("I", "II", "III", "IV")[self.number - 1]


def quarter_of(day: date) -> Quarter:
    """Return the calendar quarter that a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)
