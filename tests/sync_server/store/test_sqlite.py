"""What only a file can do to a database."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from sync_server.store.database import CannotBeStored, Database, DatabaseTrouble
from sync_server.store.records import known_sites
from sync_server.store.schema import admins, cases, sites
from tests.fakes.small_office import NOW, migrated

A_CASE = {"case_token": "e" * 32, "procedure": "1.001193", "officer": "huong", "received": NOW.date()}


@pytest.fixture
def a_site(tmp_path: Path) -> Iterator[Database]:
    database = migrated(tmp_path)
    with database.writing() as connection:
        connection.execute(insert(sites).values(site="sia"))
    yield database
    database.close()


def all_sites(database: Database) -> list[str]:
    with database.reading() as connection:
        return known_sites(connection)


def test_a_file_that_cannot_be_opened_is_trouble(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/no folder/server.sqlite")
    for transaction in (database.reading, database.writing):
        with pytest.raises(DatabaseTrouble, match="unable to open database file"), transaction():
            pass
    with pytest.raises(DatabaseTrouble):
        database.migrate()


def test_a_file_that_is_no_database_is_trouble(tmp_path: Path) -> None:
    path = tmp_path / "server.sqlite"
    path.write_bytes(b"something else" * 1000)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(DatabaseTrouble, match="not a database"):
        database.migrate()


def test_the_file_is_as_durable_as_sqlite_can_be(a_site: Database) -> None:
    with a_site.reading() as connection:
        pragmas = {name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
        keys = connection.scalar(text("PRAGMA foreign_keys"))
    full = 2
    assert (pragmas, keys) == ({"journal_mode": "wal", "synchronous": full}, 1)


def test_a_full_database_is_trouble_and_heals(a_site: Database) -> None:
    with a_site.engine.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(DatabaseTrouble, match="full"), a_site.writing() as connection:
        connection.execute(insert(sites).values(site="hue"))
        connection.execute(insert(admins).values(admin="ha", name="a" * 100_000, added_at=NOW))
    assert all_sites(a_site) == ["sia"]
    with a_site.engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
    with a_site.writing() as connection:
        connection.execute(insert(sites).values(site="hue"))
    assert all_sites(a_site) == ["hue", "sia"]


def test_rows_that_refer_to_nothing_do_not_come_out_of_a_rebuild(a_site: Database) -> None:
    with pytest.raises(DatabaseTrouble, match="refer to rows that are not there"), a_site.rebuilding() as connection:
        connection.execute(text("DELETE FROM sites"))
        connection.execute(insert(cases).values(site="sia", **A_CASE))
    assert all_sites(a_site) == ["sia"]
    with pytest.raises(CannotBeStored), a_site.writing() as connection:  # the same connection minds again
        connection.execute(insert(cases).values(site="nowhere", **A_CASE))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Database]:
    monkeypatch.setattr("sync_server.store.database.BUSY_MILLISECONDS", 10)
    database = Database(f"sqlite:///{tmp_path / 'busy.sqlite'}")
    database.migrate()
    yield database
    database.close()


def test_a_database_that_stays_locked_is_trouble_for_writers_only(impatient: Database, tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "busy.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(DatabaseTrouble, match="locked"), impatient.writing():
            pass
        assert all_sites(impatient) == []
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    with impatient.writing():
        pass
