"""The migrations make what the schema says, and keep what is there."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select, text

from protocol.chain import EMPTY, extend
from sync_server.store import revisions
from sync_server.store.cells import STALE, folded
from sync_server.store.database import CannotBeStored, Connection, Database
from sync_server.store.schema import (
    cases,
    changes,
    metadata,
    quarantine,
    sites,
    stream_gaps,
    streams,
    touched_halves,
    votes,
)
from tests.fakes.old_tables import BROKEN, FIRST, NEVER_USED, SECOND, fill_first_tables


def test_migrations_and_schema_agree(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_keeps_what_is_there(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(sites).values(site="sia"))
    assert database.migrate() == revisions.newest()
    with database.reading() as connection:
        assert connection.execute(select(sites.c.site)).scalars().all() == ["sia"]


def test_the_revisions_are_in_their_order() -> None:
    assert revisions.revisions()[:2] == ("0001", "0002")
    assert revisions.revisions() == tuple(sorted(revisions.revisions()))


def test_of_many_processes_that_migrate_at_once_one_does(empty_url: str) -> None:
    databases = [Database(empty_url) for _ in range(4)]
    together = threading.Barrier(len(databases))
    outcomes: list[str | Exception | None] = []

    def migrate(database: Database) -> None:
        together.wait(timeout=30)
        try:
            outcomes.append(database.migrate())
        except Exception as error:
            outcomes.append(error)

    threads = [threading.Thread(target=migrate, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(outcomes, key=str) == [*[revisions.newest()] * 3, None]
    for database in databases:
        database.close()


class TestFromTheFirstTables:
    """An office that has worked since the first version, brought up to the newest."""

    @pytest.fixture
    def old(self, empty_url: str) -> Iterator[Database]:
        database = Database(empty_url)
        with database.rebuilding() as connection:
            revisions.upgrade(connection, "0001")
            fill_first_tables(connection)
        assert database.migrate() == "0001"
        yield database
        database.close()

    @pytest.fixture
    def connection(self, old: Database) -> Iterator[Connection]:
        with old.reading() as connection:
            yield connection

    def test_every_vote_is_still_there_and_its_hour_is_exact(self, connection: Connection) -> None:
        rows = connection.execute(select(votes).order_by(votes.c.stream, votes.c.number)).all()
        assert [(row.stream, row.number, row.vote_id) for row in rows] == [
            (FIRST, 1, "a1" * 16),
            (FIRST, 3, "a3" * 16),
            (SECOND, 1, "b1" * 16),
        ]
        assert all(row.until_hour == row.hour and row.until_day == row.day for row in rows)
        assert rows[0].hour == datetime(2026, 10, 1, 2, tzinfo=UTC)

    def test_the_chains_run_over_every_number_kept_or_refused(self, connection: Connection) -> None:
        rows = {row.stream: row for row in connection.execute(select(streams))}
        assert rows[FIRST].chain == extend(EMPTY, ["a1" * 16, "a2" * 16, "a3" * 16])
        assert rows[SECOND].chain == extend(EMPTY, ["b1" * 16])
        assert rows[NEVER_USED].chain == EMPTY
        assert [rows[name].highest_announced for name in (FIRST, SECOND, NEVER_USED)] == [3, 1, 0]
        assert {row.conflicts for row in rows.values()} == {0}
        assert connection.execute(select(stream_gaps)).all() == []

    def test_a_refused_vote_without_an_id_makes_a_chain_that_no_kiosk_has(self, connection: Connection) -> None:
        # So the kiosk sets its file aside and sends what was never confirmed under new numbers: nothing is lost.
        row = connection.execute(select(streams).where(streams.c.stream == BROKEN)).one()
        assert row.chain == extend(EMPTY, ["", "d2" * 16])

    def test_everything_else_is_kept(self, connection: Connection) -> None:
        assert connection.execute(select(cases.c.case_token)).scalars().all() == ["e" * 32]
        kept = connection.execute(select(quarantine.c.number, quarantine.c.payload).order_by(quarantine.c.id)).all()
        assert [row.number for row in kept] == [2, None, 1, 2]
        assert kept[1].payload == b"\0\xff"
        assert {row.id: row.number for row in connection.execute(select(changes))} == {1: 41, 2: 0, 3: 0}
        levels = connection.execute(text("SELECT level FROM answers ORDER BY vote_id")).scalars().all()
        assert levels == [5, 3, 1]

    def test_the_tables_are_those_of_the_schema_and_mind_their_references(self, old: Database) -> None:
        with old.reading() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []
        with pytest.raises(CannotBeStored), old.writing() as connection:
            connection.execute(text("DELETE FROM streams"))


def test_cells_that_were_folded_before_there_were_channels_are_of_kiosks(empty_url: str) -> None:
    database = Database(empty_url)
    with database.rebuilding() as connection:
        revisions.upgrade(connection, "0006")
        connection.execute(text("INSERT INTO sites (site) VALUES ('sia')"))
        names = "site, half, until_half, outcome, survey, kiosk, labels, votes"
        values = "'sia', '2026-11-01', '2026-11-01', 'answered', 1, 'k1', '', 7"
        connection.execute(text(f"INSERT INTO figure_cells ({names}) VALUES ({values})"))
    database.migrate()
    with database.reading() as connection:
        [cell] = folded(connection, "sia", date(2026, 11, 1))
    database.close()
    assert (cell.kiosk, cell.channel, cell.votes) == ("k1", "kiosk", 7)


def test_what_was_marked_as_not_folded_still_is(empty_url: str) -> None:
    database = Database(empty_url)
    with database.rebuilding() as connection:
        revisions.upgrade(connection, "0011")
        connection.execute(text("INSERT INTO sites (site) VALUES ('sia')"))
        names, values = "site, half, touched_hour", "'sia', '2026-11-01', '2026-11-05 03:00:00'"
        connection.execute(text(f"INSERT INTO stale_halves ({names}) VALUES ({values})"))
    database.migrate()
    with database.reading() as connection:
        [row] = connection.execute(select(touched_halves).where(STALE))
    database.close()
    assert (row.site, row.half, row.touched_hour.hour) == ("sia", date(2026, 11, 1), 3)
