from binascii import crc_hqx

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.checksums import crc16_modbus, crc16_xmodem, negated_sum16, sum8, xor8


@pytest.mark.parametrize(
    ("body", "crc"),
    [
        ("08 01 00 02 01", "02 DA"),  # trigger; the manual sends AB CD
        ("0A 01 00 00 00", "30 1A"),
        ("09 01 00 00 00", "DE C8"),
        ("09 01 00 00 02", "FE 8A"),
        ("07 01 00 2A 02", "D8 0F"),
        ("08 02 00 2A 39 01", "A7 EA"),
        ("00 01 00", "33 31"),  # of every reply that only says yes
    ],
)
def test_the_scanner_manuals_crcs_come_out(body: str, crc: str) -> None:
    assert crc16_xmodem(bytes.fromhex(body)) == bytes.fromhex(crc)


def test_the_standard_check_values_come_out() -> None:
    assert crc16_xmodem(b"123456789") == bytes.fromhex("31 C3")
    assert crc16_modbus(b"123456789") == bytes.fromhex("37 4B")  # 4B37, low byte first


@pytest.mark.parametrize(
    "packet",
    ["01 10 00 70 00 03 06 41 30 31 32 00 00 04 8D", "01 04 02 FF FF B8 80", "11 03 00 6B 00 03 76 87"],
)
def test_published_modbus_packets_come_out(packet: str) -> None:
    raw = bytes.fromhex(packet)
    assert crc16_modbus(raw[:-2]) == raw[-2:]


@given(st.binary(max_size=64))
def test_the_crcs_agree_with_a_bit_by_bit_reckoning(data: bytes) -> None:
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    assert crc16_modbus(data) == crc.to_bytes(2, "little")
    assert crc16_xmodem(data) == crc_hqx(data, 0).to_bytes(2, "big")


@given(st.binary(max_size=64))
def test_the_sums_do_what_they_say(data: bytes) -> None:
    assert (sum(data) + int.from_bytes(negated_sum16(data), "big")) % 65536 == 0
    assert sum8(data) == sum(data) % 256
    assert xor8(data + bytes([xor8(data)])) == 0
