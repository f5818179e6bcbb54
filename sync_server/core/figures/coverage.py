"""How much of what could be rated was rated: votes beside cases served, returned beside issued forms."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Coverage:
    """Votes of a period beside the cases served in it; ValueError when either is negative."""

    votes: int
    served: int

    def __post_init__(self) -> None:
        if min(self.votes, self.served) < 0:
            raise ValueError("counts are not negative")

    @property
    def rate(self) -> Fraction | None:
        """The answer rate, exact; None when no case was served. More than 1 when there are more votes than cases."""
        return Fraction(self.votes, self.served) if self.served else None

    @property
    def beyond(self) -> int:
        """How many votes there are beyond the cases served; whoever signs the figures has to know why."""
        return max(0, self.votes - self.served)


@dataclass(frozen=True)
class Forms:
    """Forms of a period: returned of those that were issued, and returned where nobody counted the issued ones."""

    issued: int = 0
    returned: int = 0
    returned_uncounted: int = 0

    @property
    def coverage(self) -> Coverage:
        """Returned beside issued."""
        return Coverage(self.returned, self.issued)

    @property
    def are_any(self) -> bool:
        """Whether there is anything to say of them."""
        return bool(self.issued or self.returned or self.returned_uncounted)
