"""Numbers that nobody seemed to keep any more, and what is left of them once some have come after all. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from protocol.messages import Number


@dataclass(frozen=True)
class Gap:
    """Numbers that nobody keeps any more."""

    first: Number
    last: Number
    accepted_by: str | None = None
    accepted_because: str | None = None

    def __contains__(self, number: Number) -> bool:
        return self.first <= number <= self.last


def without(gap: Gap, numbers: Collection[Number]) -> Sequence[Gap]:
    """Return what is left of a gap without these numbers, ascending; a person's word holds for each part."""
    left, first = [], gap.first
    for number in sorted(number for number in set(numbers) if number in gap):
        if first < number:
            left.append(replace(gap, first=first, last=number - 1))
        first = number + 1
    if first <= gap.last:
        left.append(replace(gap, first=first))
    return left


def growth(gap: Gap, numbers: Collection[Number]) -> int:
    """Return by how many gaps there are more, or fewer, once these numbers have come."""
    return len(without(gap, numbers)) - 1
