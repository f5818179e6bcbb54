"""The promise: a vote that a citizen was thanked for is stored exactly once and rightly dated, whatever breaks."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.journeys.processes import ROOT, children_of, eventually

# Both brokers and both databases; `make torture` breaks all four pairs, and for longer.
OFFICES = ("embedded+sqlite", "mosquitto+postgresql")
FAULTS, MINUTES = 60, 0.4
LONGEST_SECONDS = 600  # only when something hangs


def torture(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.journeys.torture", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.mark.journey
def test_nothing_is_lost_or_doubled_whatever_breaks(seed: int) -> None:
    chosen = [part for office in OFFICES for part in ("--deployment", office)]
    run = torture("--faults", str(FAULTS), "--seed", str(seed), "--minutes", str(MINUTES), *chosen)
    said, _ = run.communicate(timeout=LONGEST_SECONDS)
    print(said)
    assert run.returncode == 0
    assert said.splitlines()[-1] == "whole"


@pytest.mark.journey
def test_ctrl_c_ends_the_torture_and_all_that_it_has_started(tmp_path: Path) -> None:
    run = torture("--faults", "1000", "--seed", "1", "--deployment", OFFICES[0])
    try:
        assert run.stdout is not None
        eventually("it has started an office", lambda: len(family(run.pid)) > 6, 60)
        started = family(run.pid)
        run.send_signal(signal.SIGINT)
        said, _ = run.communicate(timeout=60)
        assert run.returncode == 130, said
        assert said.splitlines()[-1] == "stopped; every process has ended"
        eventually("all have ended", lambda: not any(Path(f"/proc/{pid}").exists() for pid in started), 10)
    finally:
        run.kill()
        run.wait()


def family(pid: int) -> Sequence[int]:
    return [pid, *(each for child in children_of(pid) for each in family(child))]
