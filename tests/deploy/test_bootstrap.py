"""The set-up of a fresh machine: says what is missing and why, stops with what to do, does nothing twice."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.bootstrap import _provide, main, version_complaint
from deploy.progress import SetupStopped
from deploy.system_packages import Need, SystemPackage
from tests.deploy.programs import Programs

ROOT = Path(__file__).parents[2]
SECONDS = 60.0
BEFORE_INSTALLING = ["bootstrap.py", "apt.py", "environment.py", "progress.py", "system_packages.py"]


def bootstrap(checkout: Path, command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(checkout / "deploy" / "bootstrap.py"), command],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("name", BEFORE_INSTALLING)
def test_an_old_python_can_read_the_set_up_and_finds_nothing_but_the_standard_library(name: str) -> None:
    tree = ast.parse((ROOT / "deploy" / name).read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {module.partition(".")[0] for module in imported} <= {"deploy", *sys.stdlib_module_names}


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_python_that_will_do_is_not_complained_of(version: tuple[int, int]) -> None:
    assert version_complaint(version) is None


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 14)])
def test_another_python_is_named_and_one_that_will_do_is_pointed_out(
    version: tuple[int, int], programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(programs.folder))
    complaint = version_complaint(version)
    assert complaint is not None
    assert f"is {version[0]}.{version[1]}." in complaint
    assert "Install one" in complaint
    programs.write("python3.12")
    assert "PYTHON=python3.12" in (version_complaint(version) or "")


def test_wrong_use_is_answered_with_the_right_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dance"]) == 2
    assert "demo | test" in capsys.readouterr().out


def test_without_apt_get_it_says_what_is_needed_and_stops(checkout: Path, programs: Programs) -> None:
    ran = bootstrap(checkout, "test", programs.environment)
    assert ran.returncode == 1
    assert "Missing: xvfb (Xvfb, a virtual screen" in ran.stdout
    assert "no apt-get" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr
    assert not (checkout / ".venv").exists()


def test_it_sets_up_once_and_then_only_looks(checkout: Path) -> None:
    first = bootstrap(checkout, "test", dict(os.environ))
    assert first.returncode == 0, first.stdout
    assert "Making .venv" in first.stdout
    for command in ("test", "demo"):
        again = bootstrap(checkout, command, dict(os.environ))
        assert (again.returncode, again.stderr) == (0, "")
        assert "..." not in again.stdout  # no step was taken
    (checkout / "requirements.txt").write_text("# nothing, in other words\n", encoding="utf-8")
    changed = bootstrap(checkout, "demo", dict(os.environ))
    assert "Installing the Python packages" in changed.stdout
    assert "Making .venv" not in changed.stdout


def test_an_interrupt_ends_it_and_what_it_started_without_a_traceback(checkout: Path, programs: Programs) -> None:
    programs.write("sudo", 'shift\nexec "$@"')
    programs.write("apt-get", "exec sleep 3600")
    with subprocess.Popen(
        [sys.executable, str(checkout / "deploy" / "bootstrap.py"), "test"],
        env=programs.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        seen = ""
        while "..." not in seen:  # the first step has begun
            line = running.stdout.readline()
            assert line, seen
            seen += line
        running.send_signal(signal.SIGINT)
        rest, _ = running.communicate(timeout=SECONDS)
        assert running.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)  # nobody is left of its group
    assert "Interrupted." in rest
    assert "Traceback" not in rest


def test_what_only_some_tests_need_is_asked_for_and_does_not_stop_the_set_up(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(programs.folder))  # without apt-get
    some = SystemPackage("postgresql", "a database", Need.SOME_TESTS, lambda: False)
    _provide([some], tmp_path / "log")
    out = capsys.readouterr().out
    assert "Missing: postgresql (a database)" in out
    assert "Until then, tests that need postgresql are skipped." in out
    _provide([SystemPackage("fonts", "letters", Need.LOOKS, lambda: False)], tmp_path / "log")
    assert "Until then, documents look different, for lack of fonts." in capsys.readouterr().out
    with pytest.raises(SetupStopped, match="no apt-get"):
        _provide([some, SystemPackage("xvfb", "a screen", Need.ALWAYS, lambda: False)], tmp_path / "log")
