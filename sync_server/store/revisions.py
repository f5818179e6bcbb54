"""The revisions of the tables: which there are, which one a database has, and the way from one to the next."""

import functools
import logging
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
)
from sqlalchemy.types import TypeEngine

from sync_server.store.columns import Instant

# Which migration plugins are loaded is nobody's business at every start.
logging.getLogger("alembic").setLevel(logging.WARNING)

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"

# What the tables are made of, whichever database they are in.
_KINDS: tuple[tuple[type[TypeEngine[Any]], TypeEngine[Any]], ...] = (
    (DateTime, Instant()),
    (Date, Date()),
    (JSON, JSON()),
    (LargeBinary, LargeBinary()),
    (Integer, BigInteger()),
    (String, Text()),
)


@functools.cache
def revisions() -> tuple[str, ...]:
    """Return every revision that this program knows, oldest first."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(reversed([script.revision for script in scripts]))


def newest() -> str:
    """Return the revision that this program works with."""
    return revisions()[-1]


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the tables there are; None when there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, revision: str) -> None:
    """Bring the tables up to a revision, inside the caller's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@functools.cache
def tables_of(revision: str) -> tuple[Table, ...]:
    """Return the tables as they are at a revision, each after those that it refers to; to read and fill, not to make.

    They are found out by making them in memory, for the schema tells the newest only.
    """
    engine = create_engine("sqlite://")
    found = MetaData()
    with engine.begin() as connection:
        upgrade(connection, revision)
        found.reflect(connection)
    engine.dispose()
    tables = tuple(table for table in found.sorted_tables if table.name != VERSION_TABLE)
    for column in (column for table in tables for column in table.columns):
        column.type = next(ours for theirs, ours in _KINDS if isinstance(column.type, theirs))
    return tables


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    return config
