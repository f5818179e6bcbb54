"""A SQLite file that explains itself. The only file of the server that uses sqlite-utils."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from sync_server.core.exports.tables import Kind, Table
from sync_server.exports.drafts import ExportTrouble

ROWS_AT_ONCE = 1_000
_TYPES: dict[Kind, type] = {Kind.TEXT: str, Kind.DAY: str, Kind.NUMBER: int}


def write_sqlite(path: Path, tables: Iterable[Table]) -> None:
    """Write tables into an empty file that is there."""
    with _opened(path) as database:
        # It is a draft: nobody reads it before it is whole, and it goes if it is not.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        for table in tables:
            types = {column.key: _TYPES[column.kind] for column in table.columns}
            database.table(table.name).create(types)
            keys: Sequence[Any] = [column.key for column in table.columns]
            rows: Iterable[Sequence[Any]] = chain([keys], table.rows)  # the library takes the first for the columns
            database.table(table.name).insert_all(rows, batch_size=ROWS_AT_ONCE)


def count_sqlite(path: Path) -> int:
    """Check a file and return the number of rows of all its tables; ExportTrouble where it is damaged."""
    with _opened(path) as database:
        [(found,)] = database.execute("PRAGMA quick_check(1)").fetchall()
        if found != "ok":
            raise ExportTrouble(f"{path}: was not written as it should be: {found}")
        return sum(database.table(name).count for name in database.table_names())


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    try:
        database = Database(sqlite3.connect(path))
    except sqlite3.Error as error:
        raise ExportTrouble(f"{path}: cannot be opened: {error}") from None
    try:
        yield database
    except sqlite3.Error as error:
        raise ExportTrouble(f"{path}: cannot be written: {error}") from None
    finally:
        database.conn.close()
