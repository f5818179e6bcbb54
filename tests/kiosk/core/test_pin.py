"""The PIN lets in who knows it, and whoever guesses gets tired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.pin import MOST_TRIES, PAUSE_SECONDS, PinGuard

PIN = "4711"
NOW = 1000.0
digits = st.text("0123456789", max_size=12)


@given(digits, digits)
def test_only_the_pin_itself_lets_in(pin: str, typed: str) -> None:
    guard = PinGuard(pin)
    assert guard.is_set == bool(pin)
    assert guard.lets_in(typed, NOW) == (bool(pin) and typed == pin)


@pytest.mark.parametrize("typed", ["", "٤٧١١", "4711 "])
def test_what_is_no_pin_is_wrong_and_no_error(typed: str) -> None:
    assert not PinGuard(PIN).lets_in(typed, NOW)


def test_after_five_wrong_tries_nothing_helps_for_a_while() -> None:
    guard = PinGuard(PIN)
    for _ in range(MOST_TRIES):
        assert not guard.lets_in("0000", NOW)
    assert not guard.lets_in(PIN, NOW)
    assert not guard.lets_in(PIN, NOW + PAUSE_SECONDS - 0.1)
    assert guard.lets_in(PIN, NOW + PAUSE_SECONDS)


def test_tries_during_the_pause_do_not_prolong_it_and_afterwards_there_are_five_again() -> None:
    guard = PinGuard(PIN)
    for _ in range(3 * MOST_TRIES):
        assert not guard.lets_in("0000", NOW)
    later = NOW + PAUSE_SECONDS
    for _ in range(MOST_TRIES - 1):
        assert not guard.lets_in("0000", later)
    assert guard.lets_in(PIN, later)


def test_whoever_gets_in_has_all_tries_again() -> None:
    guard = PinGuard(PIN)
    for _ in range(3):
        for _ in range(MOST_TRIES - 1):
            assert not guard.lets_in("0000", NOW)
        assert guard.lets_in(PIN, NOW)
