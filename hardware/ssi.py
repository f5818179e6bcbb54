"""Scanners that speak SSI, the Simple Serial Interface: Zebra and Symbol, Grow GM67 and GM72. Pure.

`LEN OP SRC STATUS data CHECK`: LEN counts itself to data, CHECK makes the sum 0 in 16 bits. A packet that is not
acknowledged comes twice more (DS2208 guide, 7-6). A GM67 sends what is too long for LEN as
`FF F4 LENGTH F4 SRC STATUS data CHECK`, LENGTH being two bytes that count from FF to data.
"""

import re
from collections import deque

from hardware.checksums import negated_sum16
from hardware.driver import Fault, Frame, Output, Reply, Send
from hardware.line import LONGEST_LINE
from hardware.packets import PacketFramer

WAKE_SECONDS = 0.05  # from the byte that wakes a sleeping scanner to the packet (GM72 manual, p. 27)
MOST_WAITING = 4  # packets to be sent; the oldest give way
# A scanner waits up to 9.9 s for the answer to each of its three tries (parameter "host serial response time-out").
RESEND_SECONDS = 20.0
# What follows inside a read comes as soon as the packet before it is acknowledged, or is marked as sent again.
FOLLOW_SECONDS = 1.0

REPLY_REVISION, PARAM_SEND, ACK_OP, NAK_OP, DECODE_DATA, DECODE_LONG, EVENT = 0xA4, 0xC6, 0xD0, 0xD1, 0xF3, 0xF4, 0xF6
RETRANSMISSION, MORE_FOLLOWS, PERMANENT = 0b0001, 0b0010, 0b1000  # bits of STATUS
HOST, SCANNER = 4, 0  # SRC

_HEAD = re.compile(rb"\xff\xf4|[\x04-\xff](?:[\xa4\xc6\xd0\xd1\xf3\xf6](?:\x00|\Z)|\Z)")
_LONG_HEAD = 7  # bytes before the data
_LONGEST = _LONG_HEAD + 1 + LONGEST_LINE + 2
_SUFFIXES = b"\r\n\t\x03"

_NAK_REASONS = {
    0x01: "the packet came damaged; it is to be sent again",
    0x02: "the scanner does not know this command, or not now",
    0x06: "denied: the scanner is not in host mode, or a value is out of range",
    0x0A: "cancelled",
}


def packet(op: int, data: bytes = b"", status: int = 0, source: int = HOST) -> bytes:
    """Return the bytes of a packet; *data* of at most 251 bytes."""
    body = bytes([4 + len(data), op, source, status]) + data
    return body + negated_sum16(body)


def set_parameter(number: int, value: int, permanent: bool = True) -> bytes:
    """Return the packet that changes a setting; the scanner answers with ACK or NAK."""
    return packet(PARAM_SEND, bytes([0, number, value]), PERMANENT if permanent else 0)


ACK = packet(ACK_OP)
START_DECODE, STOP_DECODE, REQUEST_REVISION = packet(0xE4), packet(0xE5), packet(0xA3)
SCAN_ENABLE, SCAN_DISABLE = packet(0xE9), packet(0xEA)


class Ssi:
    """Acknowledges every packet at once, and makes one frame of a read, whatever number of times it is sent."""

    def __init__(self) -> None:
        self._packets = PacketFramer(_HEAD, lengths, is_sound, _LONGEST)
        self.opened(0.0)

    def opened(self, now: float) -> list[Output]:
        """Forget what came before."""
        self._packets.opened(now)
        self._waiting: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._send_at = now
        self._text: bytearray | None = None  # of a read of which more follows
        self._last: int | None = None  # a hash: of what people hold under a scanner nothing is kept
        self._last_at = now
        return []

    def send(self, data: bytes, now: float) -> list[Output]:
        """Have the packet sent: now the byte that wakes the scanner, WAKE_SECONDS later the packet."""
        self._waiting.append(data)
        self._send_at = now + WAKE_SECONDS
        return [Send(b"\x00")]

    def feed(self, chunk: bytes, now: float) -> list[Output]:
        """Take what was read, and return the reads, answers and acknowledgements that it comes to."""
        return [*self._pass_time(now), *self._understand(self._packets.feed(chunk, now), now)]

    def tick(self, now: float) -> list[Output]:
        """Return what is to be sent now, and what silence has ended."""
        return [*self._pass_time(now), *self._understand(self._packets.tick(now), now)]

    def _pass_time(self, now: float) -> list[Output]:
        done: list[Output] = []
        if self._waiting and now >= self._send_at:
            done += map(Send, self._waiting)
            self._waiting.clear()
        if now - self._last_at >= RESEND_SECONDS:
            self._last = None
            self._give_up(done)
        return done

    def _understand(self, packets: list[bytes | Fault], now: float) -> list[Output]:
        done: list[Output] = []
        for found in packets:
            if isinstance(found, Fault):
                done.append(found)
                continue
            start = _LONG_HEAD if found[:2] == b"\xff\xf4" else 4
            op, status, data = found[start - 3], found[start - 1], found[start:-2]
            if op == ACK_OP:
                done.append(Reply())
            elif op == NAK_OP:
                done.append(Reply(data, _NAK_REASONS.get(data[0] if data else 0, "refused without a reason")))
            else:
                done.append(Send(ACK))
                self._take(op, status, data, now, done)
        return done

    def _take(self, op: int, status: int, data: bytes, now: float, done: list[Output]) -> None:
        again = bool(status & RETRANSMISSION)
        fingerprint = hash((op, status & ~RETRANSMISSION, data))
        known, late = self._last == fingerprint, now - self._last_at > FOLLOW_SECONDS
        self._last, self._last_at = fingerprint, now
        if again and known:
            return
        if op in (REPLY_REVISION, PARAM_SEND):
            done.append(Reply(data))
        elif op in (DECODE_DATA, DECODE_LONG):
            if late and not again:
                self._give_up(done)  # the end of another read was lost
            self._join(data[1:], bool(status & MORE_FOLLOWS), done)  # the first byte is the symbology

    def _join(self, text: bytes, more: bool, done: list[Output]) -> None:
        joined = bytearray() if self._text is None else self._text
        was_overlong = len(joined) > LONGEST_LINE
        joined += text
        if len(joined) > LONGEST_LINE and not was_overlong:
            done.append(Fault.OVERFLOW)
        del joined[LONGEST_LINE + 1 :]  # one byte more tells that it was too long
        self._text = joined if more else None
        whole = bytes(joined.rstrip(_SUFFIXES))
        if not more and whole and len(joined) <= LONGEST_LINE:
            done.append(Frame(whole))

    def _give_up(self, done: list[Output]) -> None:
        if self._text is not None:
            self._text = None
            done.append(Fault.MALFORMED)


def lengths(data: bytes) -> tuple[int, ...] | None:
    """The lengths that a packet may have, for a PacketFramer."""
    if data[:2] != b"\xff\xf4":
        return (data[0] + 2,) if len(data) > 2 else None
    if len(data) < _LONG_HEAD:
        return None
    length = int.from_bytes(data[2:4], "big") + 2
    return (length,) if data[4:6] == b"\xf4\x00" and _LONG_HEAD + 2 <= length <= _LONGEST else ()


def is_sound(data: bytes) -> bool:
    """Whether the check value is right, for a PacketFramer."""
    return negated_sum16(data[:-2]) == data[-2:]
