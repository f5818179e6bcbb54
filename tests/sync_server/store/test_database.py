"""Transactions are whole, and every trouble has one of two names."""

import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from sync_server.store.database import CannotBeStored, Database, DatabaseTrouble, insert_or_update
from sync_server.store.schema import fields, kiosks, sites, streams


@pytest.fixture
def a_site(database: Database) -> Database:
    with database.writing() as connection:
        connection.execute(insert(sites).values(site="sia", office="a", unit="b"))
    return database


def all_sites(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [(row.site, row.office) for row in connection.execute(select(sites).order_by(sites.c.site))]


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://localhost/x", "sqlite+nodriver:///x", "oracle://x"])
def test_a_url_that_cannot_be_used_is_named(url: str) -> None:
    with pytest.raises(DatabaseTrouble, match="the database URL cannot be used"):
        Database(url)


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


def test_the_file_is_as_durable_as_sqlite_can_be(database: Database) -> None:
    with database.reading() as connection:
        pragmas = {name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
        keys = connection.scalar(text("PRAGMA foreign_keys"))
    full = 2
    assert (pragmas, keys) == ({"journal_mode": "wal", "synchronous": full}, 1)


def test_whatever_goes_wrong_in_a_transaction_undoes_all_of_it(a_site: Database) -> None:
    with pytest.raises(ZeroDivisionError), a_site.writing() as connection:
        connection.execute(insert(sites).values(site="hue", office="a", unit="b"))
        raise ZeroDivisionError
    assert all_sites(a_site) == [("sia", "a")]


@pytest.mark.parametrize(
    "values",
    [
        {"site": "sia", "office": "again", "unit": "b"},
        {"site": "hue", "office": None, "unit": "b"},
    ],
)
def test_content_that_the_database_refuses_is_told_from_trouble(a_site: Database, values: dict[str, object]) -> None:
    with pytest.raises(CannotBeStored) as caught, a_site.writing() as connection:
        connection.execute(insert(sites).values(**values))
    assert "again" not in str(caught.value)
    assert all_sites(a_site) == [("sia", "a")]


def test_a_row_that_belongs_to_nothing_is_refused(a_site: Database) -> None:
    with pytest.raises(CannotBeStored), a_site.writing() as connection:
        connection.execute(insert(fields).values(site="nowhere", field="x", name="y"))


def test_trouble_leaves_the_database_usable(a_site: Database) -> None:
    with pytest.raises(DatabaseTrouble, match="no such table"), a_site.writing() as connection:
        connection.execute(text("SELECT * FROM elsewhere"))
    with pytest.raises(DatabaseTrouble, match="no such table"), a_site.reading() as connection:
        connection.execute(text("SELECT * FROM elsewhere"))
    assert all_sites(a_site) == [("sia", "a")]


def test_a_full_database_is_trouble_and_heals(a_site: Database) -> None:
    with a_site.engine.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(DatabaseTrouble, match="full"), a_site.writing() as connection:
        connection.execute(insert(sites).values(site="hue", office="a" * 100_000, unit="b"))
    assert all_sites(a_site) == [("sia", "a")]
    with a_site.engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
    with a_site.writing() as connection:
        connection.execute(insert(sites).values(site="hue", office="b", unit="b"))
    assert all_sites(a_site) == [("hue", "b"), ("sia", "a")]


def test_a_reader_sees_one_moment_while_others_write(a_site: Database) -> None:
    with a_site.reading() as reader:
        before = reader.execute(select(sites.c.site)).scalars().all()
        with a_site.writing() as connection:
            connection.execute(insert(sites).values(site="hue", office="a", unit="b"))
        assert reader.execute(select(sites.c.site)).scalars().all() == before
    assert len(all_sites(a_site)) == 2


def test_a_newer_database_is_not_touched(database: Database, tmp_path: Path) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTrouble, match="made by a newer version"):
        database.migrate()


def test_migrating_says_nothing_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    database.migrate()
    database.close()
    assert caplog.text == ""


def test_a_migration_that_is_killed_is_done_again(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite"
    database = Database(f"sqlite:///{path}")
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.execute(text("CREATE TABLE sites (x)"))
        raise ZeroDivisionError
    database.migrate()
    assert all_sites(database) == []
    database.close()


def test_rows_are_replaced_where_their_keys_are_there(a_site: Database) -> None:
    rows = [{"site": "sia", "office": "new", "unit": "b"}, {"site": "hue", "office": "c", "unit": "d"}]
    with a_site.writing() as connection:
        insert_or_update(connection, sites, rows, ["site"])
        insert_or_update(connection, sites, [], ["site"])
    assert all_sites(a_site) == [("hue", "c"), ("sia", "new")]


def test_moments_come_back_in_utc_and_naive_ones_are_refused(a_site: Database) -> None:
    in_vietnam = datetime(2026, 10, 1, 0, 30, tzinfo=timezone(timedelta(hours=7)))
    with a_site.writing() as connection:
        connection.execute(insert(kiosks).values(site="sia", kiosk="k", password_digest="0" * 64, added_at=in_vietnam))
    with a_site.reading() as connection:
        assert connection.scalar(select(kiosks.c.added_at)) == datetime(2026, 9, 30, 17, 30, tzinfo=UTC)
        assert connection.scalar(select(streams.c.last_seen)) is None
    naive = datetime(2026, 10, 1, 0, 30)  # noqa: DTZ001
    with pytest.raises(CannotBeStored), a_site.writing() as connection:
        connection.execute(insert(kiosks).values(site="sia", kiosk="l", password_digest="0" * 64, added_at=naive))


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
