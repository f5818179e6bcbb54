"""The file's tables, how it is opened, and what its errors mean. The only file that uses sqlite-utils."""

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from kiosk.controller import StorageBroken
from kiosk.core.time_truth import EARLIEST
from kiosk.outbox.pages import PAGE_BYTES
from kiosk.outbox.records import StorageDamaged, VoteRow, checksum, settled_row
from protocol.chain import EMPTY, link
from protocol.messages import MOST_REPLACED, Replaced, ReplacedBecause, Vote

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations
else:
    # Loading it takes longer than opening the window: whoever opens a file loads it, once the first screen stands.
    Database: TypeAlias = Any

__all__ = ["Database"]  # so that only this file names the library

BUSY_SECONDS = 5.0
LONGEST_LOG = 4 * 1024 * 1024  # bytes that the log keeps after a checkpoint
COLUMNS = ", ".join(VoteRow._fields)
CHECKSUM = f"checksum({COLUMNS})"
STREAM_COLUMNS = (
    *("stream", "stored_up_to", "blanked_up_to", "kept_from", "chain_before", "boots", "floor"),
    *("replaced", "because", "carried"),
)
BOOT_COLUMNS = ("ordinal", "boot_id", "floor", "began_ns", "seen_ns")
OWNER_COLUMNS = ("name",)
REPLACED_COLUMNS = ("stream", "because", "carried")
ANCHOR_COLUMNS = ("boot", "boottime_ns", "time", "error_us", "source")

_INSERT = f"INSERT INTO votes ({COLUMNS}, checksum) VALUES ({', '.join('?' * (len(VoteRow._fields) + 1))})"


def the_first_tables(database: Database) -> None:
    """Make the tables; raw SQL, for sqlite-utils knows no AUTOINCREMENT."""
    database.execute(
        "CREATE TABLE votes (number INTEGER PRIMARY KEY AUTOINCREMENT, vote_id TEXT NOT NULL UNIQUE,"
        " vote TEXT NOT NULL, boot_id TEXT, boottime_ns INTEGER, wall TEXT) STRICT"
    )
    # Apart from the votes, because a case stays rated when its vote has long been sent and erased.
    database.execute("CREATE TABLE rated_cases (case_token TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")
    database.execute(
        "CREATE TABLE stream (stream TEXT NOT NULL, stored_up_to INTEGER NOT NULL, boots INTEGER NOT NULL) STRICT"
    )
    database.table("stream").insert({"stream": secrets.token_hex(16), "stored_up_to": 0, "boots": 0})
    database.execute("CREATE TABLE probe (id INTEGER PRIMARY KEY, filler TEXT) STRICT")


