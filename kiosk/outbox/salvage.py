"""Whether a file is sound, and what can still be read of one that is not.

SQLite notices broken structure but not a flipped bit in a value, so every row carries a checksum and every vote its
link of the chain, and all of them are looked at when the outbox is opened.
"""

import logging
import sqlite3
from pathlib import Path

import msgspec

from kiosk.core.draft import Draft
from kiosk.outbox.pages import pages_believed
from kiosk.outbox.records import Salvaged, VoteRow, checksum
from kiosk.outbox.remains import Readable
from kiosk.outbox.renewal import KEPT_LOG, beside, build, finish, names_set_aside, remove_kept_log
from kiosk.outbox.tables import (
    ANCHOR_COLUMNS,
    BOOT_COLUMNS,
    COLUMNS,
    OWNER_COLUMNS,
    REPLACED_COLUMNS,
    STREAM_COLUMNS,
    Database,
    apply_migrations,
    damage,
    head,
    insert_vote,
    open_file,
    transaction,
)
from protocol.chain import link
from protocol.messages import ReplacedBecause
from protocol.visits import VisitOutcome
from protocol.whole_file import write_whole

log = logging.getLogger(__name__)


def repair(path: Path) -> Salvaged | None:
    """Bring the file up to date; when it is damaged, put a new one with all that can be read in its place.

    None when it is sound, or was not there. Raises sqlite3.Error and OSError when the disk is at fault.
    """
    logged = _read(path, "-wal")
    if logged and _is_empty(path):
        fault = "it is empty, but its log is not"  # SQLite is not to open it: it would remove the log
    else:
        _keep_what_sqlite_forgets(path, logged)
        fault = find_fault(path)
    kept = _read(path, KEPT_LOG)
    if not fault:
        if kept:
            _take_what_was_behind_a_broken_page(path, kept)
            remove_kept_log(path)
        return None
    log.error("the outbox is damaged: %s", fault)
    remains = Readable()
    remains.take_file(path)
    remains.take_log(kept)
    remains.take_log(logged)
    remains.take_missing([_set_aside(path.with_name(name)) for name in names_set_aside(path)])
    built = build(path, lambda copies: remains.to_carry(path, copies=copies), ReplacedBecause.DAMAGED)
    finish(path)
    salvaged = Salvaged(built.votes, built.cases, remains.unreadable, built.aside)
    log.error(
        "of the damaged outbox %d votes and %d rated cases were read, %d votes were not; it is kept as %s",
        *(salvaged.votes, salvaged.cases, salvaged.unreadable, salvaged.file),
    )
    return salvaged


def find_fault(path: Path) -> str:
    """Say what is wrong with the content of a file, after bringing its tables up to date; empty when it is sound."""
    try:
        database = open_file(path)
        try:
            if database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                return "its structure is broken"
            apply_migrations(database)
            return _fault_in_rows(database)
        finally:
            database.conn.close()
    except sqlite3.Error as error:
        # SQLITE_ERROR: a table or a column is not there.
        if damage(error) or error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
            return str(error)
        raise
    except (LookupError, ValueError, TypeError, msgspec.MsgspecError) as error:
        return f"its tables cannot be understood ({type(error).__name__})"


def _fault_in_rows(database: Database) -> str:
    for table, columns in (
        *(("stream", STREAM_COLUMNS), ("owner", OWNER_COLUMNS)),
        *(("boots", BOOT_COLUMNS), ("anchors", ANCHOR_COLUMNS), ("replaced_before", REPLACED_COLUMNS)),
    ):
        wrong = f"SELECT count(*) FROM {table} WHERE checksum <> checksum({', '.join(columns)})"
        if database.execute(wrong).fetchone()[0]:
            return f"what it knows of its {table} is not as it was written"
    streams = database.execute("SELECT kept_from, chain_before, stored_up_to, blanked_up_to FROM stream").fetchall()
    if len(streams) != 1:
        return "it does not say which stream it is"
    number, chain, stored_up_to, blanked_up_to = streams[0]
    for row in database.execute(f"SELECT {COLUMNS}, checksum FROM votes ORDER BY number"):
        vote = VoteRow(*row[:-1])
        chain = link(chain, vote.vote_id)
        if checksum(*vote) != row[-1] or (vote.number, vote.chain) != (number, chain):
            return "a vote is not as it was written"
        number += 1
    spent = "coalesce(json_extract(draft, '$.spends'), json_extract(draft, '$.case_token'))"
    answered = f"coalesce(json_extract(draft, '$.outcome'), '{VisitOutcome.ANSWERED}') = '{VisitOutcome.ANSWERED}'"
    unknown = f"SELECT count(*) FROM votes WHERE {spent} IS NOT NULL AND {answered} AND {spent} NOT IN rated_cases"
    if database.execute(unknown).fetchone()[0]:
        return "a case with a vote is not known to be rated"
    if not 0 <= blanked_up_to <= stored_up_to < number:
        return "it says that more votes are confirmed than were written"
    return ""


def _keep_what_sqlite_forgets(path: Path, logged: bytes) -> None:
    """Copy a log of which SQLite believes only a part, before it opens the file: it forgets the rest for good.

    What is in the copy is read at every start until it is taken over; a kill in between costs nothing. A sound log, as
    an ordinary kill leaves it, is not copied, for a card wears with each writing.
    """
    # One that is there already has all that this one may have: no vote was cast since.
    if beside(path, KEPT_LOG).exists():
        return
    readable = Readable()
    readable.take_log(logged, after=pages_believed(logged))
    if readable.votes:
        write_whole(beside(path, KEPT_LOG), logged, draft=".building")


def _take_what_was_behind_a_broken_page(path: Path, kept: bytes) -> None:
    """Append the votes of the log that SQLite no longer sees: their numbers are free again, and go on without a gap."""
    readable = Readable()
    readable.take_log(kept, after=pages_believed(kept))
    database = open_file(path)
    try:
        with transaction(database):
            found = _append_lost(database, readable)
    finally:
        database.conn.close()
    if found:
        log.warning("%d votes were found behind a broken page of the outbox's log", found)


def _append_lost(database: Database, readable: Readable) -> int:
    highest, chain = head(database)
    # By their ids too: a start that was killed after this has appended them already, under other numbers.
    known = {row[0] for row in database.execute("SELECT vote_id FROM votes").fetchall()}
    lost = [vote for vote in readable.waiting() if vote.number > highest and vote.vote_id not in known]
    for number, vote in enumerate(lost, start=highest + 1):
        chain = link(chain, vote.vote_id)
        insert_vote(database, vote._replace(number=number, chain=chain))
        spent = msgspec.json.decode(vote.draft, type=Draft).spent
        if spent is not None:
            database.execute("INSERT OR IGNORE INTO rated_cases (case_token) VALUES (?)", [spent])
    return len(lost)


def _set_aside(path: Path) -> Readable:
    readable = Readable()
    readable.take_file(path)
    for ending in (KEPT_LOG, "-wal"):
        readable.take_log(_read(path, ending))
    return readable


def _read(path: Path, ending: str) -> bytes:
    try:
        return beside(path, ending).read_bytes()
    except FileNotFoundError:
        return b""


def _is_empty(path: Path) -> bool:
    return not path.exists() or path.stat().st_size == 0
