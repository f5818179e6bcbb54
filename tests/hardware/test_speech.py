"""What a simulated device says is what the kiosk's driver for it understands; what it cannot say is answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.driver import Call, CallState, Driver, Frame
from hardware.ft12 import Ft12
from hardware.line import LineFramer
from hardware.queue_line import USUAL_CALL, LineShape, QueueLine
from hardware.speech import Cannot, keypad, line, scanner
from tests.hardware.drivers import outputs

digits = st.text("0123456789", min_size=3, max_size=6)
states = st.sampled_from(CallState)


def heard(driver: Driver, said: tuple[bytes, bytes]) -> object:
    return outputs(driver, [b"".join(said)])


@given(
    st.builds(Call, st.integers(1, 99), st.from_regex("[A-Z]?[0-9]{3,4}", fullmatch=True), states),
    st.sampled_from([b"\r", b"\r\n", b"\n", b"\t", b"\x03"]),
)
def test_a_call_is_a_line_of_the_usual_pattern(call: Call, terminator: bytes) -> None:
    assert heard(QueueLine(LineShape(USUAL_CALL)), line(call, terminator)) == [call]


def test_the_line_is_the_one_that_the_settings_name() -> None:
    assert line(Call(3, "A012", CallState.CALLED), b"\r") == (b"A012,3,CALL", b"\r")


@pytest.mark.parametrize("call", [Call(100, "A012", CallState.CALLED), Call(3, None, CallState.RATE)])
def test_what_the_usual_pattern_has_no_room_for_is_answered(call: Call) -> None:
    with pytest.raises(Cannot, match="expected a counter, 1 to 99, and a ticket like A012"):
        line(call, b"\r")


def test_a_code_is_a_line_too() -> None:
    assert heard(LineFramer(), line(b"A012", b"\r")) == [Frame(b"A012")]
    assert scanner(b"A012", b"\t") == (b"A012", b"\t")


def test_a_scanner_calls_nobody_and_a_keypad_scans_nothing() -> None:
    with pytest.raises(Cannot, match="a scanner calls nobody"):
        scanner(Call(3, "A012", CallState.CALLED), b"\r")
    with pytest.raises(Cannot, match="the keypads carry no codes"):
        keypad(b"A012")


@given(st.integers(1, 255), digits, st.sampled_from([CallState.CALLED, CallState.SERVING]))
def test_a_ticket_is_shown_at_its_counter(counter: int, ticket: str, state: CallState) -> None:
    assert heard(Ft12(), keypad(Call(counter, ticket, state))) == [Call(counter, ticket, CallState.SERVING)]


@given(st.integers(1, 255), st.sampled_from([CallState.CALLED, CallState.DONE, CallState.RATE]))
def test_a_key_tells_of_its_counter(counter: int, state: CallState) -> None:
    assert heard(Ft12(), keypad(Call(counter, None, state))) == [Call(counter, None, state)]


def test_the_keypad_s_frame_is_the_published_one() -> None:
    assert b"".join(keypad(Call(3, "012", CallState.CALLED))) == bytes.fromhex(
        "FF 68 08 08 68 03 02 0A 0A 0A 00 01 02 26 16"
    )


@pytest.mark.parametrize("call", [Call(3, "A012", CallState.CALLED), Call(3, "012", CallState.RATE)])
def test_what_no_keypad_shows_is_answered(call: Call) -> None:
    with pytest.raises(Cannot, match="a ticket of 3 to 6 digits"):
        keypad(call)