def chains_and_boots(database: Database) -> None:
    """Give every vote its chain and its settled hour, and remember the boots and what they knew of the time."""
    stream, stored_up_to, boots = database.execute("SELECT stream, stored_up_to, boots FROM stream").fetchone()
    old = database.execute("SELECT number, vote FROM votes ORDER BY number").fetchall()
    highest = database.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence").fetchone()[0]
    database.execute("DROP TABLE votes")
    database.execute("DROP TABLE stream")
    # The numbers need no AUTOINCREMENT any more: kept_from remembers where an emptied table goes on. Nor has vote_id
    # an index: the number is what votes are asked by, and an index is one more page to write for each.
    database.execute(
        "CREATE TABLE votes (number INTEGER PRIMARY KEY, vote_id TEXT NOT NULL, draft TEXT NOT NULL, boot INTEGER,"
        " boottime_ns INTEGER, wall TEXT, max_error_us INTEGER, chain TEXT NOT NULL, hour TEXT, latest_hour TEXT,"
        " confirmed_at TEXT, checksum INTEGER NOT NULL) STRICT"
    )
    database.execute(
        "CREATE TABLE stream (stream TEXT NOT NULL, stored_up_to INTEGER NOT NULL, blanked_up_to INTEGER NOT NULL,"
        " kept_from INTEGER NOT NULL, chain_before TEXT NOT NULL, boots INTEGER NOT NULL, floor TEXT NOT NULL,"
        " replaced TEXT, because TEXT, carried INTEGER, checksum INTEGER NOT NULL) STRICT"
    )
    database.execute(
        "CREATE TABLE boots (ordinal INTEGER PRIMARY KEY, boot_id TEXT NOT NULL, floor TEXT NOT NULL,"
        " began_ns INTEGER NOT NULL, seen_ns INTEGER NOT NULL, checksum INTEGER NOT NULL) STRICT"
    )
    database.execute(
        "CREATE TABLE anchors (boot INTEGER NOT NULL, boottime_ns INTEGER NOT NULL, time TEXT NOT NULL,"
        " error_us INTEGER NOT NULL, source TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT"
    )
    database.execute("CREATE TABLE set_aside (id INTEGER PRIMARY KEY, name TEXT NOT NULL, since TEXT) STRICT")
    chain = EMPTY
    for number, text in old:
        vote = msgspec.json.decode(text, type=Vote)
        chain = link(chain, vote.vote_id)
        confirmed_at = vote.hour.isoformat() if number <= stored_up_to else None
        row = settled_row(vote)._replace(chain=chain, confirmed_at=confirmed_at)
        insert_vote(database, row)
    kept_from = old[0][0] if old else highest + 1
    values = (stream, stored_up_to, stored_up_to, kept_from, EMPTY, boots, EARLIEST.isoformat(), None, None, None)
    insert(database, "stream", STREAM_COLUMNS, values)


def whose_it_is_and_what_was_carried(database: Database) -> None:
    """Note which kiosk the file belongs to, and up to which number a file set aside has been taken over whole."""
    # A table of its own: a column of `stream` would need its checksums anew, and hide that one of them was wrong.
    database.execute("CREATE TABLE owner (name TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT")
    database.execute("ALTER TABLE set_aside ADD COLUMN carried INTEGER")


def what_was_replaced_before(database: Database) -> None:
    """Note the streams given up before the one in `stream.replaced` of which the server was not told either."""
    database.execute(
        "CREATE TABLE replaced_before (stream TEXT NOT NULL, because TEXT NOT NULL, carried INTEGER NOT NULL,"
        " checksum INTEGER NOT NULL) STRICT"
    )


def open_file(path: Path) -> Database:
    """Open, or make, a file to write to; sqlite3.Error when that fails."""
    database = _connected(path)
    try:
        database.enable_wal()
        database.execute("PRAGMA synchronous=FULL")
        database.execute("PRAGMA secure_delete=ON")  # a blanked time is gone, not just unlinked
        database.execute(f"PRAGMA journal_size_limit={LONGEST_LOG}")
    except BaseException:
        database.conn.close()
        raise
    return database


def open_unlogged(path: Path) -> Database:
    """Open a file that will be whole in itself when it is closed, without a log beside it."""
    database = _connected(path)
    database.execute("PRAGMA synchronous=FULL")
    return database


def open_reader(path: Path) -> Database:
    """Open a file to read from it, without waiting for whoever writes."""
    database = _connected(path)
    database.execute("PRAGMA query_only=ON")
    return database


def migrations() -> "Migrations":
    """Return what brings the tables up to date, oldest first."""
    from sqlite_utils import Migrations

    steps = Migrations("outbox")
    for step in (the_first_tables, chains_and_boots, whose_it_is_and_what_was_carried, what_was_replaced_before):
        steps()(step)
    return steps


def apply_migrations(database: Database) -> None:
    """Bring the tables up to date."""
    migrations().apply(database)


def insert_vote(database: Database, row: VoteRow) -> None:
    """Add a vote under its number."""
    database.execute(_INSERT, [*row, checksum(*row)])


