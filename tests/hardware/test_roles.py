"""Simulated devices at a real pseudo-terminal, and what the kiosk's supervisor hears of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from time import monotonic

import pytest

from hardware import speech
from hardware.answering import AnsweringScanner
from hardware.driver import Call, CallState, Driver, Frame
from hardware.ft12 import Ft12
from hardware.modbus import Modbus, Registers
from hardware.modbus_unit import ModbusUnit
from hardware.queue_line import USUAL_CALL, LineShape, QueueLine
from hardware.roles import Speaker, Teller
from hardware.simulator import SimulatedScanner, Unplugged
from hardware.speech import Cannot, Way
from hardware.ssi import Ssi
from hardware.ssi_module import PART, TRIES, SsiModule
from hardware.supervisor import Heard, PortState, PortSupervisor
from tests.hardware.listening import DEADLINE

CALLED = Call(3, "A012", CallState.CALLED)
RATE = Call(3, "A012", CallState.RATE)
SOON = 0.5  # seconds a simulated scanner waits for an answer; a late one only makes it repeat itself


@contextmanager
def listening(link: Path, driver: Driver) -> Iterator[SimpleQueue[Heard]]:
    """What a supervisor with the driver hears at the link, once it is up."""
    heard: SimpleQueue[Heard] = SimpleQueue()
    states: SimpleQueue[PortState] = SimpleQueue()
    supervisor = PortSupervisor("tested", str(link), 9600, driver, heard.put, states.put)
    supervisor.start()
    try:
        while not states.get(timeout=DEADLINE).up:
            pass
        yield heard
    finally:
        supervisor.stop()


def everything(heard: SimpleQueue[Heard]) -> list[Heard]:
    """What is left; meant for after the supervisor was stopped."""
    return [heard.get_nowait() for _ in range(heard.qsize())]


@pytest.mark.parametrize("way", [Way.WHOLE, Way.SPLIT, Way.UNHEARD])
@pytest.mark.parametrize("code", [b"A012", b"x" * (PART + 1)], ids=["short", "long"])
def test_an_ssi_scan_arrives_once_although_the_scanner_sends_it_three_times(link: Path, way: Way, code: bytes) -> None:
    module = SsiModule(monotonic, SOON)
    with AnsweringScanner(link, module) as device:
        with listening(link, Ssi()) as heard:
            assert Teller(device, module).play(code, way) == "acknowledged"
            assert heard.get(timeout=DEADLINE) == Frame(code)
            assert Teller(device, module).play(b"B345", Way.TWICE) == "acknowledged"
        assert everything(heard) == [Frame(b"B345")] * 2
    if way is Way.UNHEARD:
        assert module.sent >= TRIES * -(-len(code) // PART) + 2


def test_an_ssi_scanner_that_nobody_answers_gives_up_and_scans_on(link: Path) -> None:
    module = SsiModule(monotonic, SOON)
    with AnsweringScanner(link, module) as device:
        role = Teller(device, module)
        assert role.play(b"A012", Way.WHOLE) == "sent 3 times and not acknowledged"
        with listening(link, Ssi()) as heard:
            assert role.play(b"B345", Way.WHOLE) == "acknowledged"
        assert Frame(b"B345") in everything(heard)


@pytest.mark.parametrize("poll", [False, True], ids=["heard", "asked"])
def test_a_modbus_unit_is_understood_by_who_asks_and_by_who_only_listens(link: Path, poll: bool) -> None:
    place = Registers(7, 0x20, poll)
    module = ModbusUnit(place, monotonic)
    with AnsweringScanner(link, module) as device, listening(link, Modbus(place)) as heard:
        role = Teller(device, module)
        assert role.play(CALLED, Way.WHOLE) == "told"
        assert heard.get(timeout=DEADLINE) == CALLED
        assert role.play(RATE, Way.SPLIT) == "told"
        assert heard.get(timeout=DEADLINE) == RATE
        with pytest.raises(Cannot):
            role.play(b"A012", Way.WHOLE)


DEVICES: list[tuple[Callable[[], Driver], speech.Speech, Call, Call]] = [
    (lambda: QueueLine(LineShape(USUAL_CALL)), lambda said: speech.line(said, b"\r"), CALLED, CALLED),
    (Ft12, speech.keypad, Call(3, "012", CallState.CALLED), Call(3, "012", CallState.SERVING)),
]


@pytest.mark.parametrize(("driver", "words", "call", "expected"), DEVICES, ids=["line", "ft12"])
def test_a_call_arrives_however_it_is_told(
    link: Path, driver: Callable[[], Driver], words: speech.Speech, call: Call, expected: Call
) -> None:
    with SimulatedScanner(link) as device, listening(link, driver()) as heard:
        role = Speaker(device, words)
        for way in (Way.WHOLE, Way.SPLIT):
            assert role.play(call, way) == ""
            assert heard.get(timeout=DEADLINE) == expected
        role.play(call, Way.TWICE)
        assert [heard.get(timeout=DEADLINE) for _ in range(2)] == [expected] * 2
        role.play(call, Way.BARE)
        with pytest.raises(Cannot, match="only a scanner that speaks SSI"):
            role.play(call, Way.UNHEARD)


def test_nothing_is_told_without_power(link: Path) -> None:
    module = SsiModule(monotonic, SOON)
    with AnsweringScanner(link, module) as device:
        device.unplug()
        with pytest.raises(Unplugged):
            Teller(device, module).play(b"A012", Way.WHOLE)
        assert not module.busy
