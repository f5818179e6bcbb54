"""How one file is put in another's place, so that a kill at any moment leaves one of the two, whole.

The new file is built under the name `….building`. Renaming it to `….new` is the decision: from then on every start
first moves the old file aside and puts the new one in its place, as often as it takes. Before, a start throws the
unfinished file away, and the old one is still what it was.
"""

import contextlib
import errno
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.core.time_truth import EARLIEST, Boot
from kiosk.outbox import times
from kiosk.outbox.records import VoteRow
from kiosk.outbox.tables import (
    Database,
    apply_migrations,
    insert_vote,
    open_reader,
    open_unlogged,
    set_owner,
    set_replaced,
    transaction,
    update_stream,
)
from protocol.chain import EMPTY, link
from protocol.messages import Count, Replaced, ReplacedBecause, StreamId

MOST_SET_ASIDE = 4  # files that were replaced; beyond, the oldest go
KEPT_LOG = "-log-kept"  # of a log with a broken page: what it was before SQLite forgot what stood behind that
LOG_ENDINGS = ("-wal", "-shm", "-journal", KEPT_LOG)


@dataclass(frozen=True)
class Remains:
    """What a new file takes over from an old one; iterables are read once."""

    stream: StreamId
    votes: Iterable[VoteRow]  # ascending
    cases: Iterable[str]
    boots: Iterable[Boot]
    starts: Count
    floor: datetime
    set_aside: Iterable[tuple[str, str | None, bool]]  # names, since when, whether all of it was carried; oldest first
    replaced: Sequence[Replaced]  # streams given up of which the server was not told yet; oldest first
    owner: str | None  # the kiosk it belongs to, as site.kiosk
    whole: bool  # every vote that is in the old file is among these


@dataclass(frozen=True)
class Built:
    """A new file that stands ready: what it replaces, and how many votes and cases it took over."""

    replaced: Replaced
    votes: Count
    cases: Count
    aside: str


def build(path: Path, remains: Callable[[bool], Remains], because: ReplacedBecause) -> Built:
    """Write the new file beside the old one and decide for it; the old one is not touched.

    *remains* is asked for all that is kept, and only if that finds no room, without what the server has confirmed.
    """
    try:
        return _build(path, remains(True), because)
    except (sqlite3.OperationalError, OSError) as error:
        if not _says_full(error):
            raise
    return _build(path, remains(False), because)


def _says_full(error: sqlite3.OperationalError | OSError) -> bool:
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    return error.sqlite_errorcode == sqlite3.SQLITE_FULL


def _build(path: Path, remains: Remains, because: ReplacedBecause) -> Built:
    building = beside(path, ".building")
    _remove(building)
    aside = f"{path.name}.{because}-{secrets.token_hex(4)}"
    building.touch(mode=0o600)
    database = open_unlogged(building)
    try:
        apply_migrations(database)
        with transaction(database):
            votes = _carry_votes(database, remains.votes)
            replaced = Replaced(remains.stream, because, votes)
            cases = _carry_cases(database, remains.cases)
            _carry_boots(database, remains.boots)
            names = [*remains.set_aside, (aside, None, True)][-MOST_SET_ASIDE:]
            database.conn.executemany(
                "INSERT INTO set_aside (name, since, carried) VALUES (?, ?, ?)",
                ((name, since, votes if carried and remains.whole else None) for name, since, carried in names),
            )
            if remains.owner is not None:
                set_owner(database, remains.owner)
            update_stream(database, boots=remains.starts, floor=remains.floor.isoformat())
            set_replaced(database, (*remains.replaced, replaced))
    finally:
        database.conn.close()
    _sync(building)
    building.rename(beside(path, ".new"))
    _sync(path.parent)
    return Built(replaced, votes, cases, aside)


def finish(path: Path) -> None:
    """Carry out what was decided, and clear away what was not; nothing to do is the ordinary case."""
    _remove(beside(path, ".building"))
    new = beside(path, ".new")
    if new.exists():
        names = _names(new)
        # The log first: a log that was left behind would be taken for the new file's. With .new there, nobody reads.
        for ending in (*LOG_ENDINGS, ""):
            _move(beside(path, ending), beside(path.with_name(names[-1]), ending))
        _sync(path.parent)
        _keep_only(path, names)
        new.rename(path)
        _sync(path.parent)


def remove_kept_log(path: Path) -> None:
    """Remove the log that was kept, and be sure of it: it must not be read again when votes have been erased since."""
    beside(path, KEPT_LOG).unlink()
    _sync(path.parent)


def remove_set_aside(path: Path, name: str) -> None:
    """Remove a file that was set aside, with its logs."""
    _remove(path.with_name(name))


def size_set_aside(path: Path) -> int:
    """Return how many bytes the files set aside take."""
    return sum(file.stat().st_size for file in _set_aside(path))


def _carry_votes(database: Database, votes: Iterable[VoteRow]) -> int:
    chain, number = EMPTY, 0
    for number, vote in enumerate(votes, start=1):
        chain = link(chain, vote.vote_id)
        insert_vote(database, vote._replace(number=number, chain=chain, confirmed_at=None))
    return number


def _carry_cases(database: Database, cases: Iterable[str]) -> int:
    before = database.conn.total_changes
    database.conn.executemany("INSERT OR IGNORE INTO rated_cases (case_token) VALUES (?)", ((case,) for case in cases))
    return database.conn.total_changes - before


def _carry_boots(database: Database, boots: Iterable[Boot]) -> None:
    known = set()
    for boot in boots:
        known.add(boot.ordinal)
        times.write_boot(database, boot)
    # A vote whose boot could not be read is still known to be cast in one.
    for ordinal, seen_ns in database.execute(
        "SELECT boot, max(boottime_ns) FROM votes WHERE boot IS NOT NULL GROUP BY boot"
    ).fetchall():
        if ordinal not in known:
            times.write_boot(database, Boot(ordinal, "", EARLIEST, 0, seen_ns))


def _names(new: Path) -> list[str]:
    database = open_reader(new)
    try:
        return [row[0] for row in database.execute("SELECT name FROM set_aside ORDER BY id").fetchall()]
    finally:
        database.conn.close()


def names_set_aside(path: Path) -> list[str]:
    """Return the names of the files set aside, in any order that is the same each time."""
    return sorted(file.name for file in _set_aside(path) if not file.name.endswith(LOG_ENDINGS))


def _keep_only(path: Path, names: list[str]) -> None:
    for file in _set_aside(path):
        if not any(file.name == name or file.name.startswith(f"{name}-") for name in names):
            file.unlink()


def _set_aside(path: Path) -> Iterator[Path]:
    for because in ReplacedBecause:
        yield from path.parent.glob(f"{path.name}.{because}-*")


def beside(path: Path, ending: str) -> Path:
    """Return the path of a file that belongs to another."""
    return path.with_name(path.name + ending)


def _move(source: Path, target: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        source.chmod(0o600)  # the folder may be open to others
        source.rename(target)


def _remove(path: Path) -> None:
    for ending in (*LOG_ENDINGS, ""):
        beside(path, ending).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
