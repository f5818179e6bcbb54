"""What the process takes of the machine, as the kernel counts it."""

import os
from dataclasses import dataclass
from pathlib import Path

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Footprint:
    """After so many sessions, with nobody at the screen."""

    sessions: int
    rss: int  # bytes
    handles: int
    threads: int

    @property
    def words(self) -> str:
        """For a line of progress."""
        return f"RSS {self.rss / 1e6:.1f} MB, {self.handles} handles, {self.threads} threads"


def footprint(sessions: int) -> Footprint:
    """Measure it now."""
    own = Path("/proc/self")
    rss = int((own / "statm").read_text().split()[1]) * PAGE_BYTES
    # The listing has a handle of its own.
    return Footprint(sessions, rss, len([*(own / "fd").iterdir()]) - 1, len([*(own / "task").iterdir()]))
