"""How sure a share is: the Wilson score interval."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054  # the normal distribution holds 95 % within this many standard deviations


@dataclass(frozen=True)
class Interval:
    """Shares of one between which the true share lies, 95 times in 100."""

    low: float
    high: float


def wilson(satisfied: int, total: int) -> Interval | None:
    """Return the 95 % interval of satisfied out of total; None when nothing was counted.

    ValueError unless 0 <= satisfied <= total. Source: E. B. Wilson, JASA 22 (1927) 209–212.
    """
    if not 0 <= satisfied <= total:
        raise ValueError("satisfied is a part of the total")
    if total == 0:
        return None
    share = satisfied / total
    spread = Z95 * sqrt(share * (1 - share) / total + Z95**2 / (4 * total**2))
    centre = share + Z95**2 / (2 * total)
    whole = 1 + Z95**2 / total
    # The ends are met exactly at 0 and 1; floating point misses them by its last digit.
    low = 0.0 if satisfied == 0 else (centre - spread) / whole
    high = 1.0 if satisfied == total else (centre + spread) / whole
    return Interval(low, high)
