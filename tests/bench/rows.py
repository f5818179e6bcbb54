"""The rows that a vote becomes, for whoever is measured beside the ingest: same tables, same indices."""

import secrets
import sqlite3
from datetime import UTC, datetime

from protocol.messages import whole_hour
from protocol.topics import Address
from protocol.visits import VisitOutcome
from sync_server.store.database import Database, set_up_sqlite
from sync_server.store.ledger import begin_stream
from sync_server.store.votes import VOTE_COLUMNS
from tests.fakes.small_office import SITE

ANSWER_COLUMNS = ("vote_id", "criterion", "level")
COLUMNS = {"votes": VOTE_COLUMNS, "answers": ANSWER_COLUMNS}

Row = tuple[object, ...]


class Rows:
    """Makes the rows of a stream's votes, one after the other; the stream is in the database then."""

    def __init__(self, url: str) -> None:
        self._stream = secrets.token_hex(16)
        self._number = 0
        database = Database(url)
        now = datetime.now(UTC)
        with database.writing() as connection:
            begin_stream(connection, self._stream, Address(SITE, "k0"), now)
        database.close()
        hour = whole_hour(now)
        self._day = str(now.date())
        self._hour: object = f"{hour:%Y-%m-%d %H:%M:%S.%f}" if url.startswith("sqlite") else hour

    def next(self, vote_id: str, case_token: str | None) -> Row:
        """Return the row of the next vote, its values in the order of VOTE_COLUMNS."""
        self._number += 1
        return (
            *(vote_id, self._stream, self._number, SITE, "k0", self._hour, self._hour, self._day, self._day, 1, 1),
            *(case_token, "huong", "ho-tich", None, self._hour, VisitOutcome.ANSWERED, 0),
        )


def insertion(table: str, place: str) -> str:
    """Return the statement that inserts into a table; *place* is what stands for a value."""
    columns = COLUMNS[table]
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([place] * len(columns))})"


def sqlite_like_the_server(url: str) -> sqlite3.Connection:
    """Open the file as durable, and with as much memory, as the server does."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    set_up_sqlite(connection)
    return connection
