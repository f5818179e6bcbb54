"""What was answered to one criterion: counts by level, blanks apart, shares of its own denominator."""

from dataclasses import dataclass
from fractions import Fraction

from sync_server.core.interval import Interval, wilson

FEWEST_LEVELS = 2
MOST_LEVELS = 10  # kiosks have 5 at most, forms on paper have more


@dataclass(frozen=True)
class Answers:
    """Counts by level, in the order of the form, and the places (0, 1 …) of the levels that count as satisfied.

    ValueError unless there are 2 to 10 levels, counts are whole and not negative, and satisfied names levels.
    """

    levels: tuple[int, ...]
    satisfied_levels: frozenset[int]
    blank: int = 0  # who answered other criteria and left this one

    def __post_init__(self) -> None:
        if not FEWEST_LEVELS <= len(self.levels) <= MOST_LEVELS:
            raise ValueError(f"expected {FEWEST_LEVELS} to {MOST_LEVELS} levels")
        if min(*self.levels, self.blank) < 0:
            raise ValueError("counts are not negative")
        if not self.satisfied_levels <= set(range(len(self.levels))):
            raise ValueError("satisfied names levels by their place")

    @property
    def answered(self) -> int:
        """The denominator: all answers to this criterion, without blanks."""
        return sum(self.levels)

    @property
    def satisfied(self) -> int:
        return sum(self.levels[place] for place in self.satisfied_levels)

    @property
    def share(self) -> Fraction | None:
        """The satisfied part of what was answered, exact; None when nothing was."""
        return self._part(self.satisfied)

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of the share; None when nothing was answered."""
        return wilson(self.satisfied, self.answered)

    @property
    def response(self) -> Fraction | None:
        """The part of those who were asked that answered; None when nobody was asked."""
        asked = self.answered + self.blank
        return Fraction(self.answered, asked) if asked else None

    def share_of(self, place: int) -> Fraction | None:
        """The part of what was answered that chose a level, exact; None when nothing was."""
        return self._part(self.levels[place])

    def interval_of(self, place: int) -> Interval | None:
        """The 95 % interval of a level's share; None when nothing was answered."""
        return wilson(self.levels[place], self.answered)

    def __add__(self, other: "Answers") -> "Answers":
        """Add two counts of the same criterion; ValueError when their levels differ."""
        if (len(self.levels), self.satisfied_levels) != (len(other.levels), other.satisfied_levels):
            raise ValueError("only answers to the same levels can be added")
        levels = tuple(mine + theirs for mine, theirs in zip(self.levels, other.levels, strict=True))
        return Answers(levels, self.satisfied_levels, self.blank + other.blank)

    def _part(self, count: int) -> Fraction | None:
        return Fraction(count, self.answered) if self.answered else None
