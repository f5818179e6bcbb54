"""Ids are recognised as far as they say anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.known import Mode, advice, recognise


@pytest.mark.parametrize(
    ("usb_id", "maker", "mode", "driver"),
    [
        ("1EAB:1A06", "Newland", Mode.SERIAL, "line"),
        ("1eab:0103", "Newland", Mode.KEYBOARD, "wedge"),
        ("0C2E:0720", "Metrologic or Honeywell", Mode.SERIAL, "line"),
        ("0C2E:0B81", "Metrologic or Honeywell", Mode.KEYBOARD, "wedge"),
        ("0C2E:0B6A", "Honeywell", Mode.SERIAL, "line"),
        ("6666:7777", "Grow GM65 family", Mode.SERIAL, "gm65"),
        ("7777:6666", "Grow GM65 family", Mode.SERIAL, "gm65"),
        ("0403:6001", "FTDI converter", Mode.BRIDGE, None),
    ],
)
def test_what_the_makers_say_is_recognised(usb_id: str, maker: str, mode: Mode, driver: str | None) -> None:
    known = recognise(usb_id)
    assert known is not None
    assert (known.maker, known.mode, known.driver) == (maker, mode, driver)


@given(st.text(max_size=12))
def test_what_is_not_known_is_nothing(text: str) -> None:
    known = recognise(text)
    assert known is None or len(text) == 9


@pytest.mark.parametrize(("usb_id", "words"), [
    ("05E0:1701", "try driver line"),
    ("05E0:1200", "set to be a keyboard"),
    ("05E0:1200", "else try driver wedge"),
    ("05E0:1900", "set it to serial"),
    ("067B:2303", "it does not say"),
])  # fmt: skip
def test_each_kind_has_advice(usb_id: str, words: str) -> None:
    known = recognise(usb_id)
    assert known is not None
    assert words in advice(known)
