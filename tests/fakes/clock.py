"""A clock that stands still until it is told to move, of a machine that may be switched off."""

from datetime import UTC, datetime, timedelta

from kiosk.core.time_truth import Reading

A_MORNING = datetime(2026, 11, 23, 2, 17, 41, 250_000, tzinfo=UTC)
FIRST_BOOT = "boot-1"


class FakeClock:
    """Fits `kiosk.clock.Clock`; all clocks move together, until the wall clock is set or the boot clock drifts.

    `true` is what no machine can know.
    """

    def __init__(self, wall: datetime = A_MORNING) -> None:
        self.true = wall
        self.drift_ppm = 0  # that the boot clock is fast
        self._wall = wall
        self._max_error: timedelta | None = None
        self._monotonic = 1000.0
        self._boottime_ns = 1_000_000_000_000
        self._boots = 1

    def monotonic(self) -> float:
        return self._monotonic

    def now(self) -> datetime:
        return self._wall

    def boottime_ns(self) -> int:
        return self._boottime_ns

    @property
    def boot_id(self) -> str:
        return f"boot-{self._boots}"

    def reading(self) -> Reading:
        return Reading(self.boot_id, self._boottime_ns, self._wall, self._max_error)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.true += timedelta(seconds=seconds)
        ticked_ns = int(seconds * 1e9) * (1_000_000 + self.drift_ppm) // 1_000_000
        self._monotonic += ticked_ns / 1e9
        self._boottime_ns += ticked_ns
        self._wall += timedelta(microseconds=ticked_ns // 1000)

    def set_wall(self, wall: datetime) -> None:
        """Set the wall clock, as a person or a program may; the kernel then no longer vouches for it."""
        self._wall = wall
        self._max_error = None

    def synchronise(self, max_error: timedelta = timedelta(milliseconds=5)) -> None:
        """Let NTP set the wall clock."""
        self._wall = self.true
        self._max_error = max_error

    def reboot(self, off: timedelta = timedelta(0), wall: datetime | None = None) -> None:
        """Switch the machine off and on; it wakes up with the wall clock of the last shutdown unless told otherwise."""
        self.true += off
        self._boots += 1
        self._boottime_ns = 0
        self._monotonic = 0.0
        self.set_wall(self._wall if wall is None else wall)
