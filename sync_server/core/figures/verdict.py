"""Whether a share meets the target, said no surer than the votes allow."""

from enum import StrEnum
from fractions import Fraction

from sync_server.core.interval import wilson

TARGET = Fraction(80, 100)
# Below this many answers an interval is so wide that a share says little (the usual rule of thumb).
MANY = 30


class Verdict(StrEnum):
    """A share against its target; the interval decides how sure it is."""

    MET = "met"  # the whole interval reaches the target
    JUST_MET = "just-met"  # the share does, its interval begins below
    NEARLY_MET = "nearly-met"  # the share does not, its interval does
    MISSED = "missed"  # the whole interval lies below
    TOO_FEW = "too-few"  # answers for saying anything


def verdict(satisfied: int, answered: int, target: Fraction = TARGET, many: int = MANY) -> Verdict:
    """Judge a share against a target of one; ValueError unless 0 <= satisfied <= answered."""
    interval = wilson(satisfied, answered)
    if interval is None or answered < many:
        return Verdict.TOO_FEW
    if interval.low >= target:
        return Verdict.MET
    if Fraction(satisfied, answered) >= target:
        return Verdict.JUST_MET
    return Verdict.NEARLY_MET if interval.high >= target else Verdict.MISSED
