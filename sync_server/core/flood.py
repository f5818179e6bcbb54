"""Noticing who sends far more than any kiosk needs to. Pure: time is an argument."""

from collections import Counter

WINDOW_SECONDS = 10.0
MOST_A_SECOND = 100  # a kiosk with a full outbox sends some ten messages a second
MOST_NAMED = 1000  # senders counted in one window


class FloodWatch:
    """Counts messages by sender, window by window."""

    def __init__(self) -> None:
        self._until = 0.0
        self._counts: Counter[str] = Counter()

    def count(self, sender: str, now: float) -> bool:
        """Count a message; True once a window for a sender that floods. *now* in monotonic seconds."""
        if now >= self._until:
            self._until = now + WINDOW_SECONDS
            self._counts.clear()
        if len(self._counts) >= MOST_NAMED and sender not in self._counts:
            return False
        self._counts[sender] += 1
        return self._counts[sender] == MOST_A_SECOND * WINDOW_SECONDS
