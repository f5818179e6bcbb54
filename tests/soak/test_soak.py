"""A short run of the long one, as it is started from the command line."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from select import select

import pytest

from tests.fakes.patience import DEADLINE

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-u", "-m", "tests.soak")

pytestmark = pytest.mark.window


def test_a_short_run_holds_and_leaves_nothing_behind(tmp_path: Path) -> None:
    ran = subprocess.run(
        [*COMMAND, "--sessions", "40", "--seed", "3"], cwd=ROOT, env=_home(tmp_path), capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("seed 3, 40 sessions")
    assert ran.stdout.endswith("all of it holds\n")
    thanked = re.search(r"thanked for: (\d+)", ran.stdout)
    assert thanked is not None
    assert int(thanked[1]) >= 10
    assert list(tmp_path.iterdir()) == []


def test_it_can_be_ended_with_the_figures_so_far(tmp_path: Path) -> None:
    run = subprocess.Popen(COMMAND, cwd=ROOT, env=_home(tmp_path), stdout=subprocess.PIPE, text=True)
    try:
        assert run.stdout is not None
        assert select([run.stdout], [], [], DEADLINE)[0]
        assert "20,000 sessions" in run.stdout.readline()
        run.send_signal(signal.SIGINT)
        said, _ = run.communicate(timeout=DEADLINE)
    finally:
        run.kill()
        run.wait()
    assert run.returncode == 130
    assert said.endswith("all of it holds\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sessions", ["0", "-1", "many", "1e9", "99999999999"])
def test_what_is_no_number_of_sessions_is_refused_in_words(sessions: str) -> None:
    ran = subprocess.run([*COMMAND, "--sessions", sessions], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 2
    assert "whole number from 1 to 10000000" in ran.stderr
    assert "Traceback" not in ran.stderr


def _home(folder: Path) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(folder)}
