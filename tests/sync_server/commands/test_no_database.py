"""A command that only reads, told of a wrong place, makes nothing there and does not call it empty."""

from pathlib import Path

import pytest

from sync_server.store.database import Database
from tests.fakes.small_office import seed_office
from tests.sync_server.commands.conftest import Run

READING = [
    *(["completeness"], ["setup"], ["figures"], ["metrics"], ["quarantine", "list"], ["quarantine", "retry"]),
    *(["kiosk", "list"], ["kiosk", "revoke", "sia", "quay-1"], ["tell", "sia", "quay-1", "list"], ["clock", "trust"]),
    *(["backup", "office.backup"], ["admin", "link"], ["migrate", "--check"]),
    *(["stream", "close", "55", "--by", "A", "--because", "b"], ["cases", "import", "cases.csv"], ["paper", "list"]),
]
# What says something about every office, and would say nothing where there is none.
ABOUT_OFFICES = [
    *(["completeness"], ["setup"], ["figures"], ["quarantine", "list"], ["quarantine", "retry"], ["kiosk", "list"]),
    *(["backup", "office.backup"], ["cases", "import", "cases.csv"], ["paper", "list"]),
]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_where_no_database_is_none_is_made(run: Run, folder: Path, command: list[str]) -> None:
    done = run(*command)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"sync_server: {folder / 'server.sqlite'}: there is no database here: check --settings and what they say;"
        " for a new one, run: python -m sync_server migrate (or serve)\n"
    )
    assert not folder.exists()
    assert not Path("office.backup").exists()


@pytest.mark.parametrize("command", [command for command in READING if command[0] not in ("backup", "migrate")])
def test_a_database_without_tables_is_none_either(run: Run, folder: Path, command: list[str]) -> None:
    folder.mkdir()
    (folder / "server.sqlite").touch()
    done = run(*command)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"sync_server: {folder / 'server.sqlite'}: this database has no tables yet: ")


@pytest.mark.parametrize("command", ABOUT_OFFICES, ids=" ".join)
def test_where_no_office_is_known_that_is_said(run: Run, command: list[str]) -> None:
    assert run("migrate").code == 0
    done = run(*command)
    assert (done.code, done.out) == (2, "")
    assert done.err == "sync_server: no office is known yet; run: python -m sync_server office import FOLDER\n"
    assert not Path("office.backup").exists()


def test_an_office_without_kiosks_is_said(run: Run, folder: Path) -> None:
    assert run("migrate").code == 0
    database = Database(f"sqlite:///{folder / 'server.sqlite'}")
    seed_office(database)
    database.close()
    assert run("kiosk", "list").out == "no kiosk is registered\n"


def test_a_file_that_is_no_database_is_named_with_what_to_do(run: Run, folder: Path) -> None:
    folder.mkdir()
    (folder / "server.sqlite").write_bytes(b"something else" * 1000)
    done = run("completeness")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"sync_server: {folder / 'server.sqlite'}: file is not a database: name the right file in the settings, or move"
        " this one away and restore a backup\n"
    )


def test_a_database_that_cannot_be_opened_is_named_with_what_to_do(run: Run, tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text(
        f'[storage]\nfolder = "server"\ndatabase = "sqlite:///{tmp_path}/no folder/server.sqlite"\n'
    )
    done = run("migrate")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"sync_server: {tmp_path}/no folder/server.sqlite: unable to open database file: its folder has to be there,"
        " and this user has to be let in (--settings names it)\n"
    )
    (tmp_path / "no folder").write_text("a file")
    assert "there is no database here" in run("completeness").err
