"""System packages: installed where that is allowed; elsewhere the exact command is printed."""

import os
from pathlib import Path

import pytest

from deploy import apt
from deploy.progress import SetupStopped
from deploy.system_packages import Need, SystemPackage
from tests.deploy.programs import Programs

PACKAGES = [
    SystemPackage("xvfb", "a screen", Need.ALWAYS, lambda: False),
    SystemPackage("libgl1", "drawing", Need.ALWAYS, lambda: False),
]
COMMAND = "sudo apt-get update && sudo apt-get install -y --no-install-recommends xvfb libgl1"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "data" / "setup.log"


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """The package lists of a machine that has read them."""
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "mirror_dists_bookworm_main_binary-amd64_Packages").touch()
    return folder


@pytest.fixture
def calls(programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the made-up apt-get writes how it was called; the user is nobody in particular."""
    calls = tmp_path / "calls"
    calls.touch()
    monkeypatch.setenv("PATH", str(programs.folder))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    programs.write("apt-get", f'echo "$DEBIAN_FRONTEND $@" >> {calls}')
    return calls


def test_without_the_right_to_install_the_exact_command_is_printed_and_nothing_run(calls: Path, log: Path) -> None:
    with pytest.raises(SetupStopped) as stopped:
        apt.install(PACKAGES, log)
    assert COMMAND in str(stopped.value)
    assert calls.read_text() == ""


def test_a_sudo_that_wants_a_password_is_not_used_without_a_terminal(
    calls: Path, log: Path, programs: Programs
) -> None:
    programs.write("sudo", "exit 1")
    with pytest.raises(SetupStopped) as stopped:
        apt.install(PACKAGES, log)
    assert COMMAND in str(stopped.value)
    assert calls.read_text() == ""


def test_a_sudo_without_a_password_installs_and_asks_nothing(
    calls: Path, log: Path, lists: Path, programs: Programs
) -> None:
    programs.write("sudo", 'test "$1" = -n && shift && exec "$@"')
    apt.install(PACKAGES, log, lists)
    (call,) = calls.read_text().splitlines()
    assert call.startswith("noninteractive ")
    assert call.endswith(" install -y --no-install-recommends xvfb libgl1")


def test_root_installs_directly(calls: Path, log: Path, lists: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    apt.install(PACKAGES, log, lists)
    assert len(calls.read_text().splitlines()) == 1


def test_package_lists_that_were_never_read_are_read_first(
    calls: Path, log: Path, tmp_path: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    lists = tmp_path / "none yet"
    lists.mkdir()
    programs.write("apt-get", f'echo "$@" >> {calls}\ntouch "{lists}/mirror_dists_bookworm_InRelease"')
    apt.install(PACKAGES, log, lists)
    assert [call.split()[2] for call in calls.read_text().splitlines()] == ["update", "install"]


def test_package_servers_that_do_not_answer_are_the_reason_given(
    calls: Path, log: Path, tmp_path: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    programs.write("apt-get", f'echo "$@" >> {calls}\necho "Could not connect"')
    with pytest.raises(SetupStopped) as stopped:
        apt.install(PACKAGES, log, tmp_path / "none yet")
    assert "no package server" in str(stopped.value)
    assert "Could not connect" in str(stopped.value)
    assert len(calls.read_text().splitlines()) == 1


def test_stale_package_lists_are_read_anew_and_the_installation_tried_again(
    calls: Path, log: Path, lists: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    programs.write(
        "apt-get",
        f'echo "$@" >> {calls}\n'
        f'case "$@" in *update) touch {lists}/fresh;; esac\n'
        f'test -e {lists}/fresh || {{ echo "E: Unable to locate package xvfb"; exit 100; }}',
    )
    apt.install(PACKAGES, log, lists)
    assert [call.split()[2] for call in calls.read_text().splitlines()] == ["install", "update", "install"]


def test_a_failure_shows_the_last_lines_the_log_and_the_command(
    calls: Path, log: Path, lists: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    programs.write("apt-get", "echo 'E: dpkg was interrupted'; exit 100")
    with pytest.raises(SetupStopped) as stopped:
        apt.install(PACKAGES, log, lists)
    assert "E: dpkg was interrupted" in str(stopped.value)
    assert str(log) in str(stopped.value)
    assert COMMAND in str(stopped.value)
    assert calls.read_text() == ""
