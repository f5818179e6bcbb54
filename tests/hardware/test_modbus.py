import pytest

from hardware.driver import Call, CallState, Fault, Output, Send, Silent
from hardware.modbus import MISSES, POLL_SECONDS, Modbus, Registers, read_request
from tests.hardware.drivers import REQUEST, RESPONSE, SERVING, outputs, rtu, said

ASKED = Registers(1, 0x10)
HEARD = Registers(1, 0x10, poll=False)


def answer(*registers: int, unit: int = 1) -> bytes:
    data = b"".join(register.to_bytes(2, "big") for register in registers)
    return rtu(unit, 3, len(data), *data)


def heard(*packets: bytes) -> list[Output]:
    return outputs(Modbus(HEARD), packets)


def test_a_poll_asks_for_the_four_registers() -> None:
    assert read_request(ASKED) == REQUEST
    assert read_request(Registers(0x11, 0x6B))[:6] == bytes.fromhex("11 03 00 6B 00 04")


def test_the_registers_are_asked_for_again_and_again() -> None:
    driver = Modbus(ASKED)
    driver.opened(5.0)
    assert driver.tick(5.0) == [Send(REQUEST)]
    assert driver.feed(RESPONSE, 5.1) == [SERVING]
    assert driver.tick(5.1) == []
    assert driver.tick(5.0 + POLL_SECONDS) == [Send(REQUEST)]


def test_a_unit_that_is_silent_is_said_so_and_asked_on() -> None:
    driver = Modbus(ASKED)
    found = [driver.tick(POLL_SECONDS * poll) for poll in range(MISSES + 2)]
    (silent, poll) = found[MISSES]
    assert isinstance(silent, Silent)
    assert [poll, *found[-1]] == [Send(REQUEST)] * 2
    assert said(driver.feed(RESPONSE, POLL_SECONDS * (MISSES + 1))) == [SERVING]


@pytest.mark.parametrize("sign", [RESPONSE, rtu(1, 0x83, 2)])
def test_an_answer_is_life_even_a_refusal(sign: bytes) -> None:
    driver = Modbus(ASKED)
    for poll in range(5 * MISSES):
        assert driver.tick(POLL_SECONDS * poll) == [Send(REQUEST)]
        driver.feed(sign, POLL_SECONDS * poll)


def test_an_adapter_that_echoes_what_is_sent_is_no_unit() -> None:
    driver = Modbus(ASKED)
    found = [driver.feed(REQUEST, POLL_SECONDS * poll) for poll in range(MISSES + 1)]
    assert any(isinstance(output, Silent) for output in found[-1])
    assert said(driver.feed(RESPONSE, POLL_SECONDS * MISSES)) == [SERVING]


def test_a_bus_with_a_master_is_only_listened_to() -> None:
    driver = Modbus(HEARD)
    assert [*driver.opened(0.0), *driver.tick(0.0), *driver.tick(99.0)] == []
    assert driver.feed(REQUEST + RESPONSE, 99.0) == [SERVING]


def test_registers_that_say_the_same_say_nothing_new_even_after_the_cable_was_out() -> None:
    driver = Modbus(HEARD)
    assert driver.feed(REQUEST + RESPONSE, 1.0) == [SERVING]
    assert driver.feed(REQUEST + RESPONSE, 2.0) == []
    driver.opened(3.0)
    assert driver.feed(REQUEST + RESPONSE, 3.0) == []
    assert driver.feed(REQUEST + answer(3, 12, 4, 0x41), 4.0) == [Call(3, "A012", CallState.RATE)]


def test_the_registers_are_found_within_a_longer_answer() -> None:
    assert heard(rtu(1, 3, 0, 0x0E, 0, 8), answer(9, 9, 3, 12, 2, 0x41, 9, 9)) == [SERVING]
    assert heard(rtu(1, 3, 0, 0x11, 0, 4), answer(12, 2, 0x41, 0)) == []
    assert heard(rtu(1, 3, 0, 0x0E, 0, 4), answer(9, 9, 3, 12)) == []


def test_what_a_master_writes_is_heard_too() -> None:
    write = rtu(1, 0x10, 0, 0x10, 0, 4, 8, 0, 3, 0, 12, 0, 2, 0x41, 0)
    assert heard(write, rtu(1, 0x10, 0, 0x10, 0, 4)) == [SERVING]


def test_an_answer_that_does_not_fit_the_question_is_let_pass() -> None:
    assert heard(RESPONSE) == []
    assert heard(REQUEST, answer(3, 12)) == []


def test_other_units_and_functions_are_let_pass() -> None:
    others = [
        *(rtu(2, 3, 0, 0x10, 0, 4), answer(3, 12, 2, 0, unit=2), rtu(1, 6, 0, 0x10, 0, 3), rtu(1, 5, 0, 1, 0xFF, 0)),
        *(rtu(1, 1, 0, 0, 0, 8), rtu(1, 1, 1, 0x55), rtu(1, 4, 0, 0, 0, 1), rtu(1, 4, 2, 0, 7), rtu(1, 2, 3, 1, 2, 3)),
        *(rtu(1, 0x0F, 0, 0, 0, 8, 1, 0x55), rtu(1, 0x0F, 0, 0, 0, 8), rtu(1, 0x86, 2)),
    ]
    assert heard(*others) == []
    assert heard(*others, REQUEST, RESPONSE) == [SERVING]


@pytest.mark.parametrize(
    ("registers", "says"),
    [
        ((3, 12, 0, 0), []),  # nobody is called
        ((3, 12, 1, 0), [Call(3, "012", CallState.CALLED)]),
        ((3, 0, 3, 0x4142), [Call(3, None, CallState.DONE)]),
        ((12, 1045, 2, 0x4242), [Call(12, "BB1045", CallState.SERVING)]),
        ((3, 12, 5, 0), [Fault.UNKNOWN]),
        ((0, 12, 2, 0), [Fault.UNKNOWN]),
        ((3, 12, 2, 0xFF41), [Fault.UNKNOWN]),
    ],
)
def test_what_the_registers_say(registers: tuple[int, ...], says: list[Output]) -> None:
    assert heard(REQUEST, answer(*registers)) == says


def test_damage_is_counted_and_the_next_answer_is_heard() -> None:
    assert heard(REQUEST, RESPONSE[:-1] + b"\x00") == [Fault.CHECKSUM]
    assert heard(b"\x00\x00", REQUEST + RESPONSE) == [Fault.MALFORMED, SERVING]
