"""A clock that stands still until it is told to move."""

from datetime import UTC, datetime, timedelta

A_MORNING = datetime(2026, 11, 23, 2, 17, 41, 250_000, tzinfo=UTC)


class FakeClock:
    """Fits `kiosk.clock.Clock`; all three clocks move together."""

    def __init__(self, wall: datetime = A_MORNING) -> None:
        self._wall = wall
        self._seconds = 1000.0

    def monotonic(self) -> float:
        return self._seconds

    def now(self) -> datetime:
        return self._wall

    def boottime_ns(self) -> int:
        return int(self._seconds * 1e9)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._seconds += seconds
        self._wall += timedelta(seconds=seconds)

    def set_wall(self, wall: datetime) -> None:
        """Correct the wall clock alone, as a time server would."""
        self._wall = wall
