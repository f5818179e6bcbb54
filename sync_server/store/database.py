"""Opening the database, transactions, troubles. Above this file nobody knows which database it is."""

import functools
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection as Connection
from sqlalchemy import Dialect, Engine, Table, TextClause, bindparam, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sync_server.store import postgres, revisions

BUSY_MILLISECONDS = 5000
REBUILD_MILLISECONDS = 3_600_000
_PATIENCE = {"REBUILD": REBUILD_MILLISECONDS, "WRITE AT ONCE": 0}
# Ids are random, so a transaction touches pages all over the file: with SQLite's own 2 MB cache and a log of 1,000
# pages, most of the time goes into writing the same pages again and again.
CACHE_KIBIBYTES = 64 * 1024
LOG_PAGES = 16_000  # 64 MB

# What SQLite says about a file that it cannot use, and what to do about it.
_CURES = {
    "unable to open database file": "its folder has to be there, and this user has to be let in (--settings names it)",
    "file is not a database": "name the right file in the settings, or move this one away and restore a backup",
    "database disk image is malformed": "stop the server, move this file away and restore a backup",
    "attempt to write a readonly database": "this user has to be let write the file and its folder",
}

_REFUSED = (IntegrityError, DataError, psycopg.IntegrityError, psycopg.DataError)
_DRIVERS = (sqlite3.Error, psycopg.Error)


class DatabaseTrouble(Exception):
    """The database cannot be opened or used; the text is fit for an operator."""


class CannotBeStored(Exception):
    """The database refuses the content itself; another attempt would end the same."""


class Database:
    """One database, given by its URL; SQLite and PostgreSQL behave the same from here on."""

    def __init__(self, url: str) -> None:
        self.engine = _open(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._file = sqlite_file(url)

    @property
    def place(self) -> str:
        """Where it is, for people: its file, or its URL without the password."""
        if self._file is not None:
            return str(self._file)
        return self.engine.url.set(query={}).render_as_string()

    @property
    def is_missing(self) -> bool:
        """Whether opening it would make it: SQLite makes a file that is not there."""
        if self._file is None:
            return False
        try:
            self._file.stat()
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:  # whoever opens it is told better what is wrong
            return False
        return False

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads: one consistent view. Raises DatabaseTrouble, also for an attempt to write."""
        try:
            with self.engine.connect() as connection:
                if self.is_sqlite:
                    connection.execution_options(sqlite_begin="READ")
                else:
                    connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                with connection.begin():
                    yield connection
        except (SQLAlchemyError, *_DRIVERS) as error:
            raise DatabaseTrouble(self._in_short(error)) from None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, or rolled back by any exception.

        Raises CannotBeStored for content that the database refuses, DatabaseTrouble for any other trouble with it.
        After trouble in the very commit nobody knows whether it was done: whoever tries again must not mind.
        """
        with self._named_troubles(), self.engine.connect() as connection:
            connection.execution_options(sqlite_begin="WRITE")
            with connection.begin():
                yield connection

    @contextmanager
    def writing_at_once(self) -> Iterator[Connection]:
        """`writing` that waits for no other writer of SQLite: DatabaseTrouble instead."""
        with self._named_troubles(), self.engine.connect() as connection:
            connection.execution_options(sqlite_begin="WRITE AT ONCE")
            with connection.begin():
                yield connection

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """A transaction that may make and remake tables; one at a time, and it may last. Raises as `writing` does."""
        with self._named_troubles(), self.engine.connect() as connection:
            connection.execution_options(sqlite_begin="REBUILD")
            with connection.begin():
                if not self.is_sqlite:
                    postgres.without_limits(connection)
                    postgres.wait_for_other_migrations(connection)
                    self._check_encoding(connection)
                yield connection
                if self.is_sqlite and connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
                    raise DatabaseTrouble("some rows would refer to rows that are not there")

    @contextmanager
    def reading_at_leisure(self) -> Iterator[Connection]:
        """`reading` that may last as long as it must, while others go on writing."""
        with self.reading() as connection:
            if not self.is_sqlite:
                postgres.without_limits(connection)
            yield connection

    def revision(self) -> str | None:
        """Return the revision of the tables, None when there are none; DatabaseTrouble when it is a newer program's."""
        with self.reading() as connection:
            current = revisions.revision_of(connection)
        if current is not None and current not in revisions.revisions():
            raise DatabaseTrouble("the database was made by a newer version of this program")
        return current

    def migrate(self) -> str | None:
        """Bring the tables up to the newest revision and return the one they had; DatabaseTrouble as `revision`."""
        before = self.revision()
        if before != revisions.newest():
            with self.rebuilding() as connection:
                before = revisions.revision_of(connection)  # who waited here may find it done
                revisions.upgrade(connection, revisions.newest())
        return before

    @contextmanager
    def _named_troubles(self) -> Iterator[None]:
        try:
            yield
        except _REFUSED as error:
            name = "IntegrityError" if isinstance(error, (IntegrityError, psycopg.IntegrityError)) else "DataError"
            raise CannotBeStored(f"the database refuses it: {name}") from None
        except (DBAPIError, PoolTimeout, *_DRIVERS) as error:
            raise DatabaseTrouble(self._in_short(error)) from None
        except (StatementError, OverflowError, UnicodeEncodeError) as error:  # a value that cannot even be bound
            raise CannotBeStored(f"the database refuses it: {type(error).__name__}") from None

    def _in_short(self, error: Exception) -> str:
        said = (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0]
        if self._file is None:
            return said
        cure = _CURES.get(said)
        return f"{self._file}: {said}" if cure is None else f"{self._file}: {said}: {cure}"

    def _check_encoding(self, connection: Connection) -> None:
        if (found := postgres.encoding(connection)) != "UTF8":
            raise DatabaseTrouble(f"the database keeps its texts as {found}; create it with ENCODING 'UTF8'")


def insert_or_update(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], keys: Sequence[str]) -> None:
    """Insert rows; where the keys are there already, replace the rest of the row."""
    if rows:
        connection.execute(_upsert(connection.dialect, table, tuple(rows[0]), tuple(keys), ()), rows)


