"""The check values of the devices' frames. Pure."""

from binascii import crc_hqx
from functools import reduce
from operator import xor


def crc16_xmodem(data: bytes) -> bytes:
    """CRC-16/XMODEM, high byte first: polynomial 1021, from 0 (GM65 manual)."""
    return crc_hqx(data, 0).to_bytes(2, "big")


def crc16_modbus(data: bytes) -> bytes:
    """CRC-16/MODBUS, low byte first: reflected polynomial A001, from FFFF (Modbus over Serial Line 1.02)."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _MODBUS[(crc ^ byte) & 0xFF]
    return crc.to_bytes(2, "little")


def negated_sum16(data: bytes) -> bytes:
    """What makes the sum of all bytes 0 in 16 bits, high byte first (SSI)."""
    return (-sum(data) & 0xFFFF).to_bytes(2, "big")


def sum8(data: bytes) -> int:
    """Sum of the bytes, of which the low 8 bits are kept."""
    return sum(data) & 0xFF


def xor8(data: bytes) -> int:
    """Exclusive or of the bytes."""
    return reduce(xor, data, 0)


def _modbus_entry(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


_MODBUS = tuple(_modbus_entry(value) for value in range(256))
