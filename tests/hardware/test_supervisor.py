import logging
import threading
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hardware.supervisor
from hardware.driver import Fault, Frame, Output, Send, Silent
from hardware.drivers import opener
from hardware.line import IDLE_SECONDS
from hardware.scans import Scan
from hardware.simulator import SimulatedScanner
from hardware.supervisor import FIRST_WAIT, JITTER, LONGEST_WAIT, SETTLED_SECONDS, BackOff, PortState, PortSupervisor
from hardware.wedge import Wedge
from protocol.codes import CaseCode, Refused, RefusedReason
from tests.hardware.drivers import typed
from tests.hardware.keys import ENTER, strokes, tap
from tests.hardware.listening import DEADLINE, TODAY, Listener, case, open_files, supervised

CYCLES = 200


def running(scan: Scan) -> str:
    assert isinstance(scan, CaseCode)
    return scan.running


def test_a_scan_arrives_as_a_value(scanner: SimulatedScanner) -> None:
    listener = Listener()
    with supervised(scanner.link, listener):
        listener.wait_until_up()
        scanner.scan(case(7))
        assert listener.next_scan() == CaseCode("000.00.12.H57", date(2026, 11, 19), "0007")
        scanner.scan("hello")
        assert listener.next_scan() == Refused(RefusedReason.NOT_RECOGNISED)


def test_a_scanner_that_sends_no_terminator_is_understood(scanner: SimulatedScanner) -> None:
    listener = Listener()
    with supervised(scanner.link, listener):
        listener.wait_until_up()
        for number in range(3):
            scanner.scan(case(number), suffix="")
            assert running(listener.next_scan()) == f"{number:04}"


def test_a_port_that_does_not_exist_is_a_state_until_it_appears(link: Path) -> None:
    listener = Listener()
    with supervised(link, listener) as supervisor:
        missing = listener.next_state()
        assert (missing.up, missing.opens, missing.last_error) == (False, 0, "there is no such device")
        with SimulatedScanner(link) as scanner:
            assert listener.next_state().up
            assert supervisor.state.up
            scanner.scan(case(1))
            assert running(listener.next_scan()) == "0001"


def test_what_is_no_port_is_a_state_too(link: Path) -> None:
    link.touch()
    listener = Listener()
    with supervised(link, listener):
        assert listener.next_state().last_error == "not a serial port"


def test_two_hundred_times_unplugged_no_line_is_lost_or_doubled_and_nothing_leaks(
    link: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware.supervisor, "SETTLED_SECONDS", 0.0)  # else the waits grow: it flaps
    listener = Listener()
    files, threads = open_files(), threading.active_count()
    lines = 5
    with SimulatedScanner(link) as scanner, supervised(link, listener) as supervisor:
        for cycle in range(CYCLES):
            listener.wait_until_up()
            for number in range(lines):
                scanner.scan(case(cycle * lines + number))
                assert running(listener.next_scan()) == f"{cycle * lines + number:04}"
            scanner.unplug()
            listener.wait_until_down()
            scanner.replug()
        state = listener.wait_until_up()
        assert (state.opens, state.frames, state.faults) == (CYCLES + 1, CYCLES * lines, 0)
        assert state.bytes == CYCLES * lines * len(case(0) + "\r")
    assert supervisor.state.up is False
    assert listener.nothing_more()
    assert open_files() == files
    assert threading.active_count() == threads


def test_a_line_torn_by_the_unplugging_does_not_spoil_the_next(scanner: SimulatedScanner) -> None:
    listener = Listener()
    with supervised(scanner.link, listener):
        listener.wait_until_up()
        scanner.send(b"000.00.12.H57-2611")
        scanner.unplug()
        listener.wait_until_down()
        scanner.replug()
        listener.wait_until_up()
        scanner.scan(case(2))
        assert running(listener.next_scan()) == "0002"


def test_a_burst_of_lines_arrives_whole_and_in_order(scanner: SimulatedScanner) -> None:
    listener = Listener()
    with supervised(scanner.link, listener):
        listener.wait_until_up()
        for number in range(2000):
            scanner.scan(case(number))
        assert [running(listener.next_scan()) for _ in range(2000)] == [f"{number:04}" for number in range(2000)]


def test_a_busy_machine_does_not_tear_a_line(scanner: SimulatedScanner) -> None:
    """While a listener dawdles longer than the gap that ends a line, the rest of the next line arrives."""
    listener, busy, on = Listener(), Event(), Event()

    def dawdle(scan: Scan) -> None:
        listener.scans.put(scan)
        if not on.is_set():
            busy.set()
            on.wait(DEADLINE)
            Event().wait(2 * IDLE_SECONDS)  # the delay itself is what is tested

    with supervised(scanner.link, listener, on_scan=dawdle):
        listener.wait_until_up()
        scanner.send(f"{case(1)}\r000.00.12.".encode())
        assert busy.wait(DEADLINE)
        scanner.send(b"H57-261119-0002\r")
        on.set()
        assert [running(listener.next_scan()) for _ in range(2)] == ["0001", "0002"]


