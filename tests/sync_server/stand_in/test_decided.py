"""Made-up quarters are decided on by the usual commands, once, however often that is interrupted."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.demo_office import SAMPLE
from sync_server.__main__ import main as server
from sync_server.core.decisions.states import State
from sync_server.core.quarter import Quarter
from sync_server.deciding import ARCHIVE
from sync_server.stand_in import decided
from sync_server.store.database import Database
from sync_server.store.decisions import kept_versions
from sync_server.store.figures import figures

Quietly = Callable[[Any, Any], None]

VOTES = 60
OLDER, NEWEST = Quarter(2026, 2), Quarter(2026, 3)
STEPS = 4 * 2 + 5  # of the two Decisions; and kiosk, quarters, cases, votes, labels


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "server.toml").write_text('[storage]\nfolder = "server"\n')
    assert server(["--settings", str(tmp_path / "server.toml"), "office", "import", str(SAMPLE)]) == 0
    return tmp_path


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{folder / 'server' / 'server.sqlite'}")
    yield opened
    opened.close()


def decide(folder: Path, *more: str) -> int:
    places = [str(SAMPLE), str(folder / "made"), "--settings", str(folder / "server.toml"), "--site", "sia"]
    quarters = ["--quarter", str(NEWEST), "--quarter", str(OLDER)]
    return decided.main([*places, *quarters, "--votes", str(VOTES), *more])


def archive_of(folder: Path, quarter: Quarter) -> Path:
    [archive] = (folder / "server" / "decisions" / "sia" / str(quarter)).glob(f"*/*/{ARCHIVE}")
    return archive


def test_it_goes_on_where_it_was_interrupted_and_no_vote_is_doubled(
    folder: Path, database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for allowed in range(0, STEPS, 2):
        with monkeypatch.context() as patched:
            patched.setattr(decided, "_quietly", interrupted_after(allowed, decided._quietly))
            assert decide(folder) in (0, 130)
    assert decide(folder) == 0
    for quarter in (OLDER, NEWEST):
        with database.reading() as connection:
            [kept] = kept_versions(connection, "sia", str(quarter))
        assert kept.state is State.ISSUED
        assert any("quay-2" in lack for lack in kept.lacking)
        assert kept.because == decided.BECAUSE
        assert figures(database, "sia", quarter).total.answered <= VOTES
        assert server(["verify", str(archive_of(folder, quarter))]) == 0
    said = capsys.readouterr().out
    assert said.count(f"The Decision of {NEWEST}: issue") <= 2
    done = archive_of(folder, NEWEST).read_bytes()
    assert decide(folder) == 0
    assert archive_of(folder, NEWEST).read_bytes() == done


def interrupted_after(allowed: int, go_on: Quietly) -> Quietly:
    """Do so many commands, and be interrupted at the next one."""
    left = [allowed]

    def command(what: Any, words: Any) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        go_on(what, words)

    return command


def test_a_command_that_fails_ends_it_in_that_command_s_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "made" / "usb").mkdir(parents=True)
    assert decide(folder) == 2
    assert "cases.csv" in capsys.readouterr().err
