"""Opening the database, transactions, migrations. The only place that knows which database it is."""

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as Connection
from sqlalchemy import Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
    StatementError,
)

# Which migration plugins are loaded is nobody's business at every start.
logging.getLogger("alembic").setLevel(logging.WARNING)

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MILLISECONDS = 5000


class DatabaseTrouble(Exception):
    """The database cannot be opened or used; the text is fit for an operator."""


class CannotBeStored(Exception):
    """The database refuses the content itself; another attempt would end the same."""


class Database:
    """One database, given by its URL; SQLite and PostgreSQL behave the same from here on."""

    def __init__(self, url: str) -> None:
        try:
            self.engine = _open(url)
        except (ArgumentError, SQLAlchemyError, ImportError) as error:
            raise DatabaseTrouble(f"the database URL cannot be used: {error}") from None

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads: one consistent view. Raises DatabaseTrouble."""
        try:
            with self.engine.connect() as connection, connection.begin():
                yield connection
        except SQLAlchemyError as error:
            raise DatabaseTrouble(_in_short(error)) from None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, or rolled back by any exception.

        Raises CannotBeStored for content that the database refuses, DatabaseTrouble for any other trouble with it.
        """
        try:
            with self.engine.connect() as connection:
                connection.execution_options(sqlite_begin="IMMEDIATE")
                with connection.begin():
                    yield connection
        except (IntegrityError, DataError) as error:
            raise CannotBeStored(f"the database refuses it: {type(error).__name__}") from None
        except DBAPIError as error:
            raise DatabaseTrouble(_in_short(error)) from None
        except StatementError as error:  # a value that cannot even be bound
            raise CannotBeStored(f"the database refuses it: {type(error).__name__}") from None

    def migrate(self) -> None:
        """Bring the tables up to the newest version; DatabaseTrouble when they are newer than this program."""
        with self.writing() as connection:
            known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
            current = MigrationContext.configure(connection).get_current_revision()
            if current is not None and current not in known:
                raise DatabaseTrouble("the database was made by a newer version of this program")
            command.upgrade(_alembic(connection), "head")


def insert_or_update(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], keys: Sequence[str]) -> None:
    """Insert rows; where the keys are there already, replace the rest of the row."""
    if not rows:
        return
    insert = (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)
    others = {column: insert.excluded[column] for column in rows[0] if column not in keys}
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=others), rows)


def _open(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise ArgumentError("expected sqlite:///… or postgresql+psycopg://…")
    engine = create_engine(parsed)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin transactions by itself, and too late
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer in mid-transaction can fail at once; writers say so at the start and wait.
    kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")


def _alembic(connection: Connection) -> Config:
    config = _config()
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _in_short(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
