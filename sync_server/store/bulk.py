"""Many rows at once, past the statement machinery, which takes longer than both databases do.

SQLite gets tuples in one prepared statement, PostgreSQL a COPY. What is written reads back exactly as what was
inserted one by one: each value passes through its column's own type first.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from sqlalchemy import Column, Connection, Date, Dialect, Table, text

from sync_server.store.columns import Instant
from sync_server.store.database import CannotBeStored

Converter = Callable[[Any], Any]


def bulk_insert(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    all_new: bool = False,
) -> int:
    """Insert rows, their values in the order of the columns; return how many were inserted.

    A row whose key is there already, in the table or further up in the rows, is passed over. With *all_new* none
    may be: that is faster on PostgreSQL, and a key that is there fails the transaction. Rows are held in memory as
    often as three times; some thousands at a time cost nothing more than many.

    Raises inside the transaction what `Database.writing` makes CannotBeStored or DatabaseTrouble of.
    """
    if not rows:
        return 0
    bound = _bound(connection.dialect, [table.c[name] for name in columns], rows)
    if connection.dialect.name == "sqlite":
        return _into_sqlite(connection, table, columns, bound, all_new=all_new)
    if all_new:
        _copy(connection, _quoted(connection, table.name), columns, bound)
        return len(rows)
    return _through_a_temporary_table(connection, table, columns, bound)


def _bound(
    dialect: Dialect, columns: Sequence[Column[Any]], rows: Sequence[Sequence[object]]
) -> list[tuple[object, ...]]:
    """Return the rows as the driver wants them."""
    by_column: list[Sequence[object]] = list(zip(*rows, strict=True))
    try:
        for place, column in enumerate(columns):
            convert: Converter | None = column.type.dialect_impl(dialect).bind_processor(dialect)
            if convert is None:
                continue
            if isinstance(column.type, (Instant, Date)):  # few different ones, and slow to write out
                written = {value: convert(value) for value in set(by_column[place])}
                by_column[place] = [written[value] for value in by_column[place]]
            else:
                by_column[place] = [convert(value) for value in by_column[place]]
    except (ValueError, TypeError) as error:  # its text may quote the value
        raise CannotBeStored(f"the database refuses it: {type(error).__name__}") from None
    return list(zip(*by_column, strict=True))


def _into_sqlite(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: list[tuple[object, ...]],
    *,
    all_new: bool,
) -> int:
    names = ", ".join(_quoted(connection, name) for name in columns)
    places = ", ".join("?" * len(columns))
    passing_over = "" if all_new else " ON CONFLICT DO NOTHING"
    statement = f"INSERT INTO {_quoted(connection, table.name)} ({names}) VALUES ({places}){passing_over}"
    return connection.exec_driver_sql(statement, rows).rowcount


def _through_a_temporary_table(
    connection: Connection, table: Table, columns: Sequence[str], rows: list[tuple[object, ...]]
) -> int:
    names = ", ".join(_quoted(connection, name) for name in columns)
    # One a list of columns, for the life of the connection: making one each time would fill the catalogue.
    temporary = f"bulk_{table.name}_{hashlib.sha256(names.encode()).hexdigest()[:8]}"
    if connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"pg_temp.{temporary}"}) is None:
        connection.exec_driver_sql(
            f"CREATE TEMPORARY TABLE {temporary} ON COMMIT DELETE ROWS AS"
            f" SELECT {names} FROM {_quoted(connection, table.name)} WITH NO DATA"
        )
    else:
        connection.exec_driver_sql(f"DELETE FROM {temporary}")  # what an earlier call of this transaction left
    _copy(connection, temporary, columns, rows)
    return connection.exec_driver_sql(
        f"INSERT INTO {_quoted(connection, table.name)} ({names}) SELECT {names} FROM {temporary}"
        " ON CONFLICT DO NOTHING"
    ).rowcount


def _copy(connection: Connection, quoted: str, columns: Sequence[str], rows: list[tuple[object, ...]]) -> None:
    names = ", ".join(_quoted(connection, name) for name in columns)
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.cursor() as cursor, cursor.copy(f"COPY {quoted} ({names}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
