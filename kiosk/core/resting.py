"""When the panel rests: dim when nobody comes, dark when the office is closed, and never long in the same pixels.

Pure. Times are monotonic seconds but for those of the office, which are moments.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from kiosk.core.opening import VIETNAM, is_closed
from protocol.messages import OpeningHours

# Whoever wakes a dark panel reads, fetches the paper and comes back.
AWAKE_SECONDS = 120.0
REACH = 3  # pixels that the picture wanders to each side: as wide as the strokes of the letters
_SIDE = 2 * REACH + 1
_LAST = _SIDE * _SIDE - 1  # place of the walk at which it turns round
EVENING, MORNING = 20, 6  # o'clock: the night where no opening hours are known


class Rest(Enum):
    """How the panel is."""

    AWAKE = "awake"
    DIM = "dim"
    DARK = "dark"


@dataclass(frozen=True)
class Habits:
    """How the panel rests; None: not at all."""

    dim_after: timedelta | None = timedelta(minutes=10)  # without anybody
    dark_beyond: timedelta | None = timedelta(minutes=30)  # before the office opens and after it has closed
    shift_every: timedelta | None = timedelta(minutes=10)  # the picture, by a pixel


WIDE_AWAKE = Habits(dim_after=None, dark_beyond=None, shift_every=None)


class Resting:
    """Knows since when nobody has come. One per panel."""

    def __init__(self, habits: Habits, at: float) -> None:
        self._habits = habits
        self._attended_at = at
        self._shifted_at = at
        self.rest = Rest.AWAKE
        self.place = 0  # of the walk of the picture

    def attended(self, at: float) -> bool:
        """Somebody is there: the panel wakes. Returns whether it was awake, so that their touch counts."""
        was_awake = self.rest is Rest.AWAKE
        self._attended_at = at
        self.rest = Rest.AWAKE
        return was_awake

    def look(self, at: float, *, closed: bool) -> None:
        """Let time pass while nobody is there; *closed*: the office is, and has been long enough."""
        habits, alone = self._habits, at - self._attended_at
        if closed and alone >= AWAKE_SECONDS:
            self.rest = Rest.DARK
        elif habits.dim_after is not None and alone >= habits.dim_after.total_seconds():
            self.rest = Rest.DIM
        elif self.rest is Rest.DARK:
            self.rest = Rest.AWAKE  # the office opens; what is dim meanwhile stays so
        if habits.shift_every is not None and at - self._shifted_at >= habits.shift_every.total_seconds():
            self._shifted_at = at
            self.place += 1

    @property
    def offset(self) -> tuple[int, int]:
        """How far the picture stands from its middle, in pixels."""
        return wandering(self.place)


def wandering(place: int) -> tuple[int, int]:
    """Return where the picture stands: row by row over a square round its middle and back, a pixel at a time."""
    step = (place + _LAST // 2) % (2 * _LAST)  # it begins in the middle
    step = min(step, 2 * _LAST - step)
    row, column = divmod(step, _SIDE)
    return (column if row % 2 == 0 else _SIDE - 1 - column) - REACH, row - REACH


def is_night(hours: Iterable[OpeningHours], now: datetime) -> bool:
    """Say whether a sound would disturb: the office is closed, or it is night where no opening hours are known."""
    hours = tuple(hours)
    if hours:
        return is_closed(hours, now, timedelta(0))
    return not MORNING <= now.astimezone(VIETNAM).hour < EVENING
