import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.checksums import sum8, xor8
from hardware.driver import Call, CallState, Fault, Output
from hardware.queue_line import LONGEST_PATTERN, BadPattern, Check, LineShape, QueueLine, compiled
from tests.hardware.drivers import FRAMED, PATTERN, PLAIN, framed, outputs


def calls(shape: LineShape, *chunks: bytes) -> list[Output]:
    return outputs(QueueLine(shape), chunks)


@pytest.mark.parametrize(
    ("line", "call"),
    [
        (b"A012,3", Call(3, "A012", CallState.CALLED)),
        (b"A012;12 CALL", Call(12, "A012", CallState.CALLED)),
        (b"045:3,SERVE", Call(3, "045", CallState.SERVING)),
        (b"1045 3 DONE", Call(3, "1045", CallState.DONE)),
        (b"A012,3,RATE", Call(3, "A012", CallState.RATE)),
    ],
)
def test_lines_of_home_made_systems_are_calls(line: bytes, call: Call) -> None:
    assert calls(PLAIN, line + b"\r\n") == [call]


def test_other_lines_are_counted_and_the_rest_goes_on() -> None:
    assert calls(PLAIN, b"hello\rA012\rA012,3 and more\r\xff,3\rA012,3\r") == [
        *([Fault.UNKNOWN] * 4),
        Call(3, "A012", CallState.CALLED),
    ]


def test_a_line_may_tell_of_the_counter_only() -> None:
    shape = LineShape(r"(?P<ticket>\w+)?,(?P<counter>\d+)(?:,(?P<state>\w+))?")
    assert calls(shape, b",3,rate\r") == [Call(3, None, CallState.RATE)]


@pytest.mark.parametrize("line", [b"A1,1000", b"A1,x", b"A1,", b"A1,3,SLEEP", b"A2345678901234567,3"])
def test_a_counter_or_state_that_is_none_makes_no_call(line: bytes) -> None:
    shape = LineShape(r"(?P<ticket>[^,]*),(?P<counter>[^,]*)?(?:,(?P<state>\w+))?")
    assert calls(shape, line + b"\r") == [Fault.UNKNOWN]


def test_a_line_ends_in_silence_too() -> None:
    driver = QueueLine(PLAIN)
    assert driver.feed(b"A012,3", 1.0) == []
    assert driver.tick(2.0) == [Call(3, "A012", CallState.CALLED)]


def test_framed_lines_with_their_check_are_calls() -> None:
    good = framed(b"A012,3,SERVE")
    call = Call(3, "A012", CallState.SERVING)
    assert calls(FRAMED, good + b"\r\n" + good) == [call, call]
    assert calls(FRAMED, good[:-1] + bytes([good[-1] ^ 1]) + good) == [Fault.CHECKSUM, call]
    assert calls(FRAMED, b"\x02A01" + good) == [Fault.MALFORMED, call]
    assert calls(FRAMED, b"\x02" + b"x" * 600 + good) == [Fault.MALFORMED, call]


def test_framed_lines_need_no_check() -> None:
    shape = LineShape(PATTERN, framed=True)
    assert calls(shape, b"\x02A012,3\x03junk\x02A013,3\x03") == [
        Call(3, "A012", CallState.CALLED),
        Fault.MALFORMED,
        Call(3, "A013", CallState.CALLED),
    ]


@pytest.mark.parametrize(
    ("check", "value", "prefix", "state"), [(Check.XOR, xor8, "", "CALL"), (Check.SUM, sum8, "Z", "SERVE")]
)
def test_every_line_with_a_check_byte_arrives_whatever_the_byte_looks_like(
    check: Check, value: Callable[[bytes], int], prefix: str, state: str
) -> None:
    shape = LineShape(PATTERN, check=check)
    ends_seen = 0
    for number in range(1000):
        text = f"{prefix}{number:03d},3,{state}".encode()
        ends_seen += value(text) in b"\r\n\t\x03"
        (call,) = calls(shape, text + bytes([value(text)]) + b"\r\n")
        assert isinstance(call, Call)
        assert call.ticket == f"{prefix}{number:03d}"
        assert calls(shape, text + bytes([value(text) ^ 0x40]) + b"\r\n") == [Fault.CHECKSUM]
    assert ends_seen


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("(?P<ticket>", "no regular expression"),
        ("a{99999999999999}", "no regular expression"),
        ("[[a]", "no regular expression"),
        ("(?P<ticket>a)", "lacks (?P<counter>…)"),
        ("a", "lacks (?P<counter>…) and (?P<ticket>…)"),
        (r"(?P<ticket>a)(?P<counter>1)(?P<name>b)", "'name'"),
        ("a" * (LONGEST_PATTERN + 1), f"{LONGEST_PATTERN + 1} characters"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_in_one_sentence(pattern: str, says: str) -> None:
    with pytest.raises(BadPattern, match=re.escape(says)) as refused:
        LineShape(pattern)
    assert "\n" not in str(refused.value)


@given(st.text(st.sampled_from("()[]{}?P<ticket>counter:|*+\\d1,-^$#"), max_size=LONGEST_PATTERN))
def test_no_pattern_brings_anything_but_a_refusal(pattern: str) -> None:
    try:
        compiled(pattern)
    except BadPattern as refused:
        assert str(refused)
