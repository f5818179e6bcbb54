"""Transactions are whole, and every trouble has one of two names."""

import logging
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, text

from sync_server.store.database import (
    CannotBeStored,
    Database,
    DatabaseTrouble,
    insert_or_add,
    insert_or_update,
    sqlite_file,
)
from sync_server.store.records import known_sites
from sync_server.store.schema import admins, ingest_counts, kiosks, sites, streams
from tests.fakes.small_office import NOW


@pytest.fixture
def a_site(database: Database) -> Database:
    with database.writing() as connection:
        connection.execute(insert(sites).values(site="sia"))
        connection.execute(insert(admins).values(admin="ha", name="Hà", added_at=NOW))
    return database


def all_sites(database: Database) -> list[str]:
    with database.reading() as connection:
        return known_sites(connection)


@pytest.mark.parametrize(
    "url",
    [
        *("", "nonsense", "mysql://localhost/x", "sqlite+nodriver:///x", "oracle://x"),
        *("postgresql+nodriver://x", "postgresql+psycopg://u:se@cret@localhost/x", "postgresql://u:p@localhost:secret"),
    ],
)
def test_a_url_that_cannot_be_used_is_named_and_not_quoted(url: str) -> None:
    with pytest.raises(DatabaseTrouble, match="the database URL cannot be used") as caught:
        Database(url)
    assert "cret" not in str(caught.value)


def test_whatever_goes_wrong_in_a_transaction_undoes_all_of_it(a_site: Database) -> None:
    with pytest.raises(ZeroDivisionError), a_site.writing() as connection:
        connection.execute(insert(sites).values(site="hue"))
        raise ZeroDivisionError
    assert all_sites(a_site) == ["sia"]


@pytest.mark.parametrize(
    "values",
    [
        {"admin": "ha", "name": "again", "added_at": NOW},
        {"admin": "hue", "name": None, "added_at": NOW},
    ],
)
def test_content_that_the_database_refuses_is_told_from_trouble(a_site: Database, values: dict[str, object]) -> None:
    with pytest.raises(CannotBeStored) as caught, a_site.writing() as connection:
        connection.execute(insert(admins).values(**values))
    assert "again" not in str(caught.value)
    assert all_sites(a_site) == ["sia"]


@pytest.mark.parametrize("name", ["half \ud83d a pair", 2**70])
def test_what_cannot_even_be_sent_is_content_that_is_refused(a_site: Database, name: object) -> None:
    with pytest.raises(CannotBeStored) as caught, a_site.writing() as connection:
        connection.execute(text("INSERT INTO ingest_counts (name, count) VALUES ('a', :it)"), {"it": name})
    assert "half" not in str(caught.value)
    with a_site.reading() as connection:
        assert connection.execute(select(ingest_counts)).all() == []


def test_a_row_that_belongs_to_nothing_is_refused(a_site: Database) -> None:
    with pytest.raises(CannotBeStored), a_site.writing() as connection:
        connection.execute(insert(kiosks).values(site="nowhere", kiosk="k", password_digest="", added_at=NOW))


def test_trouble_leaves_the_database_usable(a_site: Database) -> None:
    with pytest.raises(DatabaseTrouble, match="elsewhere"), a_site.writing() as connection:
        connection.execute(text("SELECT * FROM elsewhere"))
    with pytest.raises(DatabaseTrouble, match="elsewhere"), a_site.reading() as connection:
        connection.execute(text("SELECT * FROM elsewhere"))
    assert all_sites(a_site) == ["sia"]


def test_a_reader_sees_one_moment_while_others_write(a_site: Database) -> None:
    with a_site.reading() as reader:
        before = reader.execute(select(sites.c.site)).scalars().all()
        with a_site.writing() as connection:
            connection.execute(insert(sites).values(site="hue"))
        assert reader.execute(select(sites.c.site)).scalars().all() == before
    assert len(all_sites(a_site)) == 2


def test_who_only_reads_cannot_write(a_site: Database) -> None:
    with pytest.raises(DatabaseTrouble, match=r"read-?only"), a_site.reading() as connection:
        connection.execute(insert(sites).values(site="hue"))
    assert all_sites(a_site) == ["sia"]
    with a_site.writing() as connection:  # the same connection, out of the pool
        connection.execute(insert(sites).values(site="hue"))
    assert len(all_sites(a_site)) == 2


def test_a_newer_database_is_not_touched(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTrouble, match="made by a newer version"):
        database.migrate()


def test_migrating_says_nothing_in_the_log(empty_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    database = Database(empty_url)
    database.migrate()
    database.close()
    assert caplog.text == ""


def test_a_migration_that_is_killed_is_done_again(empty_url: str) -> None:
    database = Database(empty_url)
    with pytest.raises(ZeroDivisionError), database.rebuilding() as connection:
        connection.execute(text("CREATE TABLE sites (x INTEGER)"))
        raise ZeroDivisionError
    database.migrate()
    assert all_sites(database) == []
    database.close()


def test_rows_are_replaced_where_their_keys_are_there(a_site: Database) -> None:
    rows = [{"admin": name, "name": new, "added_at": NOW} for name, new in (("ha", "new"), ("hue", "c"))]
    with a_site.writing() as connection:
        insert_or_update(connection, admins, rows, ["admin"])
        insert_or_update(connection, admins, [], ["admin"])
    with a_site.reading() as connection:
        kept = connection.execute(select(admins.c.admin, admins.c.name).order_by(admins.c.admin)).all()
    assert kept == [("ha", "new"), ("hue", "c")]


def test_counts_are_added_up(database: Database) -> None:
    with database.writing() as connection:
        for rows in (
            [{"name": "a", "count": 2}, {"name": "b", "count": 3}],
            [],
            [{"name": "c", "count": 1}, {"name": "a", "count": 5}],
        ):
            insert_or_add(connection, ingest_counts, rows, ["name"])
        counted = connection.execute(select(ingest_counts).order_by(ingest_counts.c.name)).all()
    assert [tuple(row) for row in counted] == [("a", 7), ("b", 3), ("c", 1)]


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


def test_a_database_says_where_it_is_without_the_password(database: Database, database_url: str) -> None:
    assert not database.is_missing
    if database.is_sqlite:
        assert f"sqlite:///{database.place}" == database_url
    else:
        assert database.place.startswith("postgresql+psycopg://")
    elsewhere = Database("postgresql+psycopg://hailong:geheim@db.example/office?sslpassword=geheim")
    assert elsewhere.place == "postgresql+psycopg://hailong:***@db.example/office"
    assert sqlite_file("sqlite://") is None
    assert sqlite_file("nonsense") is None
