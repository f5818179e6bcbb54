"""What the demo does when one of its processes ends."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo_office import DemoTrouble
from deploy.demo_processes import Processes
from tests.journeys.processes import eventually


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def processes(tmp_path: Path, clock: Clock) -> Iterator[Processes]:
    with Processes(tmp_path / "log", clock) as opened:
        yield opened


def start(processes: Processes, program: str) -> None:
    processes.keep_running("server", [sys.executable, "-c", program], os.environ)


def next_line(processes: Processes) -> str:
    said: list[str] = []

    def heard() -> bool:
        said.extend(processes.start_again())
        return bool(said)

    eventually("a process to be started again", heard, 20)
    [line] = said
    return line


def test_what_ends_is_started_again_and_said_so(processes: Processes) -> None:
    start(processes, "raise SystemExit(3)")
    assert next_line(processes) == "The server has ended (exit status 3) and is started again."


def test_what_is_killed_is_started_again_too(processes: Processes) -> None:
    start(processes, "import os; os.kill(os.getpid(), 9)")
    assert next_line(processes) == "The server has ended (SIGKILL) and is started again."


def test_nothing_is_said_of_what_runs(processes: Processes) -> None:
    start(processes, "import sys; sys.stdin.read()")
    assert list(processes.start_again()) == []


def test_what_ends_three_times_within_a_minute_is_given_up_with_its_last_words(
    processes: Processes, clock: Clock
) -> None:
    start(processes, "raise SystemExit('the port is taken')")
    for clock.now in (0.0, 59.0):
        next_line(processes)
    clock.now = 59.9
    with pytest.raises(DemoTrouble, match=r"the server has ended by itself, 3 times within a minute:\n(?s:.*)is taken"):
        next_line(processes)


def test_what_ends_now_and_then_is_started_for_ever(processes: Processes, clock: Clock) -> None:
    start(processes, "raise SystemExit(0)")
    for clock.now in range(0, 300, 31):
        next_line(processes)


def test_a_full_disk_needs_a_kiosk(processes: Processes) -> None:
    with pytest.raises(DemoTrouble, match="there is no kiosk"):
        processes.fill_disk(True)
