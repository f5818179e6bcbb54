"""Messages that wait for the ingest, so that neither a backlog nor a flood keeps the others waiting.

Small messages (fresh votes, questions, reports) go before large ones (a backlog), and within each kind every sender
has its turn. Whatever is bounded here is sent again by its kiosk. Pure: not safe for several threads.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")

SMALL_BYTES = 4096  # about twenty votes
MOST_BYTES = 64 * 1024 * 1024
# A kiosk keeps 8 messages in flight, and doubles that when it starts again behind what is confirmed.
MOST_A_SENDER = 64


@dataclass(frozen=True)
class _Entry(Generic[Item]):
    size: int
    item: Item


class _Lane(Generic[Item]):
    def __init__(self) -> None:
        self._senders: OrderedDict[str, deque[_Entry[Item]]] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self._senders)

    def put(self, sender: str, entry: _Entry[Item]) -> None:
        self._senders.setdefault(sender, deque()).append(entry)

    def first(self) -> _Entry[Item]:
        return next(iter(self._senders.values()))[0]

    def pop(self) -> tuple[str, _Entry[Item]]:
        sender, entries = self._senders.popitem(last=False)
        entry = entries.popleft()
        if entries:
            self._senders[sender] = entries  # at the end: the others come first
        return sender, entry


class Lanes(Generic[Item]):
    """What waits, within bounds."""

    def __init__(self, *, most_bytes: int = MOST_BYTES, most_a_sender: int = MOST_A_SENDER) -> None:
        self._most_bytes = most_bytes
        self._most_a_sender = most_a_sender
        self._small: _Lane[Item] = _Lane()
        self._large: _Lane[Item] = _Lane()
        self._waiting: dict[str, int] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return sum(self._waiting.values())

    @property
    def fullness(self) -> float:
        """How much of the room is taken, from 0 to 1."""
        return self._bytes / self._most_bytes

    def offer(self, sender: str, size: int, item: Item) -> bool:
        """Let an item of so many bytes wait; False when there is no room, or this sender has too much waiting."""
        waiting = self._waiting.get(sender, 0)
        if waiting >= self._most_a_sender or self._bytes + size > self._most_bytes:
            return False
        self._waiting[sender] = waiting + 1
        self._bytes += size
        (self._small if size <= SMALL_BYTES else self._large).put(sender, _Entry(size, item))
        return True

    def take(self, most: int, most_bytes: int) -> list[Item]:
        """Take so many items and bytes at most (but one in any case), the large ones from what the small ones leave.

        One large item comes along each time, so that live votes do not keep a backlog waiting for ever.
        """
        taken: list[Item] = []
        taken_bytes = 0
        if self._large:
            taken_bytes += self._pop(self._large, taken)
        for lane in (self._small, self._large):
            while lane and len(taken) < most and (not taken or taken_bytes + lane.first().size <= most_bytes):
                taken_bytes += self._pop(lane, taken)
        return taken

    def _pop(self, lane: _Lane[Item], taken: list[Item]) -> int:
        sender, entry = lane.pop()
        left = self._waiting[sender] - 1
        if left:
            self._waiting[sender] = left
        else:
            del self._waiting[sender]
        self._bytes -= entry.size
        taken.append(entry.item)
        return entry.size


LONGEST_PACE = 60.0  # seconds
UNHURRIED = 0.1  # of the room: what a busy second leaves behind


def pace(fullness: float) -> float:
    """Return how many seconds a kiosk with a backlog should wait before its next message."""
    return 0.0 if fullness <= UNHURRIED else round(LONGEST_PACE * (fullness - UNHURRIED) / (1 - UNHURRIED), 1)
