"""How sure a share is: the Wilson score interval."""

from dataclasses import dataclass
from functools import cache
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """Shares of one between which the true share lies, 95 times in 100."""

    low: float
    high: float


@cache
def quantile(confidence: float) -> float:
    """Return within how many standard deviations a normal distribution holds so much, 0 < confidence < 1."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(satisfied: int, total: int, confidence: float = CONFIDENCE) -> Interval | None:
    """Return the interval of satisfied out of total; None when nothing was counted.

    ValueError unless 0 <= satisfied <= total. Source: E. B. Wilson, JASA 22 (1927) 209–212.
    """
    if not 0 <= satisfied <= total:
        raise ValueError("satisfied is a part of the total")
    if total == 0:
        return None
    z = quantile(confidence)
    share = satisfied / total
    spread = z * sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    centre = share + z**2 / (2 * total)
    whole = 1 + z**2 / total
    # The ends are met exactly at 0 and 1; floating point misses them by its last digit.
    low = 0.0 if satisfied == 0 else (centre - spread) / whole
    high = 1.0 if satisfied == total else (centre + spread) / whole
    return Interval(low, high)
