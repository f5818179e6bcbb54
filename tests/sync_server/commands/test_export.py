"""`export` writes what an office may hand on, says how much it is, and overwrites nothing."""

import gc
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from sync_server.commands.progress import Progress
from sync_server.store.database import Database
from sync_server.store.schema import comments, votes
from tests.fakes.small_office import THIS_HOUR, seed_kiosk, seed_office, seed_votes
from tests.sync_server.commands.conftest import Run

LONG = "😀" * 20_000


@pytest.fixture
def office(seeded: Database) -> Database:
    seed_votes(seeded, [5] * 8)
    seed_votes(seeded, [1] * 2, officer="thang", field="dat-dai", procedure="1.012812")
    with seeded.writing() as connection:
        first = connection.scalar(select(votes.c.vote_id).limit(1))
        connection.execute(insert(comments).values(vote_id=first, text=LONG))
    return seeded


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "sqlite"])
def test_the_form_is_what_the_file_ends_in_and_rows_are_counted(
    run: Run, office: Database, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"votes.{form.upper()}"
    done = run("export", "2026-Q4", "--to", path)
    assert done.code == 0
    assert done.out.startswith(f"{path}: 10 rows of 01/10/2026 – 31/12/2026; read back and found whole\n")
    assert path.exists()


def test_the_form_may_be_said(run: Run, office: Database, tmp_path: Path) -> None:
    path = tmp_path / "votes.db"
    assert run("export", "2026-11", "--to", path, "--format", "sqlite", "--site", "sia").code == 0
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM votes").fetchone() == (10,)
    connection.close()


def test_a_file_that_says_no_form_is_asked_about(run: Run, office: Database, tmp_path: Path) -> None:
    done = run("export", "2026-Q4", "--to", tmp_path / "votes.doc")
    assert (done.code, done.out) == (2, "")
    assert "says no form by its end: say --format xlsx|csv|json|sqlite" in done.err
    assert not (tmp_path / "votes.doc").exists()


def test_what_is_left_blank_or_out_is_said(run: Run, office: Database, tmp_path: Path) -> None:
    seed_votes(office, [5], until_hour=THIS_HOUR.replace(year=2027))
    told = run("export", "2026-Q4", "--to", tmp_path / "votes.csv").out
    assert "\n1 visit may lie before or after this time, and is in no row of it\n" in told
    assert "left blank, because of few votes, or for the sake of those: 2 officers\n" in told


def test_comments_come_apart_and_what_does_not_fit_is_said(run: Run, office: Database, tmp_path: Path) -> None:
    told = run("export", "2026-Q4", "--to", tmp_path / "votes.xlsx", "--comments").out
    assert "votes.xlsx: 10 rows and 1 comment of" in told
    assert "1 comment did not fit: a cell of XLSX holds 32,767 characters; --format csv has the whole\n" in told
    told = run("export", "2026-Q4", "--to", tmp_path / "votes.csv", "--comments").out
    assert f"{tmp_path / 'votes.csv'}, {tmp_path / 'votes.comments.csv'}: 10 rows and 1 comment of" in told
    assert LONG in (tmp_path / "votes.comments.csv").read_text(encoding="utf-8-sig")
    assert LONG not in (tmp_path / "votes.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("there", ["votes.csv", "votes.comments.csv", "votes.csv.part"])
def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(
    run: Run, office: Database, tmp_path: Path, there: str
) -> None:
    (tmp_path / there).write_text("mine")
    asked = ("export", "2026-Q4", "--to", tmp_path / "votes.csv", "--comments")
    done = run(*asked)
    assert (done.code, done.out) == (2, "")
    assert f"{tmp_path / there}: is there already: " in done.err
    assert [path.name for path in tmp_path.glob("votes*")] == [there]
    assert (tmp_path / there).read_text() == "mine"
    assert run(*asked, "--replace").code == 0
    assert sorted(path.name for path in tmp_path.glob("votes*")) == ["votes.comments.csv", "votes.csv"]


@pytest.mark.parametrize("place", ["server.sqlite", "server.sqlite-wal", "keys/sia.key"])
def test_no_file_of_the_server_is_overwritten(run: Run, office: Database, folder: Path, place: str) -> None:
    before = (folder / "server.sqlite").stat().st_ino
    done = run("export", "2026-Q4", "--to", folder / place, "--format", "csv", "--replace")
    assert done.code == 2
    assert "is the place of a file that the server needs" in done.err
    assert (folder / "server.sqlite").stat().st_ino == before


def test_several_sites_are_asked_about(run: Run, office: Database, tmp_path: Path) -> None:
    seed_office(office, "phu")
    seed_kiosk(office, site="phu", kiosk="kiosk-2", stream="6" * 32)
    assert "say which with --site" in run("export", "2026-Q4", "--to", tmp_path / "votes.csv").err
    assert ": 0 rows of" in run("export", "2026-Q4", "--to", tmp_path / "votes.csv", "--site", "phu").out


def test_a_time_that_is_none_is_refused(run: Run, office: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("export", "yesterday", "--to", "votes.csv")
    assert "expected a time like" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "sqlite"])
def test_ctrl_c_ends_it_without_a_word_and_nothing_stays(
    run: Run,
    office: Database,
    tmp_path: Path,
    form: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def pressed(_progress: Progress, _what: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "__call__", pressed)
    before = sorted(tmp_path.iterdir())
    done = run("export", "2026-Q4", "--to", tmp_path / f"votes.{form}", "--comments")
    gc.collect()
    assert (done.code, done.out, done.err) == (130, "", "")
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
    assert sorted(tmp_path.iterdir()) == before
