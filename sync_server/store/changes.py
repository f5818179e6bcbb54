"""The numbers that tell a reader in another thread or process whether there may be something new."""

from enum import IntEnum

from sqlalchemy import Connection, select, update

from sync_server.store.database import Database
from sync_server.store.schema import changes


class Subject(IntEnum):
    """What there may be something new about; the value is the row's id."""

    FIGURES = 1
    ORDERS = 2  # what kiosks are to be told: setups and commands
    RIGHTS = 3  # which kiosks there are, and who may send


def bump(connection: Connection, subject: Subject = Subject.FIGURES) -> None:
    """Say, in the transaction that brings something new, that it does."""
    connection.execute(update(changes).where(changes.c.id == subject).values(number=changes.c.number + 1))


def change_number(database: Database, subject: Subject = Subject.FIGURES) -> int:
    """Return the number; nothing is new as long as it stays the same."""
    with database.reading() as connection:
        number: int = connection.execute(select(changes.c.number).where(changes.c.id == subject)).scalar_one()
    return number
