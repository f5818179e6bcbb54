"""`migrate` brings the tables up to date, and says what it did."""

from pathlib import Path

import pytest
from sqlalchemy import text

from sync_server.store import revisions
from sync_server.store.database import Database
from tests.fakes.old_tables import fill_first_tables
from tests.sync_server.commands.conftest import Run

NEWEST = revisions.newest()


@pytest.fixture
def settings(tmp_path: Path, run: Run, empty_url: str) -> Path:
    """Settings that name a database without tables; `run` reads them."""
    path = tmp_path / "server.toml"
    path.write_text(f'[storage]\nfolder = "server"\ndatabase = "{empty_url}"\n')
    return path


@pytest.mark.usefixtures("settings")
def test_from_nothing_to_the_newest(run: Run, empty_url: str) -> None:
    checked = run("migrate", "--check")
    if empty_url.startswith("sqlite"):
        assert (checked.code, checked.out) == (2, "")
        assert "server.sqlite: there is no database here" in checked.err
        assert not Path(empty_url.removeprefix("sqlite:///")).exists()
    else:
        assert (checked.code, checked.out) == (
            1,
            f"there are no tables yet, this version works with revision {NEWEST}: run python -m sync_server migrate\n",
        )
    assert run("migrate").out == f"made the tables of revision {NEWEST}\n"
    for arguments in (["migrate"], ["migrate", "--check"]):
        again = run(*arguments)
        assert (again.code, again.out) == (0, f"the tables are up to date (revision {NEWEST})\n")


@pytest.mark.usefixtures("settings")
def test_from_an_earlier_version(run: Run, empty_url: str) -> None:
    database = Database(empty_url)
    with database.rebuilding() as connection:
        revisions.upgrade(connection, "0001")
        fill_first_tables(connection)
    assert "the tables are of revision 0001, this version" in run("migrate", "--check").out
    assert database.revision() == "0001"
    done = run("migrate")
    assert (done.code, done.out) == (0, f"revision 0001 -> {NEWEST}\n")
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for arguments in (["migrate"], ["migrate", "--check"], ["figures"]):
        newer = run(*arguments)
        assert (newer.code, newer.err) == (
            2,
            "sync_server: the database was made by a newer version of this program\n",
        )
    database.close()


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path, run: Run) -> None:
    (tmp_path / "server.toml").write_text(
        '[storage]\nfolder = "server"\ndatabase = "postgresql+psycopg://hailong:geheim@127.0.0.1:1/hailong"\n'
    )
    done = run("migrate")
    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert "geheim" not in done.err
