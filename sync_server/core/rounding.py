"""Rounding half up, and numbers as Vietnamese text writes them: 1.445 votes, 85,7%."""

from decimal import Decimal
from fractions import Fraction
from math import floor

NO_NUMBER = "–"


def half_up(value: Fraction, decimals: int = 1) -> Decimal:
    """Round exactly; a half goes away from zero, as in the published figures of the agencies."""
    scaled = floor(abs(value) * 10**decimals + Fraction(1, 2))
    return Decimal(scaled if value >= 0 else -scaled).scaleb(-decimals)


def percent_text(share: Fraction | float | None) -> str:
    """Return a share of one as "85,7%", or a dash where nothing was counted."""
    if share is None:
        return NO_NUMBER
    return f"{half_up(Fraction(share) * 100)}%".replace(".", ",")


def count_text(number: int) -> str:
    """Return a count with a dot between the thousands."""
    return f"{number:,}".replace(",", ".")
