import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware import ssi
from hardware.checksums import negated_sum16
from hardware.driver import Fault, Frame, Output, Reply, Send
from hardware.line import LONGEST_LINE
from hardware.ssi import ACK, FOLLOW_SECONDS, MORE_FOLLOWS, RESEND_SECONDS, RETRANSMISSION, WAKE_SECONDS, Ssi
from tests.hardware.drivers import cut, outputs, said
from tests.hardware.drivers import ssi as sent

ACKED = Send(ACK)


def code(text: bytes, status: int = 0) -> bytes:
    return sent(0xF3, b"\x03" + text, status)


def long_code(text: bytes) -> bytes:
    body = b"\xff\xf4" + (8 + len(text)).to_bytes(2, "big") + b"\xf4\x00\x00\x03" + text
    return body + negated_sum16(body)


@pytest.mark.parametrize(
    ("packet", "published"),
    [
        (ssi.START_DECODE, "04 E4 04 00 FF 14"),
        (ssi.STOP_DECODE, "04 E5 04 00 FF 13"),
        (ssi.REQUEST_REVISION, "04 A3 04 00 FF 55"),
        (ssi.SCAN_ENABLE, "04 E9 04 00 FF 0F"),
        (ssi.SCAN_DISABLE, "04 EA 04 00 FF 0E"),
        (ssi.ACK, "04 D0 04 00 FF 28"),
        (ssi.set_parameter(0x8A, 8), "07 C6 04 08 00 8A 08 FE 95"),
        (ssi.set_parameter(0x8A, 8, permanent=False), "07 C6 04 00 00 8A 08 FE 9D"),
    ],
)
def test_packets_are_the_published_bytes(packet: bytes, published: str) -> None:
    assert packet == bytes.fromhex(published)


def test_a_read_is_acknowledged_before_anything_else() -> None:
    assert Ssi().feed(code(b"A012"), 1.0) == [ACKED, Frame(b"A012")]


def test_a_scan_arrives_once_although_the_scanner_sends_it_three_times() -> None:
    driver = Ssi()
    found = [*driver.feed(code(b"A012"), 1.0)]
    for moment in (3.0, 5.0):
        found += driver.feed(code(b"A012", RETRANSMISSION), moment)
    assert found == [ACKED, Frame(b"A012"), ACKED, ACKED]


def test_a_second_reading_of_the_same_code_is_a_second_frame() -> None:
    assert said(outputs(Ssi(), [code(b"A012"), code(b"A012")])) == [Frame(b"A012")] * 2


def test_a_scan_whose_first_copy_was_lost_arrives() -> None:
    assert said(outputs(Ssi(), [code(b"A012"), code(b"B345", RETRANSMISSION)])) == [Frame(b"A012"), Frame(b"B345")]


def test_what_was_read_is_forgotten_when_no_copy_can_follow() -> None:
    driver = Ssi()
    driver.feed(code(b"A012"), 1.0)
    driver.tick(1.0 + RESEND_SECONDS)
    assert said(driver.feed(code(b"A012", RETRANSMISSION), 1.0 + RESEND_SECONDS)) == [Frame(b"A012")]


def test_the_suffix_that_a_scanner_adds_is_stripped_and_an_empty_read_is_nothing() -> None:
    assert said(outputs(Ssi(), [code(b"A012\r\n"), code(b"\r"), code(b"")])) == [Frame(b"A012")]


def test_a_read_of_several_packets_is_one_frame() -> None:
    packets = [code(b"A0", MORE_FOLLOWS), code(b"1", MORE_FOLLOWS), code(b"2")]
    assert outputs(Ssi(), packets) == [ACKED, ACKED, ACKED, Frame(b"A012")]


def test_parts_that_come_twice_are_joined_once() -> None:
    driver = Ssi()
    driver.feed(code(b"A0", MORE_FOLLOWS), 1.0)
    driver.feed(code(b"A0", MORE_FOLLOWS | RETRANSMISSION), 3.0)
    driver.feed(code(b"1", MORE_FOLLOWS | RETRANSMISSION), 5.0)
    assert said(driver.feed(code(b"2"), 5.1)) == [Frame(b"A012")]


def test_a_read_whose_end_was_lost_never_merges_with_the_next() -> None:
    driver = Ssi()
    driver.feed(code(b"A0", MORE_FOLLOWS), 1.0)
    assert said(driver.feed(code(b"B345"), 1.1 + FOLLOW_SECONDS)) == [Fault.MALFORMED, Frame(b"B345")]


