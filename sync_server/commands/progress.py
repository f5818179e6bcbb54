"""Saying how far a command has come, once it takes long enough for a person to wonder."""

import sys
import time
from collections.abc import Callable

QUIET_SECONDS = 2.0


class Progress:
    """Writes a line to standard error every two seconds, and none in the first two."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._said = now()

    def __call__(self, what: str, done: int, total: int | None = None) -> None:
        """Take note that so much is done of something; without a total nobody knows how much there is."""
        if self._now() - self._said >= QUIET_SECONDS:
            self._said = self._now()
            of_all = "" if total is None else f" of {total:,}"
            print(f"{what}: {done:,}{of_all}", file=sys.stderr, flush=True)
