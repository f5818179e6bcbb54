"""The clocks of this very machine, and what its kernel vouches for."""

import ctypes
import logging
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import kiosk.clock
from kiosk.clock import SystemClock, boot_id
from kiosk.core.time_truth import SYNCHRONISED_BELOW

ROOT = Path(__file__).parents[2]


def test_a_reading_is_of_all_clocks_at_one_moment() -> None:
    clock = SystemClock()
    before, wall_before = clock.boottime_ns(), clock.now()
    reading = clock.reading()
    assert reading.boot_id == boot_id()
    assert before <= reading.boottime_ns <= clock.boottime_ns()
    assert wall_before - timedelta(milliseconds=20) <= reading.wall <= clock.now()
    assert reading.max_error is None or timedelta(0) <= reading.max_error < SYNCHRONISED_BELOW + timedelta(seconds=1)


def test_waiting_is_measured_by_a_clock_that_only_goes_forward() -> None:
    clock = SystemClock()
    assert clock.monotonic() <= time.monotonic() <= clock.monotonic()


class Kernel:
    """Fills in what the kernel would, at the places where struct timex has it on 64-bit machines."""

    def __init__(self, *, max_error_us: int = 5000, status: int = 0x2001, fraction: int = 250_000_000) -> None:
        self.max_error_us, self.status, self.fraction = max_error_us, status, fraction
        self.answer = 0

    def adjtimex(self, pointer: object) -> int:
        address = ctypes.cast(pointer, ctypes.c_void_p).value  # type: ignore[arg-type]
        assert address is not None
        ctypes.c_long.from_address(address + 24).value = self.max_error_us
        ctypes.c_int.from_address(address + 40).value = self.status
        ctypes.c_long.from_address(address + 72).value = 1_795_400_261
        ctypes.c_long.from_address(address + 80).value = self.fraction
        return self.answer


def a_clock(kernel: object, monkeypatch: pytest.MonkeyPatch) -> SystemClock:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: kernel)
    return SystemClock()


@pytest.mark.parametrize(("status", "fraction"), [(0x2001, 250_000_123), (0x0001, 250_000)])
def test_wall_clock_and_its_error_are_read_in_one_call(
    status: int, fraction: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = a_clock(Kernel(status=status, fraction=fraction), monkeypatch).reading()
    assert reading.wall == datetime.fromtimestamp(1_795_400_261.25, UTC)
    assert reading.max_error is not None
    assert timedelta(milliseconds=5) <= reading.max_error < timedelta(milliseconds=60)


@pytest.mark.parametrize(("max_error_us", "known"), [(15_999_999, True), (16_000_000, False)])
def test_beyond_sixteen_seconds_the_kernel_vouches_for_nothing(
    max_error_us: int, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = a_clock(Kernel(max_error_us=max_error_us), monkeypatch).reading()
    assert (reading.max_error is not None) == known


def test_a_process_that_is_stopped_between_two_clocks_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = a_clock(Kernel(), monkeypatch)
    ticks = iter(range(0, 10**12, 10**9))  # a second passes at each look
    monkeypatch.setattr(clock, "boottime_ns", lambda: next(ticks))
    reading = clock.reading()
    assert reading.max_error == timedelta(seconds=1, milliseconds=5)
    assert reading.boottime_ns == 9 * 10**9, "it was tried five times"


def test_a_library_without_the_call_leaves_the_wall_clock_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = a_clock(object(), monkeypatch).reading()
    assert reading.max_error is None
    assert abs(reading.wall - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize("hint", [True, False])
def test_a_denied_call_is_named_where_the_clock_seems_synchronised(
    hint: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(kiosk.clock, "SYNCHRONISED", tmp_path)
    if not hint:
        monkeypatch.setattr(kiosk.clock, "SYNCHRONISED", tmp_path / "absent")
    kernel = Kernel()
    kernel.answer = -1
    assert a_clock(kernel, monkeypatch).reading().max_error is None
    assert ("ProtectClock" in caplog.text) == hint


DENIED = """
import ctypes, struct, sys
sys.path.insert(0, {root!r})
libc = ctypes.CDLL(None, use_errno=True)
calls = {{"x86_64": (159, 305), "aarch64": (171, 266)}}[__import__("platform").machine()]
code = [(0x20, 0, 0, 0)]                                    # load the number of the system call
code += [(0x15, len(calls) - n, 0, call) for n, call in enumerate(calls)]
code += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050001)]  # allow; EPERM
program = b"".join(struct.pack("HBBI", *line) for line in code)
buffer = ctypes.create_string_buffer(program)
filter = struct.pack("HxxxxxxP", len(code), ctypes.addressof(buffer))
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, filter, 0, 0) == 0
from kiosk.clock import SystemClock
reading = SystemClock().reading()
print(reading.max_error, reading.wall.year > 2000)
"""


def test_under_hardening_that_denies_the_call_the_clock_is_taken_for_unsynchronised() -> None:
    done = subprocess.run(
        [sys.executable, "-c", DENIED.format(root=str(ROOT))], capture_output=True, text=True, timeout=60
    )
    if "AssertionError" in done.stderr:
        pytest.skip("no filter of system calls can be set here")
    assert (done.stdout, done.stderr) == ("None True\n", "")
