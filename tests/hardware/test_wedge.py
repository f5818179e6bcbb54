import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.driver import Fault, Frame, Output
from hardware.line import LONGEST_LINE
from hardware.wedge import EVENT, RESET_SECONDS, TYPED_SECONDS, Wedge
from tests.hardware.drivers import A012, outputs, typed
from tests.hardware.keys import (
    ALT,
    CAPS,
    CODES,
    CONTROL,
    ENTER,
    F1,
    KEYPAD_ENTER,
    NUM_LOCK,
    SHIFT,
    TAB,
    strokes,
    tap,
)


def read(keys: list[tuple[int, int]], gap: float = 0.005) -> list[Output]:
    return outputs(Wedge(), [typed(keys, gap=gap)])


@pytest.mark.parametrize("end", [ENTER, KEYPAD_ENTER, TAB])
def test_enter_and_tab_end_a_code(end: int) -> None:
    code = "000.00.12.H57-200331-0001"
    assert read(strokes(code) + tap(end)) == [Frame(code.encode())]


def test_every_character_that_a_keyboard_has_is_read() -> None:
    text = "".join(map(chr, range(0x20, 0x7F)))
    assert read(strokes(text) + tap(ENTER)) == [Frame(text.encode())]


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=60))
def test_what_is_typed_is_what_comes_out(text: str) -> None:
    assert read(strokes(text) + tap(ENTER)) == [Frame(text.encode())]
    turned = tap(CAPS) + strokes(text.swapcase()) + tap(CAPS)
    assert read(turned + tap(ENTER)) == [Frame(text.encode())]


def test_either_shift_holds_while_one_of_them_is_down() -> None:
    a = tap(CODES["a"])
    assert read([(42, 1), (54, 1), *a, (42, 0), *a, (54, 0), *a, *tap(ENTER)]) == [Frame(b"AAa")]


def test_the_keyboard_s_own_repeating_and_its_locks_are_no_characters() -> None:
    assert read([(30, 1), (30, 2), (30, 2), (30, 0), *tap(NUM_LOCK), *tap(ENTER)]) == [Frame(b"a")]


@pytest.mark.parametrize("keys", [tap(F1), [(CONTROL, 1), *tap(30), (CONTROL, 0)], [(ALT, 1), *tap(71), (ALT, 0)]])
def test_a_control_key_spoils_a_code_and_does_nothing_else(keys: list[tuple[int, int]]) -> None:
    assert read(strokes("a01") + keys + strokes("2") + tap(ENTER)) == [Frame(b"a01\x1a2")]


def test_ends_alone_are_nothing() -> None:
    assert read(tap(ENTER) + tap(TAB) + tap(ENTER)) == []


def test_a_code_without_an_end_ends_in_silence() -> None:
    driver = Wedge()
    assert driver.feed(typed(strokes("A012")), 1.0) == []
    assert driver.feed(b"", 1.0 + RESET_SECONDS / 2) == []
    assert driver.tick(1.0 + 2 * RESET_SECONDS) == [Frame(b"A012")]


def test_the_kernel_s_time_parts_codes_that_are_read_late() -> None:
    driver = Wedge()
    late = typed(strokes("A012"), start=1.0) + typed([*strokes("B345"), *tap(ENTER)], start=2.0)
    assert driver.feed(late, 9.0) == [Frame(b"A012"), Frame(b"B345")]


@pytest.mark.parametrize(("gap", "slow"), [(0.001, False), (0.03, False), (0.06, True), (0.12, True)])
def test_what_comes_as_slowly_as_a_hand_types_is_marked(gap: float, slow: bool) -> None:
    driver = Wedge()
    for place, (code, _) in enumerate(tap(30)[:1] * 6 + tap(ENTER)[:1]):
        found = driver.key(code, 1, 1.0 + place * gap)
    assert found == [Frame(b"a" * 6, typed=slow)]


def test_one_key_and_enter_can_be_a_hand_s_too() -> None:
    driver = Wedge()
    driver.key(30, 1, 1.0)
    assert driver.key(ENTER, 1, 1.0 + 2 * TYPED_SECONDS) == [Frame(b"a", typed=True)]


def test_an_overlong_code_is_one_fault_and_the_next_is_read() -> None:
    driver = Wedge()
    long = typed([(30, 1)] * (LONGEST_LINE + 100) + tap(ENTER), gap=0.001)
    assert driver.feed(long + typed([*strokes("a012"), *tap(ENTER)], start=9.0), 1.0) == [
        *(Fault.OVERFLOW, Frame(b"a012"))
    ]


def test_a_code_that_the_kernel_had_no_room_for_is_dropped_whole() -> None:
    lost = EVENT.pack(1, 0, 0, 3, 0)
    rest = typed([*strokes("12"), *tap(ENTER)], start=1.01)
    fresh = typed(A012, start=1.5)
    assert outputs(Wedge(), [lost + rest + fresh]) == [Fault.MALFORMED, Frame(b"A012")]
    assert outputs(Wedge(), [typed([(SHIFT, 1), (30, 1)]) + lost + rest + typed(tap(30) + tap(ENTER), start=1.5)]) == [
        *(Fault.MALFORMED, Frame(b"a"))
    ]


def test_half_an_event_does_not_shift_those_after_a_silence() -> None:
    driver = Wedge()
    driver.feed(b"\x00" * (EVENT.size - 1), 1.0)
    assert driver.feed(typed(A012), 2.0) == [Frame(b"A012")]


@given(st.lists(st.tuples(st.integers(), st.integers(-1, 3), st.floats())))
def test_no_event_raises(keys: list[tuple[int, int, float]]) -> None:
    driver = Wedge()
    for code, value, time in keys:
        for output in [*driver.key(code, value, time), *driver.tick(math.inf)]:
            assert isinstance(output, Frame)


def test_keys_without_end_are_one_fault() -> None:
    driver = Wedge()
    found = [output for code in range(10_000) for output in driver.key(code, 1, 0.0)]
    assert found[-1] is Fault.OVERFLOW
    assert driver.tick(9.0) == []


def test_other_events_of_the_device_are_let_pass() -> None:
    assert outputs(Wedge(), [EVENT.pack(1, 0, 4, 4, 458_756) + EVENT.pack(1, 0, 17, 1, 1) + typed(A012)]) == [
        Frame(b"A012")
    ]
