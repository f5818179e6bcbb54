"""What the framer of packets does with damage; its users' tests tell what it does with packets."""

import pytest

from hardware.driver import Fault, Frame, Reply
from hardware.packets import IDLE_SECONDS
from hardware.ssi import Ssi
from tests.hardware.drivers import outputs, said, ssi

CODE = ssi(0xF3, b"\x03A012")


def test_junk_is_one_fault_however_much_there_is() -> None:
    assert said(outputs(Ssi(), [b"\x00\x01junk" * 50, b"more", CODE, b"\x00"])) == [
        *(Fault.MALFORMED, Frame(b"A012"), Fault.MALFORMED)
    ]


@pytest.mark.parametrize("place", range(3, len(CODE)))
def test_a_damaged_packet_is_a_fault_and_the_next_one_is_read(place: int) -> None:
    damaged = CODE[:place] + bytes([CODE[place] ^ 0x10]) + CODE[place + 1 :]
    assert said(outputs(Ssi(), [damaged + ssi(0xF3, b"\x03B345")])) == [Fault.CHECKSUM, Frame(b"B345")]


def test_a_false_beginning_hides_a_packet_only_until_silence() -> None:
    driver = Ssi()
    assert said(driver.feed(b"\xc8\xf3\x00" + CODE, 1.0)) == []
    assert said(driver.tick(1.0 + IDLE_SECONDS)) == [Fault.MALFORMED, Frame(b"A012")]
    assert said(driver.tick(5.0)) == []


def test_a_packet_that_breaks_off_is_a_fault() -> None:
    driver = Ssi()
    assert driver.feed(CODE[:-1], 1.0) == []
    assert said(driver.feed(CODE, 2.0)) == [Fault.MALFORMED, Frame(b"A012")]


def test_each_run_of_junk_is_a_fault_of_its_own() -> None:
    driver = Ssi()
    assert driver.feed(b"\x00", 1.0) == driver.feed(b"\x00", 2.0) == [Fault.MALFORMED]
    assert driver.feed(b"\x00", 2.0) == []
    assert driver.feed(ssi(0xD0) + b"\x00", 2.0) == [Reply(), Fault.MALFORMED]
