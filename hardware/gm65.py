"""Scanners of the GM65 family (Grow GM60, GM65, GM805, GM812; sold by Waveshare, DFRobot and Sunrom).

Their replies share the wire with bare barcodes and end with nothing, so a line reader would glue one to the next code.
A reply is taken for one only where no barcode has been begun: `02|03 00 00 LEN data CRC`. Pure.

The zones of the settings differ between the models. Nothing here writes one by itself: the functions return the bytes
of a command, to be sent by whoever has read the versions first.
"""

import re

from hardware.checksums import crc16_xmodem
from hardware.driver import Fault, Frame, Output, Reply, Send, Silent
from hardware.line import IDLE_SECONDS, LineFramer
from protocol.port_troubles import PortTrouble

HEARTBEAT_SECONDS = 10.0
MISSES = 3  # heartbeats without an answer, or anything else, until it counts as dead
LONGEST_REPLY = 16  # bytes of data; what is read here has 1 or 2, and more is taken for noise

HEARTBEAT_TYPE, READ, WRITE, SAVE = 0x0A, 0x07, 0x08, 0x09
TRIGGER_ZONE, SETUP_CODES_ZONE, BAUD_ZONE = 0x0002, 0x0003, 0x002A
TAIL_ZONE = 0x0060  # of the GM65; on a GM812 it is another
HARDWARE_ZONE, SOFTWARE_ZONE = 0x00E1, 0x00E2
BAUD_RATES = {b"\x39\x01": 9600, b"\xd0\x00": 14400, b"\x1a\x00": 115200}  # as BAUD_ZONE has them
TAILS = {"CR": 0b00, "CR LF": 0b01, "TAB": 0b10, "none": 0b11}  # bits 6 and 5 of TAIL_ZONE

_ANY_CRC = b"\xab\xcd"  # "do not check"
_HEAD = re.compile(rb"[\x02\x03](?:\x00(?:\x00|\Z)|\Z)")
_HEAD_SIZE, _CRC_SIZE = 4, 2


def command(kind: int, zone: int, data: bytes) -> bytes:
    """Return the bytes of a command. Of READ, *data* is one byte: how many to read."""
    body = bytes([kind, len(data)]) + zone.to_bytes(2, "big") + data
    return b"\x7e\x00" + body + crc16_xmodem(body)


def read(zone: int, count: int = 1) -> bytes:
    """Ask for a setting: the answer is a Reply with its bytes."""
    return command(READ, zone, bytes([count]))


def write(zone: int, value: int) -> bytes:
    """Change a setting until the power goes: the answer is a Reply."""
    return command(WRITE, zone, bytes([value]))


def trigger() -> bytes:
    """Have it look for one code, in command mode."""
    return write(TRIGGER_ZONE, 1)


def save() -> bytes:
    """Keep the settings as they are now."""
    return command(SAVE, 0, b"\x00")


def factory_reset() -> bytes:
    """Bring the settings back to what they were when shipped, the baud rate among them."""
    return command(SAVE, 0, b"\x02")


def refuse_setup_codes() -> bytes:
    """Have printed set-up codes do nothing."""
    return write(SETUP_CODES_ZONE, 0x03)


def allow_setup_codes() -> bytes:
    """Have printed set-up codes work."""
    return write(SETUP_CODES_ZONE, 0x01)


def set_tail(present: int, tail: str) -> bytes:
    """Choose one of TAILS on a GM65; *present* is what TAIL_ZONE holds now. Try it: a scan must end a line."""
    return write(TAIL_ZONE, present & ~0b0110_0000 | TAILS[tail] << 5)


HEARTBEAT = command(HEARTBEAT_TYPE, 0, b"\x00")


class Gm65:
    """Tells replies from barcodes, and asks every HEARTBEAT_SECONDS whether the scanner lives; any code proves it too.

    An answer to the heartbeat is a Reply without a value, an answer to a command has one.
    """

    def __init__(self) -> None:
        self.opened(0.0)

    def opened(self, now: float) -> list[Output]:
        """Forget what came before; the first heartbeat comes with the next tick."""
        self._lines = LineFramer()
        self._held = b""  # what may be a reply, or the beginning of one
        self._last = now
        self._due = now
        self._missed = 0
        return []

    def feed(self, chunk: bytes, now: float) -> list[Output]:
        """Take what was read, and return the codes and replies that it completes."""
        done = self.tick(now)
        if chunk:
            self._last = now
            self._separate(self._held + chunk, done)
        self._note_life(done)
        return done

    def tick(self, now: float) -> list[Output]:
        """Return the code that ends in silence, the heartbeat when it is due, and Silent after MISSES of them."""
        done: list[Output] = []
        if now - self._last >= IDLE_SECONDS:
            self._fall_silent(done)
            self._note_life(done)
        # Not while a code is under way: the answer would land in its midst if it has no suffix.
        if now >= self._due and self._lines.between and not self._held:
            self._due = now + HEARTBEAT_SECONDS
            if self._missed == MISSES:
                self._missed = 0
                done.append(Silent(PortTrouble.SCANNER_SILENT))
            self._missed += 1
            done.append(Send(HEARTBEAT))
        return done

    def _separate(self, data: bytes, done: list[Output]) -> None:
        at = 0
        self._held = b""
        while head := _HEAD.search(data, at):
            self._text(data[at : head.start()], done)
            at = head.start()
            if len(head[0]) < _HEAD_SIZE - 1 or (self._lines.between and not _is_whole(data[at:])):
                self._held = data[at:]
                return
            if self._lines.between:
                at += self._reply(data[at:], done)
            else:
                # A reply without a pause behind a code that has no suffix, or inside one: it cannot be told which.
                self._spoilt(Fault.MALFORMED, done)
                at = head.end()
        self._text(data[at:], done)

    def _reply(self, data: bytes, done: list[Output]) -> int:
        """Take the reply that the data begin with, and return how long it is."""
        end = _HEAD_SIZE + data[3]
        if not 1 <= data[3] <= LONGEST_REPLY:
            self._spoilt(Fault.MALFORMED, done)
            return _HEAD_SIZE
        if data[end : end + _CRC_SIZE] not in (crc16_xmodem(data[2:end]), _ANY_CRC):
            self._spoilt(Fault.CHECKSUM, done)
        elif data[0] == 0x03:
            done.append(Reply())
        else:
            done.append(Reply(data[_HEAD_SIZE:end]))
        return end + _CRC_SIZE

    def _spoilt(self, fault: Fault, done: list[Output]) -> None:
        """Drop everything to the next end of a line: half a code must never pass for one."""
        self._lines.drop()
        done.append(fault)

    def _text(self, data: bytes, done: list[Output]) -> None:
        # Silence is watched here, for the lines do not see what is held back.
        done += self._lines.feed(data, 0.0)

    def _fall_silent(self, done: list[Output]) -> None:
        held, self._held = self._held, b""
        if len(held) >= _HEAD_SIZE - 1:
            done.append(Fault.MALFORMED)
        else:
            self._text(held, done)
        done += self._lines.flush()

    def _note_life(self, done: list[Output]) -> None:
        if any(isinstance(output, Frame | Reply) for output in done):
            self._missed = 0


def _is_whole(data: bytes) -> bool:
    """Whether the reply that the data begin with is all there; True also for one that will be refused."""
    if len(data) < _HEAD_SIZE:
        return False
    return data[3] > LONGEST_REPLY or len(data) >= _HEAD_SIZE + data[3] + _CRC_SIZE
