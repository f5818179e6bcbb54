"""Whatever is typed to a simulated device is carried out as it says, or answered with what to type instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.directions import (
    HELP,
    Direction,
    NextSample,
    Replug,
    Sent,
    Unclear,
    Unplug,
    Wait,
    understand,
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"A012\n", Sent((b"A012\r",), "scanned")),
        (b"\r\n", NextSample()),
        (b"# a remark", None),
        (b":split AB", Sent((b"A", b"B", b"\r"), "scanned byte by byte")),
        (b":bare AB", Sent((b"AB",), "scanned without a terminator")),
        (b":twice AB", Sent((b"AB\rAB\r",), "scanned twice")),
        (b":raw 7E 00ff", Sent((b"\x7e\x00\xff",), "sent 3 bytes")),
        (b":unplug", Unplug(None)),
        (b":unplug 2.5", Unplug(2.5)),
        (b":replug", Replug()),
        (b":wait 3", Wait(3.0)),
        (b":split", Unclear("expected a code behind it")),
        (b":raw 7", Unclear("expected bytes in hexadecimal, such as 7E 00")),
        (b":raw \xff", Unclear("expected bytes in hexadecimal, such as 7E 00")),
        (b":noise 0", Unclear("expected how many bytes, 1 to 1000000, and a seed if you like")),
        (b":noise", Unclear("expected how many bytes, 1 to 1000000, and a seed if you like")),
        (b":wait", Unclear("expected seconds, 0 to 3600")),
        (b":unplug 3601", Unclear("expected seconds, 0 to 3600")),
        (b":call 3 012", Sent((bytes.fromhex("FF 68 08 08 68 03 02 0A 0A 0A 00 01 02 26 16"),), "called")),
        (b":rate 3", Sent((bytes.fromhex("FF 68 03 03 68 03 01 0B 0F 16"),), "asked for a rating")),
        (b":call 3 A012", Unclear("expected a counter, 1 to 255, and a ticket of 3 to 6 digits")),
        (b":call 256 012", Unclear("expected a counter, 1 to 255, and a ticket of 3 to 6 digits")),
        (b":rate 0", Unclear("expected a counter, 1 to 255")),
        (b":rate", Unclear("expected a counter, 1 to 255")),
        (b":dance", Unclear("not understood; :help names what there is")),
        (b":help", Unclear(HELP.rstrip())),
    ],
)
def test_each_line_is_understood(line: bytes, expected: Direction | None) -> None:
    assert understand(line, b"\r") == expected


def test_noise_is_the_same_for_the_same_seed() -> None:
    first, again, other = (understand(line, b"\r") for line in (b":noise 9 4", b":noise 9 4", b":noise 9 5"))
    assert isinstance(first, Sent)
    assert len(first.pieces[0]) == 9
    assert first == again != other


@given(st.binary(max_size=40), st.sampled_from([b"\r", b"\r\n", b""]))
def test_nothing_that_is_typed_is_too_much(line: bytes, terminator: bytes) -> None:
    understand(line, terminator)
    understand(b":" + line, terminator)


def test_the_help_names_every_word() -> None:
    for word in ("split", "bare", "twice", "raw", "noise", "unplug", "replug", "wait", "call", "rate"):
        assert f":{word}" in HELP
