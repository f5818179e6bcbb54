"""Which votes to send when: go-back-N over a channel that may lose, repeat and reorder.

Pure: time is an argument (monotonic seconds). The server takes only the contiguous continuation of a stream
and answers every message with the number up to which it has everything; so the kiosk keeps a few messages in
flight and starts again behind the confirmed number when nothing moves.
"""

import random
from dataclasses import dataclass

from protocol.messages import LONGEST_BATCH, Count

WINDOW_MESSAGES = 8
# Not below a slow commit on the server, or everything is sent twice (sync.md §6, trap 13).
FIRST_PATIENCE = 10.0
LONGEST_PATIENCE = 300.0
FIRST_RECONNECT = 1.0
LONGEST_RECONNECT = 60.0


@dataclass(frozen=True)
class Send:
    """Send the votes numbered first to last in one message."""

    first: int
    last: int


@dataclass(frozen=True)
class SendHello:
    """Ask the server where it stands."""


class Sender:
    """One connection's worth of decisions after another; the outbox keeps the votes."""

    def __init__(self, stored_up_to: Count, chance: random.Random) -> None:
        self.stored_up_to = stored_up_to
        self._chance = chance
        self._connected = False
        self._welcome = False  # the server has answered the hello
        self._in_flight: list[int] = []  # last number of each message that is not confirmed, ascending
        self._patience = FIRST_PATIENCE
        self._deadline = 0.0

    def connected(self, now: float) -> None:
        """A connection stands and the receipts are subscribed to; a hello is due at once."""
        self._connected = True
        self._welcome = False
        self._in_flight.clear()
        self._patience = FIRST_PATIENCE / 2  # doubled by the first hello
        self._deadline = now

    def disconnected(self) -> None:
        """The connection is gone, and with it whatever was in flight."""
        self._connected = False
        self._in_flight.clear()

    def received(self, stored_up_to: Count, highest: Count, now: float) -> None:
        """Take a receipt. A number never sent is not believed."""
        if stored_up_to > highest:
            return
        moved = stored_up_to != self.stored_up_to
        if stored_up_to < self.stored_up_to:
            self._in_flight.clear()  # the server lost votes: send again from there
        self._welcome = True
        self._in_flight = [last for last in self._in_flight if last > stored_up_to]
        self.stored_up_to = stored_up_to
        if moved:
            self._patience = FIRST_PATIENCE
            self._wait(now)

    def due(self, highest: Count, now: float) -> list[Send | SendHello]:
        """Return what to send now that *highest* is the newest number."""
        if not self._connected:
            return []
        waits = not self._welcome or bool(self._in_flight)
        if waits and now >= self._deadline:
            self._in_flight.clear()
            self._patience = min(self._patience * 2, LONGEST_PATIENCE)
            self._wait(now)
            if not self._welcome:
                return [SendHello()]
        sends: list[Send | SendHello] = []
        while self._welcome and len(self._in_flight) < WINDOW_MESSAGES:
            first = (self._in_flight[-1] if self._in_flight else self.stored_up_to) + 1
            if first > highest:
                break
            if not self._in_flight:
                self._wait(now)
            last = min(first + LONGEST_BATCH - 1, highest)
            self._in_flight.append(last)
            sends.append(Send(first, last))
        return sends

    def next_look(self, now: float) -> float | None:
        """Seconds until `due` has something to say even if nothing happens; None when never."""
        if not self._connected or (self._welcome and not self._in_flight):
            return None
        return max(0.0, self._deadline - now)

    def _wait(self, now: float) -> None:
        self._deadline = now + self._patience * self._chance.uniform(0.75, 1.25)


class Backoff:
    """How long to wait before the next attempt to connect: exponential with full jitter, without end."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._ceiling = FIRST_RECONNECT

    def pause(self) -> float:
        """Return the seconds to wait now; the next answer is drawn from twice the range, up to 60 s."""
        pause = self._chance.uniform(0.0, self._ceiling)
        self._ceiling = min(self._ceiling * 2, LONGEST_RECONNECT)
        return pause

    def reset(self) -> None:
        """The server answered: start again from one second."""
        self._ceiling = FIRST_RECONNECT
