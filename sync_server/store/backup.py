"""Backing up and restoring: one moment of the database, whole, into a file, and from a file into any database.

A backup is made while the server goes on working, and read back before it takes its place. It can be restored into
the other kind of database, and by a newer program. What kiosks have sent since then they send again by themselves;
who may send is not set back, and nothing counts as heard of a kiosk until it has spoken again.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, Text, collate, delete, func, inspect, select, update
from sqlalchemy.sql.elements import ColumnElement

from sync_server.store import postgres, revisions
from sync_server.store.backup_file import (
    BackupReader,
    BackupTrouble,
    BackupWriter,
    Digest,
    Lines,
    Manifest,
    Row,
    TableEntry,
    check_place,
    draft_of,
    put_in_place,
    reading_backup,
    writing_backup,
)
from sync_server.store.bulk import bulk_insert
from sync_server.store.database import CannotBeStored, Database, DatabaseTrouble
from sync_server.store.issued_files import IssuedFiles, issued_files
from sync_server.store.registrations import Kept, Registrations, keep_registrations, read_registrations
from sync_server.store.schema import changes, decisions, kiosk_status, metadata

ROWS_AT_ONCE = 2_000

# What is being done, how many rows of it are done, and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class BackedUp:
    """What a backup holds, and what is amiss with the files that it should hold, in words."""

    manifest: Manifest
    amiss: tuple[str, ...] = ()


def back_up(
    database: Database, keys: Mapping[str, bytes], folder: Path, path: Path, now: datetime, progress: Progress
) -> BackedUp:
    """Write everything there is, as of one moment, to a file that only its owner may read; return what it holds.

    *keys* are the secret keys by their names, *folder* holds the files of what was issued. An earlier backup of this
    name is replaced at the very end, by one that was read back and found whole. Raises BackupTrouble, also for a file
    there that is none, and DatabaseTrouble.
    """
    check_place(path)
    with writing_backup(path) as backup:
        done = _write(database, keys, folder, now, backup, progress)
    try:
        with reading_backup(draft_of(path)) as written:
            check(written, progress)
    except BaseException:
        draft_of(path).unlink(missing_ok=True)
        raise
    put_in_place(path)
    return done


def restore(
    database: Database,
    backup: BackupReader,
    put_beside: Callable[[], None],
    progress: Progress,
    *,
    replace: bool = False,
) -> Kept:
    """Fill the database with what a backup holds, and bring its tables up to date; return what was kept beside it.

    All is one transaction: whatever fails, everything is as before. *put_beside* is called just before it ends, to put
    keys and files into place. The database must be empty, or *replace* says that what is in it is to go, all but the
    registrations of its kiosks. Raises BackupTrouble (also for a database that is not empty), DatabaseTrouble, and
    what *put_beside* raises.
    """
    tables = _tables_in(backup)
    try:
        with database.rebuilding() as connection:
            before = _change_numbers(connection)
            present = read_registrations(connection) if replace else Registrations()
            _make_room(connection, tables, replace=replace)
            revisions.upgrade(connection, backup.manifest.revision)
            for table in reversed(tables):  # migrations bring some rows themselves
                connection.execute(delete(table))
            for table in tables:
                _fill(connection, table, backup, progress)
            for table, entry in zip(tables, backup.manifest.tables, strict=True):
                _compare(connection, table, entry, progress)
            if not database.is_sqlite:
                postgres.count_on(connection, [table.name for table in tables])
            revisions.upgrade(connection, revisions.newest())
            # An old report would be taken for one of today, and its kiosk for one that holds nothing more.
            connection.execute(delete(kiosk_status))
            kept = keep_registrations(connection, present)
            _tell_of_changes(connection, before)
            put_beside()
    except CannotBeStored:
        raise BackupTrouble(f"{backup.path}: holds rows that this database refuses; nothing was changed") from None
    return kept


def check(backup: BackupReader, progress: Progress) -> None:
    """Read all that a backup holds; BackupTrouble when anything is not as it was written."""
    for table, entry in zip(_tables_in(backup), backup.manifest.tables, strict=True):
        seen, rows = _seen(progress, f"reading {table.name} back", entry.rows), 0
        for part in backup.rows(table):
            rows += len(part)
            seen(rows)
    backup.keys()
    for issued in backup.manifest.files or ():
        for _ in backup.file(issued):
            pass


def _write(
    database: Database,
    keys: Mapping[str, bytes],
    folder: Path,
    now: datetime,
    backup: BackupWriter,
    progress: Progress,
) -> BackedUp:
    revision = database.revision()
    if revision is None:
        raise BackupTrouble("there is nothing to back up: the database has no tables yet")
    with database.reading_at_leisure() as connection:
        if revisions.revision_of(connection) != revision:
            raise DatabaseTrouble("another process is changing the tables; try again when it is done")
        tables = revisions.tables_of(revision)
        totals = {table.name: _count(connection, table) for table in tables}
        for table in tables:
            seen = _seen(progress, f"writing {table.name}", totals[table.name])
            with _rows(connection, table) as parts:
                backup.add_table(table, parts, seen)
        issued = IssuedFiles({}, ())
        if decisions.name in totals:
            issued = issued_files(connection, folder)
    for name, key in sorted(keys.items()):
        backup.add_key(name, key)
    for name, path in issued.there.items():
        backup.add_file(name, path)
    return BackedUp(backup.finish(revision, now), issued.amiss)


def _tables_in(backup: BackupReader) -> tuple[Table, ...]:
    path, manifest = backup.path, backup.manifest
    if manifest.revision not in revisions.revisions():
        raise BackupTrouble(f"{path}: was made by a newer version of this program; update this one first")
    tables = revisions.tables_of(manifest.revision)
    expected = [(table.name, tuple(column.name for column in table.columns)) for table in tables]
    if [(entry.name, entry.columns) for entry in manifest.tables] != expected:
        raise BackupTrouble(f"{path}: is damaged: its tables are not those of revision {manifest.revision}")
    return tables


def _make_room(connection: Connection, tables: tuple[Table, ...], *, replace: bool) -> None:
    present = revisions.revision_of(connection)
    there = revisions.tables_of(present) if present in revisions.revisions() else ()
    ours = {*metadata.tables, *(table.name for table in (*tables, *there)), revisions.VERSION_TABLE}
    found = MetaData()
    found.reflect(connection, only=sorted(ours & set(inspect(connection).get_table_names())))
    if not replace:
        brought_by_migrations = {changes.name, revisions.VERSION_TABLE}
        for table in found.sorted_tables:
            if table.name not in brought_by_migrations and connection.execute(select(table).limit(1)).first():
                raise BackupTrouble(
                    "the database is not empty; --replace puts the backup in the place of what is there"
                )
    found.drop_all(connection)


def _fill(connection: Connection, table: Table, backup: BackupReader, progress: Progress) -> None:
    columns = [column.name for column in table.columns]
    total = backup.manifest.rows_of(table.name)
    seen, rows = _seen(progress, f"restoring {table.name}", total), 0
    for part in backup.rows(table):
        bulk_insert(connection, table, columns, part, all_new=True)
        rows += len(part)
        seen(rows)


def _compare(connection: Connection, table: Table, entry: TableEntry, progress: Progress) -> None:
    """Read a table anew and compare it with what the manifest says of it."""
    lines = Lines(table)
    seen = _seen(progress, f"checking {table.name}", entry.rows)
    with _rows(connection, table) as parts:
        for part in parts:
            lines.of(part)
            seen(lines.rows)
    if lines.digest() != Digest(entry.rows, entry.sha256):
        raise BackupTrouble(f"table {table.name} is not in the database as it was written; nothing was changed")


@contextmanager
def _rows(connection: Connection, table: Table) -> Iterator[Iterator[list[Row]]]:
    """Give the rows in the order of their keys, which is the same everywhere; never all at once."""
    ordered = select(table).order_by(*(_in_plain_order(connection, column) for column in table.primary_key))
    with connection.execute(ordered, execution_options={"yield_per": ROWS_AT_ONCE}) as result:
        yield ([tuple(row) for row in part] for part in result.partitions())


def _in_plain_order(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    # PostgreSQL would order texts as people do, each database in its own language.
    as_bytes = connection.dialect.name != "sqlite" and isinstance(column.type, Text)
    return collate(column, "C") if as_bytes else column


def _count(connection: Connection, table: Table) -> int:
    return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def _seen(progress: Progress, what: str, total: int) -> Callable[[int], None]:
    return lambda rows: progress(what, rows, total)


def _change_numbers(connection: Connection) -> dict[int, int]:
    if not inspect(connection).has_table(changes.name):
        return {}
    return {row.id: row.number for row in connection.execute(select(changes))}


def _tell_of_changes(connection: Connection, before: Mapping[int, int]) -> None:
    """Let every reader notice: no number may be one that was there before."""
    for row in connection.execute(select(changes)).all():
        number = max(row.number, before.get(row.id, 0)) + 1
        connection.execute(update(changes).where(changes.c.id == row.id).values(number=number))