def test_a_read_whose_end_never_comes_is_given_up() -> None:
    driver = Ssi()
    driver.feed(code(b"A0", MORE_FOLLOWS), 1.0)
    assert said(driver.tick(1.0 + RESEND_SECONDS)) == [Fault.MALFORMED]


def test_an_overlong_read_is_one_fault_and_the_next_is_read() -> None:
    parts = [code(b"x" * 240, MORE_FOLLOWS)] * 5 + [code(b"x" * 240)]
    assert said(outputs(Ssi(), [*parts, code(b"A012")])) == [Fault.OVERFLOW, Frame(b"A012")]


@pytest.mark.parametrize("size", [1, 250, LONGEST_LINE])
def test_a_long_packet_of_a_gm67_is_read(size: int) -> None:
    text = b"A" * size
    assert outputs(Ssi(), [long_code(text)]) == [ACKED, Frame(text)]
    assert outputs(Ssi(), [bytes([byte]) for byte in long_code(text)]) == [ACKED, Frame(text)]


def test_a_long_packet_that_is_too_long_or_none_is_junk() -> None:
    assert said(outputs(Ssi(), [long_code(b"A" * (LONGEST_LINE + 1))]))[0] is Fault.MALFORMED
    assert said(outputs(Ssi(), [b"\xff\xf4\x00\x09\xf3\x00\x00\x03A" + code(b"A012")])) == [
        *(Fault.MALFORMED, Frame(b"A012"))
    ]


def test_answers_are_told_from_reads() -> None:
    assert outputs(Ssi(), [sent(0xD0), sent(0xA4, b"rev"), sent(0xC6, b"\x8a\x08"), sent(0xF6, b"\x01")]) == [
        *(Reply(), ACKED, Reply(b"rev"), ACKED, Reply(b"\x8a\x08"), ACKED)
    ]


@pytest.mark.parametrize("reason", [1, 2, 6, 10, 99])
def test_a_refusal_says_why(reason: int) -> None:
    (reply,) = outputs(Ssi(), [sent(0xD1, bytes([reason]))])
    assert isinstance(reply, Reply)
    assert reply.refused
    assert reply.value == bytes([reason])


def test_the_published_refusal_is_understood() -> None:
    (reply,) = outputs(Ssi(), [bytes.fromhex("05 D1 00 00 06 FF 24")])
    assert isinstance(reply, Reply)
    assert "host mode" in reply.refused
    assert outputs(Ssi(), [sent(0xD1)]) == [Reply(b"", "refused without a reason")]


def test_a_sleeping_scanner_is_woken_before_a_packet() -> None:
    driver = Ssi()
    assert driver.send(ssi.START_DECODE, 1.0) == [Send(b"\x00")]
    assert driver.tick(1.0 + WAKE_SECONDS / 2) == []
    assert driver.tick(1.0 + WAKE_SECONDS) == [Send(ssi.START_DECODE)]
    assert driver.tick(2.0) == []


def test_only_so_many_packets_wait() -> None:
    driver = Ssi()
    for _ in range(100):
        driver.send(ssi.START_DECODE, 1.0)
    assert driver.tick(2.0) == [Send(ssi.START_DECODE)] * ssi.MOST_WAITING


def test_noise_is_hardly_ever_taken_for_a_packet(seed: int) -> None:
    noise = random.Random(seed).randbytes(200_000)
    found = said(outputs(Ssi(), [noise]))
    assert sum(not isinstance(output, Fault) for output in found) <= 3


texts = st.binary(min_size=1, max_size=30).filter(lambda text: text[-1:] not in b"\r\n\t\x03")


@settings(max_examples=300)
@given(st.lists(st.tuples(texts, st.integers(1, 3), st.integers(1, 3))), st.lists(st.integers(0, 800), max_size=30))
def test_every_scan_arrives_once_and_whole(scans: list[tuple[bytes, int, int]], at: list[int]) -> None:
    stream = b""
    for text, parts, copies in scans:
        size = -(-len(text) // parts)
        pieces = [text[start : start + size] for start in range(0, len(text), size)]
        for place, piece in enumerate(pieces):
            status = MORE_FOLLOWS if place < len(pieces) - 1 else 0
            stream += code(piece, status) + code(piece, status | RETRANSMISSION) * (copies - 1)
    found: list[Output] = said(outputs(Ssi(), cut(stream, at)))
    assert found == [Frame(text) for text, _, _ in scans]
