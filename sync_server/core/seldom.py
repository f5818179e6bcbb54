"""What happens a thousand times is said once, with how often. Pure: time is an argument."""

from collections import Counter
from collections.abc import Mapping

PAUSE_SECONDS = 10.0  # between two lines that say the same
MOST_KINDS = 100  # that are told apart at a time; beyond, they are summed up
OTHERS = "other reasons"


class Seldom:
    """Sums up what is to be said, until it may be said again; remembers MOST_KINDS kinds, and the others as one."""

    def __init__(self) -> None:
        self._untold: Counter[str] = Counter()
        self._next: dict[str, float] = {}  # of each kind that is told apart

    def due(self, happened: Mapping[str, int], now: float) -> list[tuple[str, int]]:
        """Note what has happened, how often each; return what is to be said now, with how often since it was last said.

        *now* in monotonic seconds. What is not said yet comes with a later call, an empty one too.
        """
        self._forget(now)
        for what, times in happened.items():
            self._untold[self._told_as(what, now)] += times
        due = [(what, times) for what, times in self._untold.items() if now >= self._next[what]]
        for what, _ in due:
            del self._untold[what]
            self._next[what] = now + PAUSE_SECONDS
        return due

    def _told_as(self, what: str, now: float) -> str:
        kind = what if what in self._next or len(self._next.keys() - {OTHERS}) < MOST_KINDS else OTHERS
        self._next.setdefault(kind, now)
        return kind

    def _forget(self, now: float) -> None:
        """Make room: whoever may be said again anyway, and has nothing to say, is as good as new."""
        self._next = {what: until for what, until in self._next.items() if until > now or what in self._untold}
