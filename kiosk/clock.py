"""The machine's clocks."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """What the rest of the kiosk may ask about time."""

    def monotonic(self) -> float:
        """Seconds that only go forward; for waiting, not for dating."""

    def now(self) -> datetime:
        """The wall clock, UTC; may be wrong."""

    def boottime_ns(self) -> int:
        """Nanoseconds since the boot, sleep included."""


class SystemClock:
    """The clocks of Linux."""

    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def boottime_ns(self) -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def boot_id() -> str:
    """Return the kernel's random id of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
