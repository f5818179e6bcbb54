"""At the bench it is seen what frames a code, and nothing of what was scanned."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.decoder import Decoder
from hardware.driver import Call, CallState, Fault, Frame, Reply, Send, Silent
from hardware.line import LONGEST_LINE, LineFramer
from hardware.simulator import SimulatedScanner
from hardware.watching import LONGEST, Measured, frame_in_hex, in_words, shape
from tests.hardware.drivers import SAMPLES, Sample, cut, rtu
from tests.hardware.programs import running

CARD = b"001099000123|012345678|Nguyen Van Thu|01021999|Nam|Hue|03042021"


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
@given(cuts=st.lists(st.integers(0, 400), max_size=8))
def test_a_measured_driver_says_the_same_and_one_shape_for_each_output(sample: Sample, cuts: list[int]) -> None:
    plain, measured = sample.driver(), Measured(sample.driver())
    plain.opened(0.0)
    measured.opened(0.0)
    expected = [output for output in plain.feed(sample.message * 2, 1.0) if not isinstance(output, Send | Silent)]
    got = [
        output
        for chunk in cut(sample.message * 2, cuts)
        for output in measured.feed(chunk, 1.0)
        if not isinstance(output, Send | Silent)
    ]
    assert got == expected
    assert len(measured.shapes) == len(got)


def test_what_ends_in_silence_is_measured_then() -> None:
    measured = Measured(LineFramer())
    measured.opened(0.0)
    assert not measured.feed(b"A012", 1.0)
    assert [output.payload for output in measured.tick(2.0) if isinstance(output, Frame)] == [b"A012"]
    assert list(measured.shapes) == ["4 bytes"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"A012\r\n", "6 bytes, ends 0D 0A"),
        (b"\x02A012\x03", "6 bytes, begins 02, ends 03"),
        (b"\nA012", "5 bytes, begins 0A"),
        (b"\r" * 20, "20 bytes, begins 0D 0D 0D 0D 0D 0D 0D 0D"),
        (b"", "0 bytes"),
    ],
)
def test_a_shape_is_a_count_and_control_characters(data: bytes, expected: str) -> None:
    assert shape(data) == expected


@given(st.binary(max_size=200), st.integers(0, 9))
def test_no_shape_shows_a_byte_that_could_be_of_a_text(data: bytes, more: int) -> None:
    told = shape(data, more)
    for byte in re.findall(r"\b[0-9A-F]{2}\b", told.partition(" bytes")[2]):
        assert int(byte, 16) < 0x20


def test_what_is_held_back_is_bounded() -> None:
    measured = Measured(SAMPLES["ft12"].driver())
    measured.feed(b"\x00" + CARD * 200, 1.0)
    assert len(measured._held) <= LONGEST
    silent = Measured(SAMPLES["modbus, heard"].driver())
    silent.feed(rtu(2, 6, 0, 0, 0, 0) * (LONGEST // 8 + 1), 1.0)  # another unit's, of which nothing is told
    silent.feed(SAMPLES["modbus, heard"].message, 1.0)
    assert [*silent.shapes] == [
        f"{8 * (LONGEST // 8 + 1) + len(SAMPLES['modbus, heard'].message)} bytes, begins 02 06 00 00 00 00"
    ]
    line = Measured(SAMPLES["line"].driver())
    line.feed(b"x" * (LONGEST_LINE + 1), 1.0)
    assert [*line.shapes] == [f"{LONGEST_LINE + 1} bytes"]


def test_bytes_are_shown_of_queue_tickets_only() -> None:
    decoder, today = Decoder(b"salt"), date(2026, 11, 20)
    for text, expected in ((b"A012", "41 30 31 32"), (CARD, ""), (b"NV-0012", ""), (b"hello", "")):
        frame = Frame(text)
        assert frame_in_hex(frame, decoder.decode(frame, today, 1.0)) == expected


def test_what_is_no_code_is_worded() -> None:
    assert in_words(Reply(b"\x39\x01")) == "answer: 39 01"
    assert in_words(Reply()) == "answer: it lives"
    assert in_words(Reply(b"\x06", "denied")) == "answer: 06 (denied)"
    assert in_words(Call(3, None, CallState.RATE)) == "call: counter 3, ticket -, rate"
    assert in_words(Fault.CHECKSUM) == "fault: checksum"


def test_watch_shows_what_frames_a_code_and_nothing_of_a_card(scanner: SimulatedScanner) -> None:
    with running("watch", scanner.link, "--driver", "line", "--raw") as watch:
        assert watch.said() == "up"
        scanner.scan("A012")
        assert watch.said() == "a queue ticket  [5 bytes, ends 0D]  41 30 31 32"
        scanner.scan(CARD.decode())
        assert watch.said() == f"refused: identity-card  [{len(CARD) + 1} bytes, ends 0D]"
        scanner.scan(CARD.decode()[:30], suffix="")
        assert re.fullmatch(r"refused: [a-z-]+  \[30 bytes\]", watch.said())


def test_watch_of_a_keypad_counts_a_card_that_makes_no_frame(scanner: SimulatedScanner) -> None:
    with running("watch", scanner.link, "--driver", "ft12", "--raw") as watch:
        assert watch.said() == "up"
        scanner.send(CARD)
        assert watch.said().startswith("fault: malformed  [")
        scanner.send(SAMPLES["ft12"].message)
        while not (line := watch.said()).startswith("call"):
            assert line.startswith("fault")
        assert line.startswith("call: counter 3, ticket 012, serving  [")
