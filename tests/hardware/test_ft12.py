import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware import ft12 as ft12_bus
from hardware.driver import Call, CallState, Fault, Output
from hardware.ft12 import ECHO_SECONDS, Ft12
from tests.hardware.drivers import ft12, outputs


def heard(*frames: bytes) -> list[Output]:
    return outputs(Ft12(), frames)


def test_the_published_frame_says_which_ticket_is_served() -> None:
    assert heard(bytes.fromhex("FF 68 08 08 68 03 02 0A 0A 0A 00 01 02 26 16")) == [Call(3, "012", CallState.SERVING)]


@pytest.mark.parametrize(
    ("digits", "ticket"),
    [
        ((0, 1, 2, 10, 10, 10), None),  # people waiting
        ((10, 10, 10, 10, 10, 10), None),
        ((10, 10, 10, 10, 1, 2), None),
        ((10, 10, 1, 0, 1, 2), "1012"),
        ((1, 2, 3, 4, 5, 6), "123456"),
    ],
)
def test_only_what_looks_like_a_ticket_is_one(digits: tuple[int, ...], ticket: str | None) -> None:
    assert heard(ft12(7, 2, *digits)) == ([] if ticket is None else [Call(7, ticket, CallState.SERVING)])


@pytest.mark.parametrize(
    ("keys", "state"),
    [
        ((0x0C,), CallState.CALLED),
        ((0x0B,), CallState.RATE),
        ((0x06, 0x0F), CallState.DONE),
        ((0x00, 0x0F), CallState.DONE),
    ],
)
def test_a_key_says_what_the_officer_does(keys: tuple[int, ...], state: CallState) -> None:
    assert heard(ft12(3, 1, *keys)) == [Call(3, None, state)]


@pytest.mark.parametrize("keys", [(0x0D,), (0x0E,), (3, 0x0F), (0x12,), (0x13,), (5,)])
def test_a_key_that_changes_no_visit_is_nothing(keys: tuple[int, ...]) -> None:
    assert heard(ft12(3, 1, *keys)) == []


def test_the_host_s_echo_of_a_key_is_not_a_second_press() -> None:
    driver = Ft12()
    press = ft12(3, 1, 0x0B)
    assert driver.feed(press + press, 1.0) == [Call(3, None, CallState.RATE)]
    assert driver.feed(press, 1.0 + 2 * ECHO_SECONDS) == [Call(3, None, CallState.RATE)]
    assert driver.feed(ft12(4, 1, 0x0B), 1.0 + 2 * ECHO_SECONDS) == [Call(4, None, CallState.RATE)]


@pytest.mark.parametrize("score", range(1, 6))
def test_a_score_given_on_another_device_is_let_pass(score: int) -> None:
    assert heard(ft12(3, 0x11, score), ft12(3, 3)) == []


@pytest.mark.parametrize("frame", [ft12(3, 1), ft12(3, 1, 0x77), ft12(3, 2, 1, 2), ft12(3, 2, *[11] * 6), ft12(3, 9)])
def test_a_sound_frame_that_says_nothing_known_is_counted(frame: bytes) -> None:
    assert heard(frame) == [Fault.UNKNOWN]


def test_damage_is_counted_and_the_next_frame_is_heard() -> None:
    good = ft12(3, 1, 0x0C)
    call = Call(3, None, CallState.CALLED)
    assert heard(good[:6] + b"\x05" + good[7:] + good) == [Fault.CHECKSUM, call]
    assert heard(good[:-1] + b"\x17" + good) == [Fault.CHECKSUM, call]
    assert heard(b"\xff\x68\x03\x04\x68" + good) == [Fault.MALFORMED, call]


def test_a_frame_that_breaks_off_hides_the_next_only_until_silence() -> None:
    driver = Ft12()
    assert driver.feed(b"\xff\x68\x20\x20\x68\x03" + ft12(3, 1, 0x0C), 1.0) == []
    assert driver.tick(2.0) == [Fault.MALFORMED, Call(3, None, CallState.CALLED)]


def test_noise_makes_no_call(seed: int) -> None:
    assert not any(isinstance(output, Call) for output in heard(random.Random(seed).randbytes(10_000_000)))


@given(st.integers(1, 255), st.text("0123456789", min_size=3, max_size=6))
def test_a_simulated_call_and_key_mean_what_they_say(counter: int, ticket: str) -> None:
    bus = Ft12()
    found = outputs(bus, [ft12_bus.shown(counter, ticket.encode()), ft12_bus.pressed(counter, b"\x0b")])
    assert found == [Call(counter, ticket, CallState.SERVING), Call(counter, None, CallState.RATE)]
