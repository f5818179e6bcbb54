"""Whether a share differs from the one of the period before by more than chance explains."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import erfc, exp, lgamma, sqrt

SIGNIFICANCE = 0.05
# With fewer expected in a cell the normal approximation is poor: W. G. Cochran, Biometrics 10 (1954) 417–451.
LEAST_EXPECTED = 5
# Two tables of the same probability come out of floating point a little different.
_AS_PROBABLE = 1 + 1e-7


class Direction(StrEnum):
    """What the test allows to be said."""

    BETTER = "better"
    WORSE = "worse"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Part:
    """So many satisfied out of so many answers; ValueError unless 0 <= satisfied <= answered."""

    satisfied: int
    answered: int

    def __post_init__(self) -> None:
        if not 0 <= self.satisfied <= self.answered:
            raise ValueError("satisfied is a part of what was answered")


@dataclass(frozen=True)
class Change:
    """The exact difference of two shares of one, and how likely chance alone makes one as large (two-sided)."""

    difference: Fraction
    probability: float

    @property
    def direction(self) -> Direction:
        if self.probability >= SIGNIFICANCE:
            return Direction.UNDECIDED
        return Direction.BETTER if self.difference > 0 else Direction.WORSE


def change(now: Part, before: Part) -> Change | None:
    """Compare with the period before; None when one of the two has no answers.

    The test for two proportions with a pooled variance (K. Pearson, Philosophical Magazine 50 (1900) 157–175, one
    degree of freedom, no continuity correction); Fisher's exact one where fewer than 5 are expected in a cell
    (R. A. Fisher, Statistical Methods for Research Workers, 5th ed. 1934, § 21.02).
    """
    if not now.answered or not before.answered:
        return None
    difference = Fraction(now.satisfied, now.answered) - Fraction(before.satisfied, before.answered)
    satisfied = now.satisfied + before.satisfied
    answered = now.answered + before.answered
    least = Fraction(min(now.answered, before.answered) * min(satisfied, answered - satisfied), answered)
    probability = _fisher(now, before) if least < LEAST_EXPECTED else _pooled(difference, now, before)
    return Change(difference, probability)


def _pooled(difference: Fraction, now: Part, before: Part) -> float:
    share = Fraction(now.satisfied + before.satisfied, now.answered + before.answered)
    variance = share * (1 - share) * (Fraction(1, now.answered) + Fraction(1, before.answered))
    return erfc(abs(float(difference)) / sqrt(2 * float(variance)))


def _fisher(now: Part, before: Part) -> float:
    satisfied = now.satisfied + before.satisfied
    most = min(now.answered, satisfied)
    least = max(0, satisfied - before.answered)
    weights = [_log_ways(now.answered, k) + _log_ways(before.answered, satisfied - k) for k in range(least, most + 1)]
    top = max(weights)
    probabilities = [exp(weight - top) for weight in weights]
    observed = probabilities[now.satisfied - least]
    as_unlikely = sum(probability for probability in probabilities if probability <= observed * _AS_PROBABLE)
    return min(1.0, as_unlikely / sum(probabilities))


def _log_ways(of: int, chosen: int) -> float:
    return lgamma(of + 1) - lgamma(chosen + 1) - lgamma(of - chosen + 1)
