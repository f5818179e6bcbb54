"""What is blanked, erased and carried over of what the server has confirmed.

Everything here is one short step of a transaction: a cast that comes meanwhile waits for some milliseconds at most.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from kiosk.core.time_truth import UNBOUNDED
from kiosk.outbox import times
from kiosk.outbox.records import VoteRow
from kiosk.outbox.renewal import Remains, remove_set_aside
from kiosk.outbox.tables import CHECKSUM, COLUMNS, Database, owner, replaced, update_stream
from protocol.messages import Count

SOME = 500  # votes a step


def note_confirmed(database: Database, stored_up_to: Count, server_time: datetime) -> None:
    """Note how far the server has the stream, and that its time has come."""
    (blanked_up_to,) = database.execute("SELECT blanked_up_to FROM stream").fetchone()
    known = max(times.floor(database), min(server_time, UNBOUNDED))
    update_stream(
        database,
        stored_up_to=stored_up_to,
        blanked_up_to=min(blanked_up_to, stored_up_to),
        floor=known.isoformat(),
    )
    if stored_up_to < blanked_up_to:
        database.execute(
            "UPDATE votes SET confirmed_at = NULL WHERE number > ? AND confirmed_at IS NOT NULL", [stored_up_to]
        )
        database.execute(f"UPDATE votes SET checksum = {CHECKSUM} WHERE number > ?", [stored_up_to])


def blank_some(database: Database, server_time: datetime) -> bool:
    """Blank the exact times of some confirmed votes; return whether more are left.

    They are confirmed now by the server's clock, but not before the newest known time: that clock may be behind, and a
    copy must not be old from the beginning.
    """
    stored_up_to, blanked_up_to = database.execute("SELECT stored_up_to, blanked_up_to FROM stream").fetchone()
    last = min(stored_up_to, blanked_up_to + SOME)
    if last == blanked_up_to:
        return False
    # A vote that the server has was settled before it was sent. Whatever way it got there otherwise: settle it now.
    times.settle(database, times.unsettled(database, blanked_up_to + 1, last), times.boots(database))
    times.keep_seen(database, blanked_up_to + 1, last)
    database.execute(
        "UPDATE votes SET boot = NULL, boottime_ns = NULL, wall = NULL, max_error_us = NULL, confirmed_at = ?"
        " WHERE number BETWEEN ? AND ?",
        [max(times.floor(database), server_time).isoformat(), blanked_up_to + 1, last],
    )
    database.execute(f"UPDATE votes SET checksum = {CHECKSUM} WHERE number BETWEEN ? AND ?", [blanked_up_to + 1, last])
    update_stream(database, blanked_up_to=last)
    return bool(last < stored_up_to)


def erase_some(database: Database, before: datetime) -> bool:
    """Erase some of the votes that were confirmed before then; return whether more may be left."""
    (blanked_up_to,) = database.execute("SELECT blanked_up_to FROM stream").fetchone()
    rows = database.execute(
        "SELECT number, confirmed_at FROM votes WHERE number <= ? ORDER BY number LIMIT ?", [blanked_up_to, SOME]
    ).fetchall()
    last = 0
    for number, confirmed_at in rows:
        if datetime.fromisoformat(confirmed_at) >= before:
            break
        last = number
    return _erase(database, last) == SOME


def erase_confirmed(database: Database) -> bool:
    """Erase some of the oldest confirmed votes, for the room; return whether there were any."""
    (blanked_up_to,) = database.execute("SELECT blanked_up_to FROM stream").fetchone()
    last = database.execute(
        "SELECT max(number) FROM (SELECT number FROM votes WHERE number <= ? ORDER BY number LIMIT ?)",
        [blanked_up_to, SOME],
    ).fetchone()[0]
    return _erase(database, last or 0) > 0


def forget_set_aside(database: Database, path: Path, now_known: datetime, before: datetime) -> None:
    """Remove the files that were set aside before then; one that was never looked at is as of now."""
    for number, name, since in database.execute("SELECT id, name, since FROM set_aside").fetchall():
        if since is None:
            database.execute("UPDATE set_aside SET since = ? WHERE id = ?", [now_known.isoformat(), number])
        elif datetime.fromisoformat(since) < before:
            _remove_set_aside(database, path, number, name)


def remove_carried(database: Database, path: Path) -> None:
    """Remove the files set aside of which the server has all votes: they still hold their exact times."""
    for number, name in database.execute(
        "SELECT id, name FROM set_aside WHERE carried <= (SELECT blanked_up_to FROM stream)"
    ).fetchall():
        _remove_set_aside(database, path, number, name)


def erase_set_aside(database: Database, path: Path) -> bool:
    """Remove the oldest file that was set aside, for the room; return whether there was one."""
    oldest = database.execute("SELECT id, name FROM set_aside ORDER BY id LIMIT 1").fetchone()
    if oldest is not None:
        _remove_set_aside(database, path, *oldest)
    return oldest is not None


def remains(database: Database, *, copies: bool) -> Remains:
    """Return what a new stream takes over from a sound one; *copies*: also of the votes that the server has."""
    stream, stored_up_to, starts = database.execute("SELECT stream, stored_up_to, boots FROM stream").fetchone()
    return Remains(
        stream=stream,
        votes=_beyond(database, 0 if copies else stored_up_to),
        cases=(row[0] for row in database.execute("SELECT case_token FROM rated_cases")),
        boots=times.boots(database),
        starts=starts,
        floor=times.floor(database),
        set_aside=database.execute("SELECT name, since, carried IS NOT NULL FROM set_aside ORDER BY id").fetchall(),
        replaced=replaced(database),
        owner=owner(database),
        whole=copies,
    )


def _beyond(database: Database, number: Count) -> Iterator[VoteRow]:
    for row in database.execute(f"SELECT {COLUMNS} FROM votes WHERE number > ? ORDER BY number", [number]):
        yield VoteRow(*row)


def _erase(database: Database, last: int) -> int:
    row = database.execute("SELECT chain FROM votes WHERE number = ?", [last]).fetchone()
    if row is None:
        return 0
    erased = database.execute("DELETE FROM votes WHERE number <= ?", [last]).rowcount
    update_stream(database, kept_from=last + 1, chain_before=row[0])
    return int(erased)


def _remove_set_aside(database: Database, path: Path, number: int, name: str) -> None:
    # The file first: a row without its file is found again, a file without its row is not.
    remove_set_aside(path, name)
    database.execute("DELETE FROM set_aside WHERE id = ?", [number])