def insert(database: Database, table: str, columns: tuple[str, ...], values: tuple[str | int | None, ...]) -> None:
    """Add a row with its checksum."""
    marks = ", ".join("?" * (len(columns) + 1))
    database.execute(
        f"INSERT INTO {table} ({', '.join(columns)}, checksum) VALUES ({marks})", [*values, checksum(*values)]
    )


def update_stream(database: Database, **changes: str | int | None) -> None:
    """Change what is known of the stream."""
    database.execute(f"UPDATE stream SET {', '.join(f'{column} = ?' for column in changes)}", list(changes.values()))
    database.execute(f"UPDATE stream SET checksum = checksum({', '.join(STREAM_COLUMNS)})")


def replaced(database: Database) -> tuple[Replaced, ...]:
    """Return the streams given up of which the server was not told yet, oldest first."""
    last = database.execute("SELECT replaced, because, carried FROM stream WHERE replaced IS NOT NULL").fetchall()
    before = database.execute("SELECT stream, because, carried FROM replaced_before ORDER BY rowid").fetchall()
    return tuple(Replaced(stream, ReplacedBecause(because), carried) for stream, because, carried in (*before, *last))


def set_replaced(database: Database, streams: Sequence[Replaced]) -> None:
    """Note the streams given up of which the server was not told yet, oldest first."""
    database.execute("DELETE FROM replaced_before")
    if not streams:
        update_stream(database, replaced=None, because=None, carried=None)
        return
    *before, last = streams
    # When they are too many for a hello, the newest of these go: the server knew the oldest, while of the newer ones,
    # begun since it was last heard, it has probably never seen a vote.
    for each in before[:MOST_REPLACED]:
        insert(database, "replaced_before", REPLACED_COLUMNS, (each.stream, str(each.because), each.carried))
    update_stream(database, replaced=last.stream, because=str(last.because), carried=last.carried)


def owner(database: Database) -> str | None:
    """Return which kiosk the file belongs to, as site.kiosk; None when that was never noted."""
    row = database.execute("SELECT name FROM owner").fetchone()
    return None if row is None else str(row[0])


def set_owner(database: Database, name: str) -> None:
    """Note which kiosk the file belongs to."""
    database.execute("DELETE FROM owner")
    insert(database, "owner", OWNER_COLUMNS, (name,))


def head(database: Database) -> tuple[int, str]:
    """Return the newest number of the stream and the chain there."""
    newest = database.execute("SELECT number, chain FROM votes ORDER BY number DESC LIMIT 1").fetchone()
    if newest is None:
        newest = database.execute("SELECT kept_from - 1, chain_before FROM stream").fetchone()
    return int(newest[0]), str(newest[1])


@contextmanager
def trouble_named() -> Iterator[None]:
    """Turn whatever the disk or SQLite complains of into StorageBroken, or StorageDamaged."""
    try:
        yield
    except sqlite3.Error as error:
        raise (StorageDamaged if damage(error) else StorageBroken)(str(error)) from None
    except OSError as error:
        raise StorageBroken(error.strerror or "the folder cannot be used") from None


@contextmanager
def transaction(database: Database) -> Iterator[None]:
    """Do all of it or nothing; on the disk when it ends.

    Immediate, for whoever has read before it writes is not made to wait for another writer but refused.
    """
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        database.rollback()  # does nothing if the error has already done so
        raise


@contextmanager
def snapshot(database: Database) -> Iterator[None]:
    """See the file as it is at the first question, whatever is written meanwhile."""
    database.execute("BEGIN")
    try:
        yield
    finally:
        database.rollback()


def damage(error: sqlite3.Error) -> bool:
    """Whether the file's content is at fault, and not the disk, a lock or the programmer."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # raised by Python itself: a text that is none, if it is not the use of a closed file
        return isinstance(error, sqlite3.OperationalError)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _connected(path: Path) -> Database:
    from sqlite_utils import Database

    connection = sqlite3.connect(path, check_same_thread=False, timeout=BUSY_SECONDS)
    connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
    connection.create_function("checksum", -1, checksum, deterministic=True)
    return Database(connection)
