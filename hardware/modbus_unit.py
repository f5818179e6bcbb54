"""A queue system with Modbus registers as a simulated device. Pure.

It answers whoever reads its registers. While nobody does, it is also the master of its bus, who asks and is answered:
what a kiosk hears that only listens.
"""

import re
from collections.abc import Callable

from hardware.checksums import crc16_modbus
from hardware.driver import Call, Fault
from hardware.modbus import POLL_SECONDS, READ, REGISTERS, STATES, Registers, framer, read_request
from hardware.speech import Cannot, Said, Way

UNASKED_SECONDS = 2.0  # after which the bus counts as one that nobody polls

_TICKET = re.compile(r"([A-Z]{0,2})([0-9]{1,5})")
_NUMBERS = {state: number for number, state in STATES.items()}


class ModbusUnit:
    """Keeps the last call in its registers. *clock* is of seconds, and only goes forward."""

    def __init__(self, registers: Registers, clock: Callable[[], float]) -> None:
        self._registers = registers
        self._clock = clock
        self._packets = framer()
        self.lose_power()

    def lose_power(self) -> None:
        """Forget the call."""
        now = self._clock()
        self._packets.opened(now)
        self._values = bytes(2 * REGISTERS)
        self._untold = False
        self._asked_at = now
        self._due = now

    def take(self, said: Said, way: Way) -> None:
        """Write a call into the registers; Cannot."""
        if isinstance(said, bytes):
            raise Cannot("registers carry no codes; :call COUNTER TICKET calls somebody")
        if way not in (Way.WHOLE, Way.SPLIT):
            raise Cannot("registers keep a call until the next one; only :split changes how it is told")
        self._values = values(said)
        self._untold = True

    @property
    def busy(self) -> bool:
        """Whether the registers have not been told since they were written."""
        return self._untold

    @property
    def outcome(self) -> str:
        """What became of the call."""
        return "told"

    def hear(self, data: bytes) -> bytes:
        """Take what the host sends, perhaps nothing, and return what to send."""
        now = self._clock()
        said = b""
        for found in self._packets.feed(data, now):
            if not isinstance(found, Fault) and found[:2] == bytes([self._registers.unit, READ]) and len(found) == 8:
                self._asked_at = now
                said += self._answer(found)
        if now - self._asked_at >= UNASKED_SECONDS and now >= self._due:
            self._due = now + POLL_SECONDS
            request = read_request(self._registers)
            said += request + self._answer(request)
        return said

    def _answer(self, request: bytes) -> bytes:
        first, count = int.from_bytes(request[2:4], "big"), int.from_bytes(request[4:6], "big")
        before = self._registers.first - first
        present = [self._register(place - before) for place in range(count)]
        if before >= 0 and before + REGISTERS <= count:
            self._untold = False
        body = bytes([self._registers.unit, READ, 2 * count]) + b"".join(present)
        return body + crc16_modbus(body)

    def _register(self, place: int) -> bytes:
        return self._values[2 * place : 2 * place + 2] if 0 <= place < REGISTERS else bytes(2)


def values(call: Call) -> bytes:
    """Return the four registers that tell a call; Cannot."""
    ticket = _TICKET.fullmatch(call.ticket) if call.ticket is not None else None
    number = int(ticket[2]) if ticket else 0
    if number > 0xFFFF or (call.ticket is not None and number == 0):
        raise Cannot("expected a ticket of up to two letters and a number, 1 to 65535, such as A012")
    prefix = ticket[1].encode().rjust(2, b"\x00") if ticket else bytes(2)
    return b"".join(word.to_bytes(2, "big") for word in (call.counter, number, _NUMBERS[call.state])) + prefix