def test_an_overlong_line_is_a_fault_and_a_refusal(scanner: SimulatedScanner) -> None:
    listener = Listener()
    with supervised(scanner.link, listener) as supervisor:
        listener.wait_until_up()
        scanner.scan("x" * 5000)
        scanner.scan(case(1))
        assert listener.next_scan() == Refused(RefusedReason.NOT_RECOGNISED)
        assert running(listener.next_scan()) == "0001"
    assert (supervisor.state.faults, supervisor.state.frames) == (1, 1)


def test_listeners_that_fail_do_not_stop_the_scanner(
    scanner: SimulatedScanner, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener()
    asked = iter(range(100))

    def today() -> date:
        if next(asked) == 0:
            raise ValueError("secret")
        return TODAY

    def first_fail(scan: Scan) -> None:
        listener.scans.put(scan)
        if running(scan) == "0001":
            raise LookupError(case(1))

    def always_fail(state: PortState) -> None:
        listener.states.put(state)
        raise OSError("secret")

    with supervised(scanner.link, listener, on_scan=first_fail, on_state=always_fail, today=today):
        listener.wait_until_up()
        for number in range(3):
            scanner.scan(case(number))
        assert [running(listener.next_scan()) for _ in range(2)] == ["0001", "0002"]
        scanner.unplug()
        listener.wait_until_down()
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert {error.rpartition(" ")[2] for error in errors} == {"ValueError", "LookupError", "OSError"}
    assert "secret" not in caplog.text
    assert "H57" not in caplog.text


def test_the_first_failure_is_a_warning_its_repeats_are_not_and_the_return_is_told(
    link: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "hardware")
    listener = Listener()
    repeated = Event()
    watch = logging.Handler(logging.DEBUG)
    watch.emit = lambda record: repeated.set() if record.levelno == logging.DEBUG else None  # type: ignore[method-assign]
    logger = logging.getLogger("hardware")
    logger.addHandler(watch)
    try:
        with supervised(link, listener):
            assert repeated.wait(DEADLINE)
            with SimulatedScanner(link):
                listener.wait_until_up()
    finally:
        logger.removeHandler(watch)
    told = [(record.levelname, record.getMessage().rpartition(": ")[2]) for record in caplog.records]
    back = told.index(("INFO", "back"))
    assert told[0] == ("WARNING", "there is no such device")
    assert set(told[1:back]) == {("DEBUG", "there is no such device")}
    assert {level for level, _ in told[back + 1 : back + 2]} <= {"WARNING"}  # it is unplugged at the end


def test_repeated_failures_tell_the_listener_once(link: Path) -> None:
    listener = Listener()
    link.touch()
    with supervised(link, listener):
        assert listener.next_state().last_error == "not a serial port"
        link.unlink()
        assert listener.next_state().last_error == "there is no such device"


def test_it_stops_while_it_waits_and_from_its_own_callback_and_twice(link: Path, scanner: SimulatedScanner) -> None:
    listener = Listener()
    with supervised(link.with_name("missing"), listener) as waiting:
        listener.wait_until_down()
        waiting.stop()
    stopped = Event()

    def stop(scan: Scan) -> None:
        supervisor.stop()
        stopped.set()

    with supervised(scanner.link, listener, on_scan=stop) as supervisor:
        listener.wait_until_up()
        scanner.scan(case(1))
        assert stopped.wait(DEADLINE)


def test_the_port_is_free_after_the_end(scanner: SimulatedScanner) -> None:
    for _ in range(3):
        listener = Listener()
        with supervised(scanner.link, listener) as supervisor:
            assert listener.next_state().up
        assert listener.next_state() == supervisor.state
        assert not supervisor.state.up


def test_what_a_keyboard_types_is_a_scan_and_what_is_on_a_card_is_refused(scanner: SimulatedScanner) -> None:
    """A pseudo-terminal stands in for the input device, with the kernel's events as bytes."""
    listener = Listener()
    with supervised(scanner.link, listener, driver=Wedge()) as supervisor:
        listener.wait_until_up()
        scanner.send(typed([*strokes(case(7)), *tap(ENTER)]))
        assert running(listener.next_scan()) == "0007"
        scanner.send(typed([*strokes("001099000123|012345678|Nguyen Van Thu|01021999|Nam|Hue|03042021"), *tap(ENTER)]))
        assert listener.next_scan() == Refused(RefusedReason.IDENTITY_CARD)
    assert (supervisor.state.frames, supervisor.state.faults) == (2, 0)


def test_a_keyboard_is_opened_as_an_input_device(scanner: SimulatedScanner) -> None:
    listener = Listener()
    with supervised(scanner.link, listener, driver=Wedge(), opens=opener("wedge")):
        assert listener.next_state().last_error == "not an input device"


class Asking:
    """A driver that asks the device, takes each answer for a frame, and gives up when there is a question mark."""

    def opened(self, now: float) -> list[Output]:
        return [Send(b"who?")]

    def feed(self, chunk: bytes, now: float) -> list[Output]:
        if b"?" in chunk:
            return [Silent("it only asks back")]
        return [Fault.CHECKSUM if byte == ord("x") else Frame(bytes([byte])) for byte in chunk]

    def tick(self, now: float) -> list[Output]:
        return []


class Broken(Asking):
    """A driver with a fault, which an exclamation mark brings out."""

    def feed(self, chunk: bytes, now: float) -> list[Output]:
        if b"!" in chunk:
            raise LookupError("secret")
        return super().feed(chunk, now)


def asked(scanner: SimulatedScanner) -> bytes:
    heard = b""
    until = monotonic() + DEADLINE
    while not heard and monotonic() < until:
        heard += scanner.heard()
        Event().wait(0.001)
    return heard


def test_a_driver_sends_to_its_device_and_begins_anew_at_each_opening(scanner: SimulatedScanner) -> None:
    heard: SimpleQueue[object] = SimpleQueue()
    states: SimpleQueue[PortState] = SimpleQueue()
    supervisor = PortSupervisor("queue", str(scanner.link), 9600, Asking(), heard.put, states.put)
    supervisor.start()
    try:
        assert states.get(timeout=DEADLINE).up
        assert asked(scanner) == b"who?"
        scanner.send(b"a")
        assert heard.get(timeout=DEADLINE) == Frame(b"a")
        scanner.send(b"?")
        silent = states.get(timeout=DEADLINE)
        assert (silent.up, silent.last_error) == (False, "it only asks back")
        assert states.get(timeout=DEADLINE).up
        assert asked(scanner) == b"who?"
    finally:
        supervisor.stop()
    assert (supervisor.state.opens, supervisor.state.frames, supervisor.state.bytes) == (2, 1, 2)


def test_a_driver_that_fails_is_told_by_its_kind_of_error_and_tried_again(
    scanner: SimulatedScanner, caplog: pytest.LogCaptureFixture
) -> None:
    heard: SimpleQueue[object] = SimpleQueue()
    states: SimpleQueue[PortState] = SimpleQueue()
    supervisor = PortSupervisor("queue", str(scanner.link), 9600, Broken(), heard.put, states.put)
    supervisor.start()
    try:
        assert states.get(timeout=DEADLINE).up
        scanner.send(b"!")
        assert states.get(timeout=DEADLINE).last_error == "the program failed on what came: LookupError"
        assert states.get(timeout=DEADLINE).up
        scanner.send(b"a")
        assert heard.get(timeout=DEADLINE) == Frame(b"a")
    finally:
        supervisor.stop()
    assert "secret" not in caplog.text


def test_a_silent_device_whose_port_must_not_be_opened_anew_is_said_to_be_silent_until_it_speaks(
    scanner: SimulatedScanner,
) -> None:
    states: SimpleQueue[PortState] = SimpleQueue()
    supervisor = PortSupervisor(
        "queue", str(scanner.link), 9600, Asking(), lambda _heard: None, states.put, revive=False
    )
    assert supervisor.state.words == "not open yet"
    supervisor.start()
    try:
        assert states.get(timeout=DEADLINE).words == "up"
        assert asked(scanner) == b"who?"
        scanner.send(b"??")
        assert states.get(timeout=DEADLINE).words == "it only asks back"
        scanner.send(b"a")
        assert states.get(timeout=DEADLINE).words == "up"
    finally:
        supervisor.stop()
    assert supervisor.state.opens == 1


def test_noise_is_counted_byte_by_byte_and_told_in_one_line(
    scanner: SimulatedScanner, caplog: pytest.LogCaptureFixture
) -> None:
    heard: SimpleQueue[object] = SimpleQueue()
    supervisor = PortSupervisor("queue", str(scanner.link), 9600, Asking(), heard.put, lambda _state: None)
    supervisor.start()
    try:
        assert asked(scanner) == b"who?"
        scanner.send(b"x" * 3000)
        for _ in range(3000):
            assert heard.get(timeout=DEADLINE) is Fault.CHECKSUM
    finally:
        supervisor.stop()
    assert supervisor.state.faults == 3000
    assert len([record for record in caplog.records if "make no frame" in record.getMessage()]) == 1


@given(st.lists(st.one_of(st.none(), st.floats(0, 100))), st.integers(0, 20))
def test_waits_double_up_to_the_longest_and_begin_again_after_a_settled_time(
    history: list[float | None], tries: int
) -> None:
    back_off = BackOff(draw=lambda low, high: (low + high) / 2)
    for up in history:
        if up is None:
            back_off.next()
        else:
            back_off.was_up(up)
    back_off.was_up(SETTLED_SECONDS)
    assert [back_off.next() for _ in range(tries)] == [
        min(FIRST_WAIT * 2**attempt, LONGEST_WAIT) for attempt in range(tries)
    ]
    back_off.was_up(SETTLED_SECONDS - 0.1)
    assert back_off.next() == min(FIRST_WAIT * 2**tries, LONGEST_WAIT)


def test_many_kiosks_do_not_try_in_step() -> None:
    waits = {BackOff().next() for _ in range(200)}
    assert len(waits) > 100
    assert min(waits) >= FIRST_WAIT * (1 - JITTER)
    assert max(waits) <= FIRST_WAIT * (1 + JITTER)
