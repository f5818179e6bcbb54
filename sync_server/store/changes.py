"""The number that tells a reader whether any figure may have changed."""

from sqlalchemy import Connection, select, update

from sync_server.store.database import Database
from sync_server.store.schema import changes


def bump(connection: Connection) -> None:
    """Say, in the transaction that changes a figure, that it does."""
    connection.execute(update(changes).values(number=changes.c.number + 1))


def change_number(database: Database) -> int:
    """Return the number; the figures are the same as long as it is."""
    with database.reading() as connection:
        number: int = connection.execute(select(changes.c.number)).scalar_one()
    return number
