"""What to send when: go-back-N over a channel that may lose, repeat and reorder.

Pure: time is an argument (monotonic seconds). The server takes only the contiguous continuation of a stream
and answers every message with the number up to which it has everything; so the kiosk keeps a few messages in
flight and starts again behind the confirmed number when nothing moves.
"""

import random
from dataclasses import dataclass

from protocol.messages import LONGEST_BATCH, Count, Number

WINDOW_MESSAGES = 8
# Not below a slow commit on the server, or everything is sent twice (sync.md §6, trap 13).
FIRST_PATIENCE = 10.0
LONGEST_PATIENCE = 300.0
HELLO_AGAIN = 3600.0  # the answer brings the time: a clock that is never set drifts by seconds a day
STATUS_AGAIN = 60.0
STATUS_GAP = 1.0  # a scanner with a loose plug is not worth a status for every contact


@dataclass(frozen=True)
class Send:
    """Send the votes numbered first to last in one message."""

    first: Number
    last: Number


@dataclass(frozen=True)
class SendHello:
    """Ask the server where it stands."""


@dataclass(frozen=True)
class SendStatus:
    """Tell the server how the kiosk is."""


Message = Send | SendHello | SendStatus


class Sender:
    """One connection's worth of decisions after another; the outbox keeps the votes."""

    def __init__(self, stored_up_to: Count, chance: random.Random, longest_batch: int = LONGEST_BATCH) -> None:
        self.stored_up_to = stored_up_to
        self._longest_batch = longest_batch
        self._chance = chance
        self._connected = False
        self._in_flight: list[Number] = []  # last number of each message that is not confirmed, ascending
        self._patience = FIRST_PATIENCE
        self._deadline = 0.0  # of what is in flight
        self._welcome = False  # the server has answered, and is believed
        self._hello_open = False  # said and not answered
        self._hello_patience = FIRST_PATIENCE
        self._hello_said = 0.0
        self._hello_at = 0.0
        self._status_said = 0.0
        self._status_at = 0.0
        self._pace = 0.0
        self._paced_until = 0.0
        self._held_back = False  # there would be something to send, were it not for the pace

    @property
    def waits_for_an_answer(self) -> bool:
        """Whether the server owes one; when it does for long, the connection itself may be what does not work."""
        return self._connected and (self._hello_open or not self._welcome or bool(self._in_flight))

    def connected(self, now: float) -> None:
        """A connection stands and the kiosk listens; a status and a hello are due at once, in this order."""
        self._connected = True
        self._welcome = self._hello_open = self._held_back = False
        self._in_flight.clear()
        self._patience = self._hello_patience = FIRST_PATIENCE
        self._hello_at = self._status_at = now
        self._status_said = now - STATUS_GAP
        self._pace = 0.0

    def disconnected(self) -> None:
        """The connection is gone, and with it whatever was in flight."""
        self._connected = False
        self._in_flight.clear()

    def received(self, stored_up_to: Count, now: float, *, pace: float = 0.0, answer: bool = False) -> None:
        """Take a receipt that is believed.

        *pace* is how many seconds the server asks to wait before each message of a backlog; *answer*: it answers
        the hello of this connection.
        """
        moved = stored_up_to != self.stored_up_to
        if stored_up_to < self.stored_up_to:
            self._in_flight.clear()  # the server lost votes: send again from there
        self._in_flight = [last for last in self._in_flight if last > stored_up_to]
        self.stored_up_to = stored_up_to
        if answer:
            self._welcome = True
            self._hello_open = False
            self._hello_patience = FIRST_PATIENCE
            self._hello_at = now + HELLO_AGAIN
        if moved:
            self._patience = FIRST_PATIENCE
            self._wait(now)
        told_to_slow_down = pace > 0 and not self._pace
        self._pace = pace
        if told_to_slow_down:  # only then: many receipts must not put the next message off for ever
            self._slow_down(now)

    def not_understood(self, now: float) -> None:
        """A receipt names a number that the kiosk cannot judge any more: let the server hear what is still kept."""
        self._welcome = False
        self._in_flight.clear()
        self._hello_at = min(self._hello_at, max(now, self._hello_said + self._hello_patience))

    def renewed(self, now: float) -> None:
        """The votes have a new stream, of which the server knows nothing; a hello is due at once."""
        self.stored_up_to = 0
        self._in_flight.clear()
        self._welcome = False
        self._hello_at = now

    def resend(self, first: Number) -> None:
        """Go back: send the votes from *first* on again. Never goes forward."""
        if first <= self.stored_up_to:
            self.stored_up_to = first - 1
            self._in_flight.clear()

    def report(self, now: float) -> None:
        """Something changed that a status should tell without waiting for its minute."""
        self._status_at = min(self._status_at, max(now, self._status_said + STATUS_GAP))

    def due(self, highest: Count, now: float) -> list[Message]:
        """Return what to send now that *highest* is the newest number."""
        if not self._connected:
            return []
        due: list[Message] = []
        if now >= self._status_at:
            self._status_said, self._status_at = now, now + STATUS_AGAIN
            due.append(SendStatus())
        if now >= self._hello_at:
            self._hello_open, self._hello_said = True, now
            self._hello_at = now + self._jittered(self._hello_patience)
            self._hello_patience = min(self._hello_patience * 2, LONGEST_PATIENCE)
            due.append(SendHello())
        return due + self._votes_due(highest, now)

    def next_look(self, now: float) -> float | None:
        """Seconds until `due` has something to say even if nothing happens; None when never."""
        if not self._connected:
            return None
        moments = [self._status_at, self._hello_at]
        if self._in_flight:
            moments.append(self._deadline)
        if self._held_back:
            moments.append(self._paced_until)
        return max(0.0, min(moments) - now)

    def _votes_due(self, highest: Count, now: float) -> list[Message]:
        if self._in_flight and now >= self._deadline:
            self._in_flight.clear()
            self._patience = min(self._patience * 2, LONGEST_PATIENCE)
        self._held_back = False
        sends: list[Message] = []
        while self._welcome and len(self._in_flight) < WINDOW_MESSAGES:
            first = (self._in_flight[-1] if self._in_flight else self.stored_up_to) + 1
            if first > highest:
                break
            # What fits into one message is what citizens are doing just now; it is never held back.
            paced = self._pace > 0 and highest - self.stored_up_to > self._longest_batch
            if paced and now < self._paced_until:
                self._held_back = True
                break
            if not self._in_flight:
                self._wait(now)
            last = min(first + self._longest_batch - 1, highest)
            self._in_flight.append(last)
            sends.append(Send(first, last))
            if paced:
                self._slow_down(now)
        return sends

    def _wait(self, now: float) -> None:
        self._deadline = now + self._jittered(self._patience)

    def _slow_down(self, now: float) -> None:
        # As wide as that: a thousand kiosks that were told the same must not come back at the same moment.
        self._paced_until = now + self._pace * self._chance.uniform(0.5, 1.5)

    def _jittered(self, seconds: float) -> float:
        return seconds * self._chance.uniform(0.75, 1.25)
