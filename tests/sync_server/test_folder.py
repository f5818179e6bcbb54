"""Votes are labelled and added up beside everything else, and a database that is away is waited for."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from sync_server.folder import Folder
from sync_server.store.database import Database
from sync_server.store.schema import figure_cells
from tests.fakes.labelled import cast, given_by_rules
from tests.fakes.patience import eventually
from tests.fakes.small_office import NOW, migrated, seed_kiosk, seed_office, seed_votes


def later() -> datetime:
    return NOW + timedelta(hours=3)


def folded(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(figure_cells)) or 0


def test_what_has_been_quiet_is_added_up(tmp_path: Path) -> None:
    database = migrated(tmp_path)
    seed_office(database)
    seed_kiosk(database)
    folder = Folder(database, later, pause=0.01)
    folder.start()
    seed_votes(database, [5, 4])
    assert eventually(lambda: folded(database) > 0)
    folder.stop()
    database.close()


def test_what_has_been_quiet_is_labelled(tmp_path: Path) -> None:
    database = migrated(tmp_path)
    seed_office(database)
    seed_kiosk(database)
    folder = Folder(database, later, pause=0.01)
    folder.start()
    cast(database, 1, case_token="a" * 32)
    again = cast(database, 2, case_token="a" * 32)
    assert eventually(lambda: given_by_rules(database) == {(again, "duplicate")})
    folder.stop()
    database.close()


def test_a_database_that_is_held_is_waited_for(tmp_path: Path) -> None:
    database = migrated(tmp_path)
    seed_office(database)
    seed_kiosk(database)
    seed_votes(database, [5, 4])
    with closing(sqlite3.connect(tmp_path / "server.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        folder = Folder(database, later, pause=0.01)
        folder.start()
        other.rollback()
    assert eventually(lambda: folded(database) > 0)
    folder.stop()
    database.close()


def test_it_ends_before_it_began(tmp_path: Path) -> None:
    Folder(migrated(tmp_path), later).stop()
