"""The machine's clocks."""

import ctypes
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from kiosk.core.time_truth import SYNCHRONISED_BELOW, Reading

log = logging.getLogger(__name__)

SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
# Read together or not at all: between two clocks the process may be stopped, and one of them set.
CLOSE_TOGETHER_NS = 50_000_000
TRIES = 5


class Clock(Protocol):
    """What the rest of the kiosk may ask about time."""

    def monotonic(self) -> float:
        """Seconds that only go forward; for waiting, not for dating."""

    def now(self) -> datetime:
        """The wall clock, UTC; may be wrong."""

    def boottime_ns(self) -> int:
        """Nanoseconds since the boot, sleep included."""

    def reading(self) -> Reading:
        """All of it at one moment, and how far the kernel vouches for the wall clock."""


class SystemClock:
    """The clocks of Linux."""

    def __init__(self) -> None:
        self._boot_id = boot_id()
        self._kernel = _kernel_clock()

    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def boottime_ns(self) -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)

    def reading(self) -> Reading:
        for _ in range(TRIES):
            before = self.boottime_ns()
            wall, max_error = self._kernel()
            after = self.boottime_ns()
            if after - before <= CLOSE_TOGETHER_NS:
                break
        if max_error is not None:
            max_error += timedelta(microseconds=-(-(after - before) // 1000))
        return Reading(self._boot_id, after, wall, max_error)


def boot_id() -> str:
    """Return the kernel's random id of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


# --- the kernel's own bound of the error ------------------------------------------------------------


class _Timex(ctypes.Structure):
    """struct timex of linux/timex.h, on 64-bit machines; the wall clock and its bound are read in one call."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),  # microseconds
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long),
        ("precision", ctypes.c_long),
        ("tolerance", ctypes.c_long),
        ("seconds", ctypes.c_long),
        ("fraction", ctypes.c_long),  # nanoseconds with STA_NANO, else microseconds
        ("tick", ctypes.c_long),
        ("unused", ctypes.c_byte * 256),  # rather too much room than too little
    )


_STA_NANO = 0x2000


class _Adjtimex:
    """Asks adjtimex, which changes nothing when modes is 0 and then needs no privilege."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._adjtimex = library.adjtimex

    def __call__(self) -> tuple[datetime, timedelta | None]:
        answer = _Timex()
        if self._adjtimex(ctypes.byref(answer)) < 0:  # EPERM under systemd's ProtectClock
            return datetime.now(UTC), None
        fraction = answer.fraction // 1000 if answer.status & _STA_NANO else answer.fraction
        wall = datetime.fromtimestamp(answer.seconds, UTC) + timedelta(microseconds=fraction)
        max_error = timedelta(microseconds=answer.maxerror)
        return wall, max_error if max_error < SYNCHRONISED_BELOW else None


def _kernel_clock() -> Callable[[], tuple[datetime, timedelta | None]]:
    try:
        ask = _Adjtimex(ctypes.CDLL(None))
    except (AttributeError, OSError):  # a C library without it
        return lambda: (datetime.now(UTC), None)
    if ask()[1] is None and SYNCHRONISED.exists():
        # It has no bound of the error, so nothing may be dated by it; but whoever looks for the reason should know.
        log.warning("the clock is synchronised, but adjtimex does not say how well (ProtectClock=yes denies it)")
    return ask
