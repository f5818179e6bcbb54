"""Rounding as an office declares it, exactly, and numbers as Vietnamese text writes them: 1.445 votes, 85,7%."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor

from sync_server.core.interval import Interval

NO_NUMBER = "–"
MOST_DECIMALS = 6


class Mode(StrEnum):
    """What becomes of the digits that are left off."""

    HALF_UP = "half-up"
    TRUNCATE = "truncate"


@dataclass(frozen=True)
class Rounding:
    """A declared way of rounding; ValueError unless there are 0 to 6 decimals."""

    mode: Mode = Mode.HALF_UP
    decimals: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.decimals <= MOST_DECIMALS:
            raise ValueError(f"expected 0 to {MOST_DECIMALS} decimals")

    def number(self, value: Fraction) -> Decimal:
        """Round an exact number."""
        return (half_up if self.mode is Mode.HALF_UP else truncated)(value, self.decimals)

    def percent(self, share: Fraction) -> Decimal:
        """Round a share of one, as a percentage: 239/300 is 79.67 at two decimals, 79.66 truncated."""
        return self.number(share * 100)

    def percent_text(self, share: Fraction | None) -> str:
        """Return a share of one as "79,67%", or a dash where nothing was counted."""
        return NO_NUMBER if share is None else f"{decimal_text(self.percent(share))}%"


def half_up(value: Fraction, decimals: int = 1) -> Decimal:
    """Round exactly; a half goes away from zero, as in the published figures of the agencies."""
    return _scaled(value, decimals, Fraction(1, 2))


def truncated(value: Fraction, decimals: int = 1) -> Decimal:
    """Leave further digits off, towards zero, as some agencies publish."""
    return _scaled(value, decimals, Fraction(0))


def percent_text(share: Fraction | float | None) -> str:
    """Return a share of one as "85,7%", or a dash where nothing was counted."""
    return Rounding().percent_text(None if share is None else Fraction(share))


def interval_text(interval: Interval | None) -> str:
    """Return "83,8% – 87,5%", or a dash where nothing was counted."""
    if interval is None:
        return NO_NUMBER
    return f"{percent_text(interval.low)} – {percent_text(interval.high)}"


def decimal_text(number: Decimal) -> str:
    """Return a number with a decimal comma, its zeros kept: 15,0."""
    return f"{number:f}".replace(".", ",")


def count_text(number: int) -> str:
    """Return a count with a dot between the thousands."""
    return f"{number:,}".replace(",", ".")


def part_text(part: int, whole: int) -> str:
    """Return a part of a whole as "05/31": as many digits as the whole has, two at least."""
    width = max(2, len(str(whole)))
    return f"{part:0{width}}/{whole:0{width}}"


def _scaled(value: Fraction, decimals: int, added: Fraction) -> Decimal:
    scaled = floor(abs(value) * 10**decimals + added)
    # Built from its digits: arithmetic of Decimal would round to the 28 digits of the context.
    return Decimal((int(value < 0 and scaled > 0), tuple(map(int, str(scaled))), -decimals))
