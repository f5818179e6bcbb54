"""A GM65 as a simulated device: its zones, in memory and in flash, and its answers. Pure.

What was written and not saved is gone with the power. Its speed is what the port's is: a pseudo-terminal has none.
"""

from hardware.checksums import crc16_xmodem
from hardware.gm65 import (
    BAUD_ZONE,
    HARDWARE_ZONE,
    HEARTBEAT_TYPE,
    READ,
    SAVE,
    SETUP_CODES_ZONE,
    SOFTWARE_ZONE,
    TAIL_ZONE,
    WRITE,
)

SHIPPED = {SETUP_CODES_ZONE: 0x01, TAIL_ZONE: 0x61, BAUD_ZONE: 0x39, BAUD_ZONE + 1: 0x01}
VERSIONS = {HARDWARE_ZONE: 0x64, SOFTWARE_ZONE: 0x6A}
LONGEST_COMMAND = 64  # bytes; the commands known here have 9 or 10

_TAILS = (b"\r", b"\r\n", b"\t", b"")  # by bits 6 and 5 of TAIL_ZONE
_HEAD, _HEAD_SIZE, _CRC_SIZE = b"\x7e\x00", 6, 2
_ANY_CRC = b"\xab\xcd"
_KEEP, _RESET = b"\x00", b"\x02"


class Gm65Module:
    """Answers commands. *zones* are in force now, *flash* after the next plugging in."""

    def __init__(self) -> None:
        self.flash = dict(SHIPPED)
        self.zones = dict(SHIPPED)
        self.written = 0  # commands that changed a zone
        self._pending = b""

    @property
    def terminator(self) -> bytes:
        """What it sends behind a code."""
        return _TAILS[self.zones[TAIL_ZONE] >> 5 & 0b11]

    def lose_power(self) -> None:
        """Forget what was not saved."""
        self.zones = dict(self.flash)
        self._pending = b""

    def hear(self, data: bytes) -> bytes:
        """Take what the host sends, and return the answers. What is no command is passed over."""
        answers = b""
        self._pending += data
        while (start := self._pending.find(_HEAD)) >= 0:
            self._pending = self._pending[start:]
            if len(self._pending) < _HEAD_SIZE:
                return answers
            end = _HEAD_SIZE + self._pending[3]
            if end > LONGEST_COMMAND:
                self._pending = self._pending[1:]
                continue
            if len(self._pending) < end + _CRC_SIZE:
                return answers
            body, crc = self._pending[2:end], self._pending[end : end + _CRC_SIZE]
            self._pending = self._pending[end + _CRC_SIZE :]
            if crc in (crc16_xmodem(body), _ANY_CRC):
                answers += self._obey(body[0], int.from_bytes(body[2:4], "big"), body[4:])
        self._pending = self._pending[-1:]
        return answers

    def _obey(self, kind: int, zone: int, data: bytes) -> bytes:
        if kind == HEARTBEAT_TYPE:
            return _reply(b"\x00", 0x03)
        if kind == READ and len(data) == 1:
            present = self.zones | VERSIONS
            return _reply(bytes(present.get(zone + offset, 0) for offset in range(data[0])))
        if kind == WRITE:
            self.written += 1
            self.zones |= {zone + offset: value for offset, value in enumerate(data)}
            return _reply(b"\x00")
        if kind == SAVE and data in (_KEEP, _RESET):
            if data == _RESET:
                self.zones = dict(SHIPPED)
            self.flash = dict(self.zones)
            return _reply(b"\x00")
        return b""


def _reply(data: bytes, kind: int = 0x02) -> bytes:
    body = b"\x00" + bytes([len(data)]) + data
    return bytes([kind, 0x00]) + body + crc16_xmodem(body)
