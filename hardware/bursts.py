"""Lines that belong together: a code of several lines reaches a line scanner's port as several, one after the other.

Pure: time is an argument (seconds of any clock that only goes forward).
"""

from collections.abc import Sequence

from hardware.scans import Scan
from protocol.codes import Refused, RefusedReason

# At 9600 baud a line of 80 letters takes 83 ms; what is sent without a pause arrives without one. No hand scans twice
# in so short a time: scanners hold the trigger for 0.3 s and more.
BURST_SECONDS = 0.15


class Bursts:
    """Lets everything that is for us through at once, and a refusal only if nothing for us comes with it.

    Of the lines round a case code none is worth a screen of its own. Several refusals at once are one: the one that
    tells most. Nothing that is for us is ever held or dropped.
    """

    def __init__(self) -> None:
        self._held: Refused | None = None
        self._answered = False
        self._last = float("-inf")

    def take(self, scan: Scan, now: float) -> Sequence[Scan]:
        """Take what a line means; return what is to be told now."""
        told = [*self.tick(now)]
        self._last = now
        if not isinstance(scan, Refused):
            self._held, self._answered = None, True
            told.append(scan)
        elif not self._answered and (self._held is None or self._held.reason is RefusedReason.NOT_RECOGNISED):
            self._held = scan
        return told

    def tick(self, now: float) -> Sequence[Scan]:
        """Return the refusal that nothing has followed."""
        if now - self._last < BURST_SECONDS:
            return []
        held, self._held, self._answered = self._held, None, False
        return [] if held is None else [held]
