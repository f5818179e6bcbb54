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
PAGE_BYTES = 4096
# Of the header: how often the file was changed, for which change its size is noted, and which SQLite wrote it last.
# They tell how a file came about and nothing of what it holds.
_HISTORY = ((24, b"\x00\x00\x00\x01"), (92, b"\x00\x00\x00\x01"), (96, b"\x00\x00\x00\x00"))
_TYPES: dict[Kind, type] = {Kind.TEXT: str, Kind.DAY: str, Kind.NUMBER: int}


def write_sqlite(path: Path, tables: Iterable[Table], *, settled: bool = False) -> None:
    """Write tables into an empty file that is there; *settled*: the same rows always become the same bytes."""
    with _opened(path) as database:
        database.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        # It is a draft: nobody reads it before it is whole, and it goes if it is not.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        for table in tables:
            types = {column.key: _TYPES[column.kind] for column in table.columns}
            database.table(table.name).create(types)
            keys: Sequence[Any] = [column.key for column in table.columns]
            rows: Iterable[Sequence[Any]] = chain([keys], table.rows)  # the library takes the first for the columns
            database.table(table.name).insert_all(rows, batch_size=ROWS_AT_ONCE)
    if settled:
        with path.open("r+b") as file:
            for place, history in _HISTORY:
                file.seek(place)
                file.write(history)


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
