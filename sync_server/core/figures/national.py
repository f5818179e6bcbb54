"""Item 5.4 of the national index set (QĐ 766/QĐ-TTg): from overdue and complained-of cases, not from votes.

It disagrees with a kiosk's share by design, so the two are never shown under one name.
"""

from dataclasses import dataclass
from fractions import Fraction

from sync_server.core.figures.on_time import OnTime

FULL_POINTS = 6
DECIMALS = 2
ENOUGH = Fraction(90, 100)  # from here on there are full points


@dataclass(frozen=True)
class Item54:
    """Cases of a period; ValueError unless the parts lie between none and all of them.

    Complained of are the cases with a phản ánh, a kiến nghị or a dislike on Cổng DVCQG; a case may be both. None where
    nobody knows how many: then rate and points are the most that they can be.
    """

    cases: int
    overdue: int
    complained_of: int | None

    def __post_init__(self) -> None:
        if not (0 <= self.overdue <= self.cases and 0 <= (self.complained_of or 0) <= self.cases):
            raise ValueError("overdue and complained-of cases are parts of all cases")

    @property
    def rate(self) -> Fraction | None:
        """All minus the overdue and the complained-of share, exact and not below 0; None when there are no cases."""
        if not self.cases:
            return None
        return max(Fraction(0), 1 - Fraction(self.overdue + (self.complained_of or 0), self.cases))

    @property
    def points(self) -> Fraction | None:
        """Of 6: all of them from 90 % on, below in proportion, exact; None when there are no cases."""
        rate = self.rate
        return None if rate is None else min(Fraction(FULL_POINTS), rate * FULL_POINTS / ENOUGH)


def item_54(counted: OnTime, complained_of: int | None = None) -> Item54:
    """Return the item of cases that have a day they are due: returned in the time, or open at its end."""
    overdue = counted.late + counted.open_overdue
    return Item54(counted.promised + counted.open_within + counted.open_overdue, overdue, complained_of)
