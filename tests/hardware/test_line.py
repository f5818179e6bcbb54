import re
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hardware.driver import Fault, Frame
from hardware.line import IDLE_SECONDS, LONGEST_LINE, LineFramer

TERMINATORS = [b"\r", b"\n", b"\r\n", b"\t", b"\x03"]

# Few kinds of bytes, so that terminators, their runs and overlong lines are all common.
streams = st.lists(
    st.one_of(
        st.sampled_from([*TERMINATORS, b"\x02", b"A", b"]C0", b"\x00\xff"]),
        st.binary(max_size=8),
        st.integers(500, 600).map(lambda length: b"x" * length),
    ),
    max_size=30,
).map(b"".join)
codes = st.binary(min_size=1, max_size=40).filter(lambda code: not re.search(rb"[\r\n\t\x03]", code))


def framed(chunks: list[bytes]) -> list[Frame | Fault]:
    framer = LineFramer()
    return [line for chunk in chunks for line in framer.feed(chunk, now=1.0)]


def cut(stream: bytes, at: list[int]) -> list[bytes]:
    places = sorted({min(place, len(stream)) for place in at})
    return [stream[start:end] for start, end in zip([0, *places], [*places, len(stream)], strict=True)]


@pytest.mark.parametrize("terminator", TERMINATORS)
def test_every_terminator_that_scanners_are_shipped_with_ends_a_line(terminator: bytes) -> None:
    assert framed([b"A012" + terminator + b"B345" + terminator]) == [Frame(b"A012"), Frame(b"B345")]


def test_empty_lines_are_nothing() -> None:
    assert framed([b"\r\n\r\n\t\x03"]) == []


def test_a_line_without_a_terminator_ends_when_the_line_falls_silent() -> None:
    framer = LineFramer()
    assert framer.feed(b"A012", now=0.0) == []
    assert framer.tick(now=IDLE_SECONDS / 2) == []
    assert framer.tick(now=IDLE_SECONDS) == [Frame(b"A012")]
    assert framer.tick(now=9.0) == []


def test_a_slow_line_stays_whole() -> None:
    framer = LineFramer()
    for place, byte in enumerate(b"A012"):
        assert framer.feed(bytes([byte]), now=place * 0.05) == []
    assert framer.feed(b"\r", now=0.2) == [Frame(b"A012")]


def test_an_overlong_line_is_one_fault_and_the_next_line_is_read() -> None:
    assert framed([b"x" * LONGEST_LINE + b"\r"]) == [Frame(b"x" * LONGEST_LINE)]
    assert framed([b"x" * (LONGEST_LINE + 1)] * 3 + [b"\rA012\r"]) == [Fault.OVERFLOW, Frame(b"A012")]


def test_an_overlong_line_ends_in_silence_too() -> None:
    framer = LineFramer()
    assert framer.feed(b"x" * 600, now=1.0) == [Fault.OVERFLOW]
    assert framer.tick(now=2.0) == []
    assert framer.feed(b"A012\r", now=2.0) == [Frame(b"A012")]


def test_a_frame_does_not_show_its_bytes() -> None:
    assert repr(Frame(b"001099000123")) == "Frame(12 bytes)"


@given(streams, st.lists(st.integers(0, 3000), max_size=20))
@example(b"A012\r\nB345\r\n", list(range(12)))
def test_the_outcome_does_not_depend_on_how_the_bytes_are_split(stream: bytes, at: list[int]) -> None:
    assert framed(cut(stream, at)) == framed([stream])


@given(streams)
def test_what_comes_out_is_what_stands_between_terminators(stream: bytes) -> None:
    lines = [line for line in re.split(rb"[\r\n\t\x03]", stream + b"\r") if line]
    assert framed([stream, b"\r"]) == [Frame(line) if len(line) <= LONGEST_LINE else Fault.OVERFLOW for line in lines]


@given(st.lists(st.tuples(st.one_of(streams, st.binary(max_size=2000)), st.floats(), st.floats())))
def test_nothing_raises_and_no_line_is_longer_than_allowed(reads: list[tuple[bytes, float, float]]) -> None:
    framer = LineFramer()
    for chunk, now, later in reads:
        for line in framer.feed(chunk, now) + framer.tick(later):
            assert line is Fault.OVERFLOW or (isinstance(line, Frame) and 0 < len(line.payload) <= LONGEST_LINE)


@given(st.binary(max_size=2000), codes, st.sampled_from(TERMINATORS))
def test_after_junk_and_a_terminator_the_next_code_is_read(junk: bytes, code: bytes, terminator: bytes) -> None:
    assert framed([junk + terminator + code + terminator])[-1] == Frame(code)


@given(st.binary(max_size=2000), codes)
def test_after_junk_and_a_silence_the_next_code_is_read(junk: bytes, code: bytes) -> None:
    framer = LineFramer()
    framer.feed(junk, now=1.0)
    assert framer.feed(code + b"\r", now=1.0 + 2 * IDLE_SECONDS)[-1] == Frame(code)


@given(
    st.lists(st.tuples(codes, st.sampled_from([*TERMINATORS, b""]), st.lists(st.integers(0, 40), max_size=5))),
    st.sampled_from([0.0, 0.01, 0.04]),
)
def test_two_codes_never_merge_and_none_is_torn(scans: list[tuple[bytes, bytes, list[int]]], pause: float) -> None:
    framer = LineFramer()
    now = 1.0
    lines: list[Frame | Fault] = []
    for code, terminator, at in scans:
        for chunk in cut(code + terminator, at):
            lines += framer.feed(chunk, now)
            now += pause
        now += 0 if terminator else 2 * IDLE_SECONDS
    lines += framer.tick(now + IDLE_SECONDS)
    assert lines == [Frame(code) for code, _, _ in scans]


def test_an_endless_line_takes_no_memory() -> None:
    framer = LineFramer()
    chunk = b"x" * 65536
    framer.feed(chunk, now=1.0)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(160):
            assert framer.feed(chunk, now=1.0) == []
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 4096
