"""The nine indicators of TT 01/2018/TT-VPCP: points, averages and bands of units and officers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction

from sync_server.core.rounding import half_up


class Indicator(IntEnum):
    """The indicators by their number in Đ.13; their names: `figures.wording`."""

    WHOLE_TIME = 1
    TIME_OF_EACH_BODY = 2
    CONTACTS = 3
    BODIES_CONTACTED = 4
    ONE_STOP = 5
    PUBLISHED = 6
    ATTITUDE = 7
    COMPLAINTS = 8
    ONLINE = 9


OF_AN_OFFICER = frozenset({Indicator(number) for number in (1, 2, 3, 4, 7)})  # Đ.15(3)a: 10 points at most
OF_A_UNIT = frozenset(Indicator)  # 18 at most
MOST_POINTS = 2


class UnitBand(StrEnum):
    """Đ.15(3)b."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    AVERAGE = "average"
    WEAK = "weak"


class OfficerBand(StrEnum):
    """Đ.15(3)a."""

    ALL = "all"
    MOST = "most"
    LITTLE = "little"


_UNIT_BANDS = (
    (Decimal(15), UnitBand.EXCELLENT),
    (Decimal(12), UnitBand.GOOD),
    (Decimal(9), UnitBand.FAIR),
    (Decimal(6), UnitBand.AVERAGE),
)
_OFFICER_BANDS = ((Decimal(5), OfficerBand.ALL), (Decimal("3.5"), OfficerBand.MOST))


@dataclass(frozen=True)
class Points:
    """How many cases got 0, 1 and 2 points; an indicator that a unit scores once is one case.

    ValueError when a count is negative.
    """

    none: int = 0
    one: int = 0
    two: int = 0

    def __post_init__(self) -> None:
        if min(self.none, self.one, self.two) < 0:
            raise ValueError("counts are not negative")

    @property
    def cases(self) -> int:
        return self.none + self.one + self.two

    @property
    def average(self) -> Decimal | None:
        """Points a case, half up to one decimal (Đ.15(2)a); None without cases."""
        return half_up(Fraction(self.one + 2 * self.two, self.cases), 1) if self.cases else None


@dataclass(frozen=True)
class Score:
    """The averages of what has data, their sum, and what was left out of it for want of data (Đ.15(4)b)."""

    averages: Mapping[Indicator, Decimal]
    left_out: tuple[Indicator, ...]

    @property
    def total(self) -> Decimal | None:
        """The sum of the rounded averages; None when no indicator has data."""
        return sum(self.averages.values(), Decimal(0)) if self.averages else None

    @property
    def attainable(self) -> int:
        """How many points the indicators with data can give. The bands are not re-scaled to it: the text has none."""
        return MOST_POINTS * len(self.averages)


def score(points: Mapping[Indicator, Points], indicators: Collection[Indicator] = OF_A_UNIT) -> Score:
    """Average each indicator, of a unit or `OF_AN_OFFICER`; those without data are left out."""
    averages: dict[Indicator, Decimal] = {}
    left_out: list[Indicator] = []
    for indicator in sorted(indicators):
        average = points.get(indicator, Points()).average
        if average is None:
            left_out.append(indicator)
        else:
            averages[indicator] = average
    return Score(averages, tuple(left_out))


def unit_band(total: Decimal) -> UnitBand:
    """Return a unit's band: from 15, 12, 9 and 6 points on, each of them included."""
    return next((band for least, band in _UNIT_BANDS if total >= least), UnitBand.WEAK)


def officer_band(total: Decimal) -> OfficerBand:
    """Return an officer's band: from 5 and 3.5 points on, both included."""
    return next((band for least, band in _OFFICER_BANDS if total >= least), OfficerBand.LITTLE)
