"""How PostgreSQL is spoken to: what every connection asks for, and what it is asked before the tables are made."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, text

# Long enough for a commit on a slow disk. Whoever waits longer is told, and tries again on a connection that works.
CONNECT_SECONDS = 5
LOCK_MILLISECONDS = 5_000
STATEMENT_MILLISECONDS = 60_000
# A stopped process must not keep the others out of its streams for ever.
IDLE_MILLISECONDS = 60_000
# A network that swallows everything is noticed after this time and not after TCP's quarter of an hour.
UNANSWERED_MILLISECONDS = 15_000
RECYCLE_SECONDS = 1_800

# Any number will do that no other program takes in the same database; these are the letters "hailong".
MIGRATION_LOCK = int.from_bytes(b"hailong", "big")

SESSION = {
    # On whatever the server's own default is: a receipt says that the vote is on the disk.
    "synchronous_commit": "on",
    "timezone": "UTC",
    "statement_timeout": STATEMENT_MILLISECONDS,
    "lock_timeout": LOCK_MILLISECONDS,
    "idle_in_transaction_session_timeout": IDLE_MILLISECONDS,
}

# Held by whoever looks up which cases there are for votes, against whoever adds cases and looks up votes for them:
# neither sees what the other has not committed, and the vote would never hear of its case.
CASES_LOCK = MIGRATION_LOCK + 1


def engine_arguments(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the engine is opened with, beside its URL; what the URL's query says itself has the last word."""
    options = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    connecting: dict[str, Any] = {
        "client_encoding": "UTF8",
        "connect_timeout": CONNECT_SECONDS,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": UNANSWERED_MILLISECONDS,
        "application_name": "hailong",
    }
    connecting = {name: value for name, value in connecting.items() if name not in query}
    connecting["options"] = f"{options} {query.get('options', '')}".rstrip()
    # Each connection is tried before it is used, so that nobody meets one that died with a server that is back.
    return {"connect_args": connecting, "pool_pre_ping": True, "pool_recycle": RECYCLE_SECONDS}


def without_limits(connection: Connection) -> None:
    """Let this transaction take all the time it needs."""
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {name} = 0"))


def wait_for_other_migrations(connection: Connection) -> None:
    """Wait until no other transaction changes the tables; until this one ends, none will."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})


def keep_cases_as_they_are(connection: Connection) -> None:
    """Wait until nobody else adds cases; until this transaction ends, nobody will. Many may do so at once."""
    connection.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": CASES_LOCK})


def add_cases_alone(connection: Connection) -> None:
    """Wait until nobody adds votes or cases; until this transaction ends, nobody will."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CASES_LOCK})


def count_on(connection: Connection, tables: Iterable[str]) -> None:
    """Let numbers that the database gives out go on behind those that were written into these tables."""
    numbered = text(
        "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)"
        " FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = ANY(:tables) AND column_default LIKE 'nextval(%'"
    )
    for table, column, sequence in connection.execute(numbered, {"tables": list(tables)}).all():
        highest = f'SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}"'
        connection.execute(text(f"SELECT setval(:sequence, ({highest}), false)"), {"sequence": sequence})


def encoding(connection: Connection) -> str:
    """Return the encoding of the database's texts."""
    return str(connection.scalar(text("SHOW server_encoding")))
