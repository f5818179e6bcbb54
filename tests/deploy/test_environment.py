"""The virtual environment: made, mended, filled; a network that is down is a sentence, not a traceback."""

import socket
from pathlib import Path

import pytest

from deploy.environment import Environment, fingerprint, included
from deploy.progress import SetupStopped


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / ".venv"


@pytest.fixture
def environment(home: Path, tmp_path: Path) -> Environment:
    return Environment(home, tmp_path / "setup.log")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_half_made_environment_is_made_anew(
    environment: Environment, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "python").symlink_to(tmp_path / "a Python that was removed")
    requirements = write(tmp_path / "requirements.txt", "# nothing\n")
    environment.make()
    environment.install(requirements)
    assert "making it anew" in capsys.readouterr().out
    assert not environment.is_ready("demo", requirements)
    environment.stamp("demo", requirements)
    assert environment.is_ready("demo", requirements)
    for pip in home.glob("lib/python3.*/site-packages/pip"):
        pip.rename(pip.with_name("lost"))
    assert not environment.is_ready("demo", requirements)


def test_without_a_network_it_says_so_and_where_the_log_is(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/simple")
        monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("PIP_RETRIES", "1")
        for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX"):
            monkeypatch.delenv(name, raising=False)
        environment.make()
        with pytest.raises(SetupStopped) as stopped:
            environment.install(write(tmp_path / "requirements.txt", "a-package-that-nobody-has==1.0\n"))
    assert "No connection to the package index" in str(stopped.value)
    assert str(tmp_path / "setup.log") in str(stopped.value)


def test_a_change_in_an_included_file_changes_the_fingerprint(tmp_path: Path) -> None:
    room = write(tmp_path / "room" / "requirements.txt", "one==1\n")
    top = write(tmp_path / "requirements.txt", "-r room/requirements.txt\n-r room/requirements.txt\n")
    assert included(top) == [top.resolve(), room.resolve()]
    before = fingerprint(top)
    write(room, "one==2\n")
    assert fingerprint(top) != before
