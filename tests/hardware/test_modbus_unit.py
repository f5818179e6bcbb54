"""The simulated Modbus unit answers who asks, and is the master of its bus while nobody does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.driver import Call, CallState
from hardware.modbus import POLL_SECONDS, Modbus, Registers, read_request
from hardware.modbus_unit import UNASKED_SECONDS, ModbusUnit, values
from hardware.speech import Cannot, Way
from tests.hardware.drivers import REQUEST, RESPONSE, SERVING, outputs, rtu, said

PLACE = Registers(1, 0x10)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def unit(clock: Clock) -> ModbusUnit:
    return ModbusUnit(PLACE, clock)


def test_who_asks_is_answered_with_the_call(unit: ModbusUnit) -> None:
    unit.take(SERVING, Way.WHOLE)
    assert unit.busy
    assert unit.hear(REQUEST) == RESPONSE
    assert (unit.busy, unit.outcome) == (False, "told")


def test_registers_round_the_call_read_zero(unit: ModbusUnit) -> None:
    unit.take(SERVING, Way.WHOLE)
    assert unit.hear(rtu(1, 3, 0, 0x11, 0, 4)) == rtu(1, 3, 8, 0, 12, 0, 2, 0, 0x41, 0, 0)
    assert unit.hear(rtu(1, 3, 0, 0x0F, 0, 2)) == rtu(1, 3, 4, 0, 0, 0, 3)
    assert unit.busy, "nobody has seen all four"
    assert unit.hear(rtu(1, 3, 0, 0x0E, 0, 6)) == rtu(1, 3, 12, 0, 0, 0, 0, 0, 3, 0, 12, 0, 2, 0, 0x41)
    assert not unit.busy


@pytest.mark.parametrize(
    "packet", [rtu(2, 3, 0, 0x10, 0, 4), rtu(1, 6, 0, 0x10, 0, 4), rtu(1, 3, 0, 0, 0, 0), RESPONSE, b"\xff" * 600]
)
def test_what_is_not_asked_of_it_has_no_answer(unit: ModbusUnit, packet: bytes) -> None:
    assert unit.hear(packet) == b""


def test_too_many_registers_are_not_read(unit: ModbusUnit) -> None:
    assert unit.hear(rtu(1, 3, 0, 0, 1, 0)) == b""


def test_a_bus_that_nobody_asks_on_has_its_own_master(clock: Clock, unit: ModbusUnit) -> None:
    assert unit.hear(b"") == b""
    clock.now += UNASKED_SECONDS
    unit.take(SERVING, Way.SPLIT)
    assert unit.hear(b"") == REQUEST + RESPONSE
    assert not unit.busy
    assert unit.hear(b"") == b""
    clock.now += POLL_SECONDS
    assert unit.hear(REQUEST) == RESPONSE, "somebody else is the master now"
    clock.now += POLL_SECONDS
    assert unit.hear(b"") == b""


def test_without_power_the_call_is_gone(clock: Clock, unit: ModbusUnit) -> None:
    unit.take(SERVING, Way.WHOLE)
    unit.lose_power()
    assert not unit.busy
    assert unit.hear(REQUEST) == rtu(1, 3, 8, *bytes(8))


def test_what_it_has_no_way_for_is_answered(unit: ModbusUnit) -> None:
    with pytest.raises(Cannot, match="registers carry no codes"):
        unit.take(b"A012", Way.WHOLE)
    with pytest.raises(Cannot, match="registers keep a call"):
        unit.take(SERVING, Way.TWICE)
    for ticket in ("000", "99999", "123456"):
        with pytest.raises(Cannot, match="1 to 65535"):
            values(Call(3, ticket, CallState.CALLED))
    assert not unit.busy


@given(
    st.builds(
        Call,
        st.integers(1, 255),
        st.none()
        | st.builds(lambda letters, number: f"{letters}{number:03}", st.text("ABZ", max_size=2), st.integers(1, 65535)),
        st.sampled_from(CallState),
    ),
    st.integers(1, 247),
    st.integers(0, 0xFFFC),
)
def test_the_kiosk_s_driver_understands_every_call(call: Call, number: int, first: int) -> None:
    place = Registers(number, first, poll=False)
    clock = Clock()
    unit = ModbusUnit(place, clock)
    unit.take(call, Way.WHOLE)
    request = read_request(place)
    assert said(outputs(Modbus(place), [request + unit.hear(request)])) == [call]
    assert said(outputs(Modbus(Registers(number, first)), [unit.hear(request)])) == [call]