def insert_or_add(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    keys: Sequence[str],
    replaced: Collection[str] = (),
) -> None:
    """Insert rows; where the keys are there already, add the rest of the row to what is there, or replace it."""
    if rows:
        added = tuple(name for name in rows[0] if name not in keys and name not in replaced)
        connection.execute(_upsert(connection.dialect, table, tuple(rows[0]), tuple(keys), added), rows)


@functools.lru_cache(maxsize=200)
def _upsert(
    dialect: Dialect, table: Table, names: tuple[str, ...], keys: tuple[str, ...], added: tuple[str, ...]
) -> TextClause:
    # Both databases understand it; SQLAlchemy's own is compiled anew each time, which takes longer than the database.
    quoted = {name: dialect.identifier_preparer.quote(name) for name in names}
    into = dialect.identifier_preparer.quote(table.name)
    changed = ", ".join(
        f"{quoted[name]} = " + (f"{into}.{quoted[name]} + " if name in added else "") + f"excluded.{quoted[name]}"
        for name in names
        if name not in keys
    )
    columns, values = ", ".join(quoted.values()), ", ".join(f":{name}" for name in names)
    conflict = ", ".join(quoted[name] for name in keys)
    return text(
        f"INSERT INTO {into} ({columns}) VALUES ({values}) ON CONFLICT ({conflict}) DO UPDATE SET {changed}"
    ).bindparams(*(bindparam(name, type_=table.c[name].type) for name in names))


def _open(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if "@" in (parsed.host or ""):
            raise ValueError
        match parsed.get_backend_name():
            case "sqlite":
                engine = create_engine(parsed)
                event.listen(engine, "connect", lambda connection, _record: set_up_sqlite(connection))
                event.listen(engine, "begin", _begin_sqlite)
            case "postgresql":
                engine = create_engine(parsed, **postgres.engine_arguments(parsed.query))
            case _:
                raise ArgumentError("expected sqlite:///… or postgresql+psycopg://…")
    except ValueError:  # its text would quote what may be a part of the password
        raise DatabaseTrouble(
            "the database URL cannot be used: expected postgresql+psycopg://user:password@host:port/name, in the"
            " password %40 for @ and %2F for /"
        ) from None
    except (SQLAlchemyError, ImportError) as error:
        raise DatabaseTrouble(f"the database URL cannot be used: {error}") from None
    return engine


def sqlite_file(url: str) -> Path | None:
    """Return the file that a SQLite database is kept in; None when it is in none, or of another kind."""
    try:
        parsed = make_url(url)
    except (ValueError, SQLAlchemyError):
        return None
    kept = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(parsed.database or "") if kept else None


def set_up_sqlite(connection: sqlite3.Connection) -> None:
    """Make a connection durable and patient."""
    connection.isolation_level = None  # the driver would begin transactions by itself, and too late
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KIBIBYTES}")
    cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    kind = connection.get_execution_options().get("sqlite_begin")
    driver.execute(f"PRAGMA query_only={'ON' if kind == 'READ' else 'OFF'}")
    # SQLite alters most tables by making them anew, and dropping the old one would count as dropping what refers to it.
    driver.execute(f"PRAGMA foreign_keys={'OFF' if kind == 'REBUILD' else 'ON'}")
    driver.execute(f"PRAGMA busy_timeout={_PATIENCE.get(str(kind), BUSY_MILLISECONDS)}")
    # A reader that turns writer in mid-transaction can fail at once; writers say so at the start and wait.
    driver.execute("BEGIN IMMEDIATE" if kind in ("WRITE", "WRITE AT ONCE", "REBUILD") else "BEGIN DEFERRED")
