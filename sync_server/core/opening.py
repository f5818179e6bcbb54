"""When an office is open, as people write it: days like "1-5", times like "07:30"."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

import msgspec

from protocol.messages import OpeningHours

MOST_OPENINGS = 28  # in a week, as a setup may carry

_DAYS = re.compile(r"[1-7](-[1-7])?(,[1-7](-[1-7])?)*")
_TIME = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
_MIDNIGHT = 24 * 60


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From when to when, on some days of the week; ValueError says which field is not usable."""

    days: str  #: 1 is Monday
    opens: str  #: Vietnamese time
    closes: str

    def __post_init__(self) -> None:
        if not _weekdays(self.days):
            raise ValueError('days: expected days of the week like "1-5" or "1,3,6"; 1 is Monday')
        opens, closes = _minutes("opens", self.opens), _minutes("closes", self.closes)
        if closes <= opens:
            raise ValueError("closes: expected a time after that in opens")

    @property
    def hours(self) -> tuple[OpeningHours, ...]:
        """The same, day by day."""
        opens, closes = _minutes("opens", self.opens), _minutes("closes", self.closes)
        return tuple(OpeningHours(day, opens, closes) for day in _weekdays(self.days))


def mistakes_in_openings(openings: Sequence[Opening]) -> Iterator[str]:
    """Yield what does not fit together: times of one day that overlap, and more than a setup carries."""
    placed = [(place, hours) for place, opening in enumerate(openings) for hours in opening.hours]
    overlaps: set[tuple[int, int]] = set()
    for (first, one), (second, other) in combinations(placed, 2):
        if one.weekday == other.weekday and one.opens < other.closes and other.opens < one.closes:
            overlaps.add((first, second))
    for first, second in sorted(overlaps):
        yield f"opening_hours[{second}]: overlaps with opening_hours[{first}]"
    if len(placed) > MOST_OPENINGS:
        yield f"opening_hours: expected at most {MOST_OPENINGS} times of opening in a week, found {len(placed)}"


def _weekdays(days: str) -> tuple[int, ...]:
    if not _DAYS.fullmatch(days):
        return ()
    found: set[int] = set()
    for part in days.split(","):
        first, _, last = part.partition("-")
        span = range(int(first), int(last or first) + 1)
        if not span:  # 5-1
            return ()
        found.update(span)
    return tuple(sorted(found))


def _minutes(what: str, time: str) -> int:
    match = _TIME.fullmatch(time)
    minutes = _MIDNIGHT + 1 if match is None else int(match[1]) * 60 + int(match[2])
    if minutes > _MIDNIGHT:
        raise ValueError(f'{what}: expected a time like "07:30"')
    return minutes
