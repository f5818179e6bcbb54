"""Queue systems that keep the last call in holding registers: asked by us, or heard while another master asks. Pure.

Four registers in a row, read or written together: counter, ticket number, state, prefix. The prefix is one or two ASCII
letters, 0 or blank for none; a ticket number of 0 is no ticket. RTU framing without its 3.5 characters of silence,
which no USB bridge keeps: the length follows from the function code, and the CRC decides.
"""

import re
from dataclasses import dataclass

from hardware.checksums import crc16_modbus
from hardware.driver import Call, CallState, Fault, Output, Send, Silent
from hardware.packets import PacketFramer
from protocol.port_troubles import PortTrouble

POLL_SECONDS = 0.5  # a poll takes 17 ms of the line at 9600 baud
MISSES = 6  # polls without an answer until it counts as silent: 3 s, which an Arduino needs to start
REGISTERS = 4
UNITS = range(1, 248)
FIRST_REGISTERS = range(0x10000 - REGISTERS + 1)

STATES = {1: CallState.CALLED, 2: CallState.SERVING, 3: CallState.DONE, 4: CallState.RATE}  # 0: nobody is called

_HEAD = re.compile(rb"[\x00-\xf7](?:[\x01-\x06\x0f\x10\x81-\x86\x8f\x90]|\Z)", re.DOTALL)
_LONGEST = 256
READ = 0x03


@dataclass(frozen=True)
class Registers:
    """Where the call is kept: the unit's address, of UNITS, and the first of the four registers.

    *poll* is for a bus without a master; where there is one, two would talk at once.
    """

    unit: int
    first: int
    poll: bool = True


class Modbus:
    """Makes a call of what the registers say, whenever they say something new. A unit that is silent is asked on."""

    def __init__(self, registers: Registers) -> None:
        self._registers = registers
        self._packets = framer()
        self._known: bytes | None = None  # kept when the port is opened anew: an old call is no new one
        self.opened(0.0)

    def opened(self, now: float) -> list[Output]:
        """Forget what came before; the first poll comes with the next tick."""
        self._packets.opened(now)
        self._asked: tuple[int, int] | None = None  # first and count of the last request to our unit
        self._due = now
        self._missed = 0
        return []

    def feed(self, chunk: bytes, now: float) -> list[Output]:
        """Take what was read, and return the calls that it tells."""
        return [*self._poll(now), *self._understand(self._packets.feed(chunk, now))]

    def tick(self, now: float) -> list[Output]:
        """Return the poll when it is due, and Silent after MISSES of them."""
        return [*self._understand(self._packets.tick(now)), *self._poll(now)]

    def _poll(self, now: float) -> list[Output]:
        if not self._registers.poll or now < self._due:
            return []
        done: list[Output] = []
        if self._missed == MISSES:
            self._missed = 0
            done.append(Silent(PortTrouble.QUEUE_SILENT))
        self._missed += 1
        self._due = now + POLL_SECONDS
        self._asked = (self._registers.first, REGISTERS)
        return [*done, Send(read_request(self._registers))]

    def _understand(self, packets: list[bytes | Fault]) -> list[Output]:
        done: list[Output] = []
        for found in packets:
            said = found if isinstance(found, Fault) else self._said(found)
            if said is not None:
                done.append(said)
        return done

    def _said(self, packet: bytes) -> Call | Fault | None:
        if packet[0] != self._registers.unit:
            return None
        first, count = int.from_bytes(packet[2:4], "big"), int.from_bytes(packet[4:6], "big")
        match packet[1]:
            case 0x03 if len(packet) == 8:
                self._asked = (first, count)
            case 0x03:
                self._missed = 0
                asked, self._asked = self._asked, None
                if asked is not None and packet[2] == 2 * asked[1]:
                    return self._values(asked[0], packet[3:-2])
            case 0x10 if len(packet) > 8:
                return self._values(first, packet[7:-2])
            case 0x83:
                self._missed = 0
                return Fault.UNKNOWN
        return None

    def _values(self, first: int, values: bytes) -> Call | Fault | None:
        start = 2 * (self._registers.first - first)
        ours = values[start : start + 2 * REGISTERS] if start >= 0 else b""
        if len(ours) < 2 * REGISTERS or ours == self._known:
            return None
        self._known = ours
        return _call(ours)


def framer() -> PacketFramer:
    """Return what finds the packets of a bus, requests and responses alike."""
    return PacketFramer(_HEAD, _lengths, _is_sound, _LONGEST)


def read_request(registers: Registers) -> bytes:
    """Return the bytes that ask for the four registers."""
    body = bytes([registers.unit, READ]) + registers.first.to_bytes(2, "big") + REGISTERS.to_bytes(2, "big")
    return body + crc16_modbus(body)


def _call(values: bytes) -> Call | Fault | None:
    counter, number, state = (int.from_bytes(values[at : at + 2], "big") for at in (0, 2, 4))
    prefix = values[6:8].strip(b"\x00 ")
    if state == 0:
        return None
    if state not in STATES or counter == 0 or not (prefix.isalnum() or not prefix):
        return Fault.UNKNOWN
    ticket = f"{prefix.decode('ascii')}{number:03d}" if number else None
    return Call(counter, ticket, STATES[state])


def _lengths(data: bytes) -> tuple[int, ...] | None:
    """The lengths of a request and of its response: the beginning seldom tells which of them it is."""
    function = data[1] if len(data) > 1 else 0
    match function:
        case 0x01 | 0x02 if len(data) > 5:
            return _possible(_counts(data, 4, 2000), 5 + data[2] if data[2] else 0)
        case 0x03 | 0x04 if len(data) > 5:
            return _possible(_counts(data, 4, 125), 5 + data[2] if data[2] and data[2] % 2 == 0 else 0)
        case 0x05 | 0x06:
            return (8,)
        case 0x0F | 0x10 if len(data) > 6:
            return _possible(True, 9 + data[6])
    return (5,) if function & 0x80 else None  # an exception, or not enough of it


def _counts(data: bytes, at: int, most: int) -> bool:
    return 0 < int.from_bytes(data[at : at + 2], "big") <= most


def _possible(fixed: bool, counted: int) -> tuple[int, ...]:
    """8, the length of what has no count of bytes, and the length by the count, if they are possible; ascending."""
    return tuple(sorted({8 if fixed else 0, counted if counted <= _LONGEST else 0} - {0}))


def _is_sound(data: bytes) -> bool:
    return crc16_modbus(data[:-2]) == data[-2:]
