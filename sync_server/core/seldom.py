"""What happens a thousand times is said once, with how often. Pure: time is an argument."""

from collections import Counter
from collections.abc import Mapping

PAUSE_SECONDS = 10.0  # between two lines that say the same
MOST_KINDS = 100  # of which it is remembered when they were said; beyond, they are said each time


class Seldom:
    """Sums up what is to be said, until it may be said again."""

    def __init__(self) -> None:
        self._untold: Counter[str] = Counter()
        self._next: dict[str, float] = {}

    def due(self, happened: Mapping[str, int], now: float) -> list[tuple[str, int]]:
        """Note what has happened, how often each; return what is to be said now, with how often since it was last said.

        *now* in monotonic seconds. What is not said yet comes with a later call, an empty one too.
        """
        self._untold.update(happened)
        due = [(what, times) for what, times in self._untold.items() if now >= self._next.get(what, now)]
        for what, _ in due:
            del self._untold[what]
            self._next[what] = now + PAUSE_SECONDS
        if len(self._next) > MOST_KINDS:
            self._next = {what: until for what, until in self._next.items() if until > now}
        return due
