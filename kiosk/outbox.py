"""The votes on this kiosk's disk: the only queue there is. The only file that uses sqlite-utils.

One file is one stream: a random id made with it, and numbers 1, 2, 3 … without a gap. A write is on the
disk when its method returns (WAL, synchronous=FULL: one fsync per commit).
"""

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from sqlite_utils import Database, Migrations

from kiosk.controller import StorageBroken
from protocol.messages import CaseToken, Count, CriterionKey, Level, Number, StreamId, Vote, VoteId, whole_hour

BUSY_SECONDS = 5.0
PROBE_BYTES = 8192  # more pages than a vote touches

migrations = Migrations("outbox")


@migrations()
def the_first_tables(database: Database) -> None:
    """Make the tables; raw SQL, for sqlite-utils knows no AUTOINCREMENT."""
    # Without AUTOINCREMENT an emptied table starts again at 1, and the server takes new votes for old ones.
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


@dataclass(frozen=True)
class Draft:
    """A vote before it has an id and a number."""

    survey: Number
    answers: dict[CriterionKey, Level]
    counter: int | None
    case_token: CaseToken | None


@dataclass(frozen=True)
class Instant:
    """When a vote was cast, by every clock of the machine."""

    wall: datetime
    boot_id: str
    boottime_ns: int


@dataclass(frozen=True)
class Stored:
    """The vote is on the disk under this id."""

    vote_id: VoteId


@dataclass(frozen=True)
class AlreadyRated:
    """Nothing was stored: the case has a vote."""


@dataclass(frozen=True)
class Standing:
    """Where the stream is: its newest number, and what the server has confirmed."""

    highest: Count
    stored_up_to: Count

    @property
    def waiting(self) -> int:
        return max(0, self.highest - self.stored_up_to)


class Outbox:
    """An open outbox; its methods may be called from any thread and raise StorageBroken."""

    def __init__(self, path: Path) -> None:
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()
        with _trouble_named():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._database = _open(path)
            try:
                self._database.enable_wal()
                self._database.execute("PRAGMA synchronous=FULL")
                self._database.execute("PRAGMA secure_delete=ON")  # a blanked time is gone, not just unlinked
                migrations.apply(self._database)
                # A second connection, so that a card that stalls on a write does not freeze the screen's reads.
                self._reader = _open(path)
                self._reader.execute("PRAGMA query_only=ON")
            except BaseException:
                self._database.conn.close()
                raise
        self.stream: StreamId = self._reader.execute("SELECT stream FROM stream").fetchone()[0]

    def close(self) -> None:
        """Close the file; what was written stays written."""
        with self._write_lock, self._read_lock:
            self._reader.conn.close()
            self._database.conn.close()

    def count_boot(self) -> int:
        """Note that the kiosk has started once more; return how often by now."""
        with self._writing():
            self._database.execute("UPDATE stream SET boots = boots + 1")
            return int(self._database.execute("SELECT boots FROM stream").fetchone()[0])

    def cast(self, draft: Draft, instant: Instant) -> Stored | AlreadyRated:
        """Store a vote, its id and number minted in the same transaction; at most one per case."""
        with self._writing():
            if draft.case_token is not None:
                fresh = self._database.execute(
                    "INSERT OR IGNORE INTO rated_cases (case_token) VALUES (?)", [draft.case_token]
                ).rowcount
                if not fresh:
                    return AlreadyRated()
            number = _highest(self._database) + 1
            vote = Vote(
                vote_id=secrets.token_hex(16),
                number=number,
                hour=whole_hour(instant.wall),
                survey=draft.survey,
                answers=draft.answers,
                counter=draft.counter,
                case_token=draft.case_token,
            )
            self._database.table("votes").insert(
                {
                    "number": number,
                    "vote_id": vote.vote_id,
                    "vote": msgspec.json.encode(vote).decode(),
                    "boot_id": instant.boot_id,
                    "boottime_ns": instant.boottime_ns,
                    "wall": instant.wall.isoformat(),
                }
            )
        return Stored(vote.vote_id)

    def is_rated(self, token: CaseToken) -> bool:
        """Whether a vote for the case was ever stored here."""
        with self._reading() as reader:
            found = reader.execute("SELECT 1 FROM rated_cases WHERE case_token = ?", [token])
            return found.fetchone() is not None

    def probe(self) -> None:
        """Write more than a vote does, as durably; StorageBroken when that fails."""
        with self._writing():
            self._database.table("probe").insert({"id": 1, "filler": secrets.token_hex(PROBE_BYTES // 2)}, replace=True)

    def standing(self) -> Standing:
        """How many votes there are and how many the server has confirmed."""
        with self._reading() as reader:
            stored_up_to = int(reader.execute("SELECT stored_up_to FROM stream").fetchone()[0])
            return Standing(_highest(reader), stored_up_to)

    def votes(self, first: Number, last: Number) -> tuple[Vote, ...]:
        """Return the votes numbered from first to last that are still kept, ascending."""
        with self._reading() as reader:
            rows = reader.execute(
                "SELECT vote FROM votes WHERE number BETWEEN ? AND ? ORDER BY number", [first, last]
            ).fetchall()
        return tuple(msgspec.json.decode(row[0], type=Vote) for row in rows)

    def confirm(self, stored_up_to: Count) -> None:
        """Note how far the server has the stream; exact times up to there are blanked, the votes stay.

        The number may fall: a server restored from a backup asks for what it lost.
        """
        with self._writing():
            self._database.execute("UPDATE stream SET stored_up_to = ?", [stored_up_to])
            self._database.execute(
                "UPDATE votes SET boot_id = NULL, boottime_ns = NULL, wall = NULL"
                " WHERE number <= ? AND wall IS NOT NULL",
                [stored_up_to],
            )

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        with self._read_lock, _trouble_named():
            yield self._reader

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._write_lock, _trouble_named(), self._database.atomic():
            yield


def _open(path: Path) -> Database:
    return Database(sqlite3.connect(path, check_same_thread=False, timeout=BUSY_SECONDS))


def _highest(database: Database) -> int:
    row = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'votes'").fetchone()
    return 0 if row is None else int(row[0])


@contextmanager
def _trouble_named() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageBroken(str(error)) from None
    except OSError as error:
        raise StorageBroken(error.strerror or "the folder cannot be made") from None
