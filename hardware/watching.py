"""What a person at the bench sees of a port beyond the meanings: sizes, what frames a code, answers, faults. Pure.

Of bytes that were scanned only control characters and a count are shown, for they may be an identity card. That also
holds for bytes that make no frame: half a card is one, whatever driver was chosen for the port.
"""

import re
from collections import deque
from collections.abc import Sequence

from hardware.driver import Call, Driver, Fault, Frame, Output, Reply, Send, Silent
from hardware.scans import Scan
from protocol.tickets import QueueTicket

_LEADING, _TRAILING = re.compile(rb"\A[\x00-\x1f]*"), re.compile(rb"[\x00-\x1f]*\Z")
MOST_ENDS = 8  # control characters shown on either side
LONGEST = 4096  # bytes kept until they are judged; what is more is counted


class Measured:
    """A driver that also says how many bytes came for each output: `shapes`, one for each that is not sent.

    It gives the driver byte after byte, so that each output comes with the byte that completes it.
    """

    def __init__(self, driver: Driver) -> None:
        self.shapes: deque[str] = deque()
        self._driver = driver
        self._held = bytearray()
        self._more = 0

    def opened(self, now: float) -> Sequence[Output]:
        """Begin anew."""
        self.shapes.clear()
        self._held.clear()
        self._more = 0
        return self._driver.opened(now)

    def feed(self, chunk: bytes, now: float) -> Sequence[Output]:
        """Take what was read."""
        done: list[Output] = []
        for byte in chunk:
            # What ends in silence is told before the byte that came after it.
            done += self._measure(self._driver.tick(now))
            if len(self._held) < LONGEST:
                self._held.append(byte)
            else:
                self._more += 1
            done += self._measure(self._driver.feed(bytes([byte]), now))
        return done

    def tick(self, now: float) -> Sequence[Output]:
        """Let time pass."""
        return self._measure(self._driver.tick(now))

    def _measure(self, outputs: Sequence[Output]) -> Sequence[Output]:
        for output in outputs:
            if not isinstance(output, Send | Silent):
                self.shapes.append(shape(bytes(self._held), self._more))
                self._held.clear()
                self._more = 0
        return outputs


def shape(data: bytes, more: int = 0) -> str:
    """Say how many bytes there are, and which control characters stand before and behind the others."""
    leading = _LEADING.match(data)
    before = leading[0] if leading else b""
    trailing = _TRAILING.search(data, len(before))
    behind = trailing[0] if trailing else b""
    size = len(data) + more
    words = [f"{size} byte{'' if size == 1 else 's'}"]
    if before:
        words.append(f"begins {before[:MOST_ENDS].hex(' ').upper()}")
    if behind and not more:
        words.append(f"ends {behind[-MOST_ENDS:].hex(' ').upper()}")
    return ", ".join(words)


def frame_in_hex(frame: Frame, scan: Scan | None) -> str:
    """Return the bytes of a queue ticket; of nothing else, for cases and badges are somebody's."""
    return frame.payload.hex(" ").upper() if isinstance(scan, QueueTicket) else ""


def in_words(output: Reply | Call | Fault) -> str:
    """Say what came that is no code."""
    match output:
        case Reply(value, refused):
            said = f"answer: {value.hex(' ').upper()}" if value else "answer: it lives"
            return f"{said} ({refused})" if refused else said
        case Call(counter, ticket, state):
            return f"call: counter {counter}, ticket {ticket or '-'}, {state}"
        case fault:
            return f"fault: {fault}"
