"""Both databases for the tests: a new one each time, with its tables or without."""

import functools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync_server.store.database import Database
from tests.fakes import postgres

_no_postgres = pytest.mark.skipif(postgres.unavailable() is not None, reason=str(postgres.unavailable()))

# What a test is parametrised with that must hold on both.
KINDS = [pytest.param("sqlite", id="sqlite"), pytest.param("postgresql", id="postgresql", marks=_no_postgres)]


@contextmanager
def new_database(kind: str, folder: Path, *, tables: bool = True) -> Iterator[str]:
    """Make a database of a kind, with the newest tables unless told otherwise, and give its URL.

    SQLite's is the file server.sqlite in the folder; PostgreSQL's lies in the tests' own cluster until the end of
    the block.
    """
    if kind == "sqlite":
        if tables:
            write_sqlite_file(folder / "server.sqlite")
        yield f"sqlite:///{folder / 'server.sqlite'}"
        return
    cluster = postgres.shared()
    name = cluster.new_database(_postgres_template() if tables else "template0")
    try:
        yield cluster.url(name)
    finally:
        cluster.drop(name)


def write_sqlite_file(path: Path) -> None:
    """Write a SQLite file with the newest tables."""
    path.write_bytes(_sqlite_template())


@functools.cache
def _sqlite_template() -> bytes:
    # Migrating takes its time; a copy of the file does not.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "server.sqlite"
        _migrate(f"sqlite:///{path}")
        return path.read_bytes()


@functools.cache
def _postgres_template() -> str:
    name = postgres.shared().new_database()
    _migrate(postgres.shared().url(name))
    return name


def _migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()
