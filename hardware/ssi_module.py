"""A scanner that speaks SSI as a simulated device: sends what it reads, and again until it is acknowledged. Pure.

It believes the same guides as the kiosk's driver (see `hardware.ssi`): what both believe, neither tests.
"""

import re
from collections import deque
from collections.abc import Callable

from hardware.driver import Fault
from hardware.packets import PacketFramer
from hardware.speech import Cannot, Said, Way, scanner
from hardware.ssi import (
    ACK_OP,
    DECODE_DATA,
    MORE_FOLLOWS,
    NAK_OP,
    RETRANSMISSION,
    SCANNER,
    is_sound,
    lengths,
    packet,
)

ANSWER_SECONDS = 2.0  # as shipped (parameter "host serial response time-out")
TRIES = 3
PART = 240  # bytes of a code in one packet; LEN allows 250
CODE_128 = b"\x03"  # leads the text of each packet

_COMMANDS = {0xC6, 0xE4, 0xE5, 0xE9, 0xEA}  # what it is told to do, and acknowledges
_HEAD = re.compile(rb"[\x04-\xff](?:[\xc6\xd0\xd1\xe4\xe5\xe9\xea](?:\x04|\Z)|\Z)")
_LONGEST = 257


class SsiModule:
    """Sends one packet after the other, each up to TRIES times. *clock* is of seconds, and only goes forward."""

    def __init__(self, clock: Callable[[], float], answer_seconds: float = ANSWER_SECONDS) -> None:
        self.sent = 0  # packets, counting each time
        self._clock = clock
        self._patience = answer_seconds
        self._packets = PacketFramer(_HEAD, lengths, is_sound, _LONGEST)
        self.lose_power()

    def lose_power(self) -> None:
        """Forget what was not sent yet."""
        self._packets.opened(self._clock())
        self._waiting: deque[tuple[bytes, int]] = deque()  # data and status of each packet
        self._tries = 0
        self._due = 0.0
        self._deaf = False
        self._given_up = False

    def take(self, said: Said, way: Way) -> None:
        """Read a code; Cannot. When *way* is UNHEARD, all but the last answers to each packet are lost."""
        code, _ = scanner(said, b"")
        if way is Way.BARE:
            raise Cannot("the packets of SSI have no terminator that could be missing")
        self._deaf = way is Way.UNHEARD
        self._given_up = False
        for _ in range(2 if way is Way.TWICE else 1):
            self._waiting += parts(code)

    @property
    def busy(self) -> bool:
        """Whether something is still to be sent, or to be acknowledged."""
        return bool(self._waiting)

    @property
    def outcome(self) -> str:
        """What became of the code that was taken last."""
        return f"sent {TRIES} times and not acknowledged" if self._given_up else "acknowledged"

    def hear(self, data: bytes) -> bytes:
        """Take what the host sends, perhaps nothing, and return what to send."""
        now = self._clock()
        answers = b""
        for found in self._packets.feed(data, now):
            if isinstance(found, Fault):
                continue
            match found[1]:
                case op if op in _COMMANDS:
                    answers += packet(ACK_OP, source=SCANNER)
                case op if self._tries and not (self._deaf and self._tries < TRIES):
                    self._answered(op, now)
        return answers + self._transmit(now)

    def _answered(self, op: int, now: float) -> None:
        if op == NAK_OP:
            self._due = now
        else:
            self._waiting.popleft()
            self._tries = 0

    def _transmit(self, now: float) -> bytes:
        if not self._waiting or (self._tries and now < self._due):
            return b""
        if self._tries == TRIES:
            self._waiting.clear()
            self._tries = 0
            self._given_up = True
            return b""
        self._tries += 1
        self._due = now + self._patience
        self.sent += 1
        data, status = self._waiting[0]
        return packet(DECODE_DATA, data, status | (RETRANSMISSION if self._tries > 1 else 0), SCANNER)


def parts(code: bytes) -> list[tuple[bytes, int]]:
    """Return data and status of the packets that a code needs."""
    pieces = [code[start : start + PART] for start in range(0, len(code), PART)]
    return [(CODE_128 + piece, MORE_FOLLOWS) for piece in pieces[:-1]] + [(CODE_128 + pieces[-1], 0)]
