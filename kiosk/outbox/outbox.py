"""The outbox as the rest of the kiosk sees it."""

import logging
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from pathlib import Path

import msgspec

from kiosk.controller import StorageBroken
from kiosk.core.draft import Draft
from kiosk.core.time_truth import (
    EARLIEST,
    UNBOUNDED,
    Anchor,
    Boot,
    Now,
    Reading,
    best_now,
    ntp_anchor,
    twice_told,
)
from kiosk.outbox import retention, tables, times
from kiosk.outbox.records import (
    AlreadyRated,
    Limits,
    Proof,
    Salvaged,
    Standing,
    StorageDamaged,
    Stored,
    VoteRow,
    checksum,
)
from kiosk.outbox.renewal import Remains, build, finish
from kiosk.outbox.room import Room
from kiosk.outbox.salvage import repair
from kiosk.outbox.tables import (
    COLUMNS,
    Database,
    head,
    insert_vote,
    open_file,
    open_reader,
    snapshot,
    transaction,
    trouble_named,
    update_stream,
)
from protocol.chain import link
from protocol.messages import (
    CaseToken,
    Chain,
    ClockReport,
    Count,
    Number,
    Replaced,
    ReplacedBecause,
    StreamId,
    Vote,
)

log = logging.getLogger(__name__)

PROBE_BYTES = 8192  # more pages than a vote touches


class Outbox:
    """An open outbox; its methods may be called from any thread and raise StorageBroken.

    Opening it finishes or undoes what a killed process had begun, and salvages a damaged file: `salvaged` then says
    what was found, and `replaced` what the server has to be told. A second process that opens the outbox of a running
    kiosk must not *mend* it, nor `renew` it. The *owner* is this kiosk, as site.kiosk: another one's file is renewed.
    """

    def __init__(
        self, path: Path, limits: Limits | None = None, *, mend: bool = True, owner: str | None = None
    ) -> None:
        self._path = path
        self._limits = limits or Limits()
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()
        self._boot: Boot | None = None
        self._joining = not mend
        self.closed = False
        with trouble_named():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.salvaged: Salvaged | None = None
            if mend:
                finish(path)
                self.salvaged = repair(path)
            self._open()
        if mend and owner is not None:
            try:
                self._belong_to(owner)
            except BaseException:
                self.close()
                raise

    @property
    def stream(self) -> StreamId:
        """The id of the present stream; a renewal changes it."""
        return self._stream

    def close(self) -> None:
        """Close the file; what was written stays written."""
        with self._write_lock, self._read_lock:
            self._close()

    def count_boot(self) -> int:
        """Note that the kiosk has started once more; return how often by now."""
        with self._writing() as database:
            starts = int(database.execute("SELECT boots FROM stream").fetchone()[0]) + 1
            update_stream(database, boots=starts)
        return starts

    def starts(self) -> Count:
        """How often the kiosk has started."""
        with self._reading() as reader:
            return int(reader.execute("SELECT boots FROM stream").fetchone()[0])

    # --- votes ---

    def cast(self, draft: Draft, reading: Reading) -> Stored | AlreadyRated:
        """Store a vote, its id and number minted in the same transaction; at most one per case.

        Raises StorageBroken, before anybody is thanked, when it would take more room than it may.
        """
        begun = self._begun(reading)
        self._make_room()
        with self._writing() as database:
            if draft.spent is not None:
                fresh = database.execute(
                    "INSERT OR IGNORE INTO rated_cases (case_token) VALUES (?)", [draft.spent]
                ).rowcount
                if not fresh:
                    return AlreadyRated()
                if draft.spends is not None:  # that the case was rated at all is known on the days after as well
                    database.execute("INSERT OR IGNORE INTO rated_cases (case_token) VALUES (?)", [draft.case_token])
            highest, chain = head(database)
            vote_id = secrets.token_hex(16)
            row = VoteRow(
                number=highest + 1,
                vote_id=vote_id,
                draft=msgspec.json.encode(draft).decode(),
                boot=begun.ordinal,
                boottime_ns=reading.boottime_ns,
                wall=reading.wall.isoformat(),
                max_error_us=None if reading.max_error is None else times.microseconds(reading.max_error),
                chain=link(chain, vote_id),
                hour=None,
                latest_hour=None,
                confirmed_at=None,
            )
            # What this reading proves of the time is in the row itself; an anchor would outlive the blanking.
            insert_vote(database, row)
        return Stored(vote_id)

    def is_rated(self, token: CaseToken) -> bool:
        """Whether a vote that spends this was ever stored here."""
        with self._reading() as reader:
            found = reader.execute("SELECT 1 FROM rated_cases WHERE case_token = ?", [token])
            return found.fetchone() is not None

    def probe(self) -> None:
        """Write more than a vote does, as durably; StorageBroken when that fails, or votes would find no room."""
        self._make_room()
        with self._writing() as database:
            database.table("probe").insert({"id": 1, "filler": secrets.token_hex(PROBE_BYTES // 2)}, replace=True)

    def standing(self) -> Standing:
        """Where the stream is, and which it is."""
        with self._reading() as reader, snapshot(reader):
            stream, stored_up_to, kept_from, chain_before = reader.execute(
                "SELECT stream, stored_up_to, kept_from, chain_before FROM stream"
            ).fetchone()
            highest, _ = head(reader)
            oldest = reader.execute(
                f"SELECT {COLUMNS} FROM votes WHERE number > ? ORDER BY number LIMIT 1", [stored_up_to]
            ).fetchone()
            hour = None if oldest is None else times.earliest_hour(reader, VoteRow(*oldest))
            replaced = tables.replaced(reader)
        return Standing(highest, stored_up_to, kept_from, chain_before, hour, stream, replaced)

    def settle(self, first: Number, last: Number, reading: Reading) -> None:
        """Decide, by all that is known at *reading*, in which hours these votes were cast; once decided, it stays.

        Votes of a boot that never saw the time, with none after it that did, get UNBOUNDED as their latest hour.
        """
        with self._reading() as reader:
            rows = times.unsettled(reader, first, last)
        if not rows:
            return
        begun = self._begun(reading)
        with self._writing() as database:
            boot = times.note_anchor(database, begun, ntp_anchor(reading))
            times.settle(database, rows, times.boots(database))
        self._boot = boot

    def votes(self, first: Number, last: Number) -> tuple[Vote, ...]:
        """Return the votes numbered from first to last that are kept, ascending, up to the first unsettled one."""
        with self._reading() as reader:
            rows = _whole_rows(reader, first, last)
        return tuple(row.vote() for row in takewhile(lambda row: row.hour is not None, rows))

    def dated(self, first: Number, last: Number, reading: Reading) -> tuple[Vote, ...]:
        """Return the votes numbered from first to last, dated as `settle` would at *reading*, and write nothing.

        For a disk that takes nothing any more. Dated later they may come out narrower; who has a vote keeps it as it
        came first.
        """
        with self._reading() as reader, snapshot(reader):
            rows = _whole_rows(reader, first, last)
            known = times.boots_at(reader, reading)
        return tuple(row.vote() for row in times.dated(rows, known))

    # --- receipts ---

    def proof(self, stored_up_to: Count, chain: Chain) -> Proof:
        """Say whether a receipt speaks of this stream's votes."""
        with self._reading() as reader:
            kept_from, before = reader.execute("SELECT kept_from, chain_before FROM stream").fetchone()
            row = reader.execute("SELECT chain FROM votes WHERE number = ?", [stored_up_to]).fetchone()
        if stored_up_to < kept_from - 1:
            return Proof.UNKNOWN
        known = before if stored_up_to == kept_from - 1 else None if row is None else row[0]
        return Proof.MATCHES if known == chain else Proof.OTHER_VOTES

    def confirmed_at(self, number: Count) -> datetime | None:
        """The server's time when it confirmed this vote, or the newest known if that was later.

        None when it has not, or the vote is erased.
        """
        with self._reading() as reader:
            row = reader.execute("SELECT confirmed_at FROM votes WHERE number = ?", [number]).fetchone()
        return None if row is None or row[0] is None else datetime.fromisoformat(row[0])

    def confirm(self, stored_up_to: Count, server_time: datetime, of: StreamId | None = None) -> None:
        """Note how far the server has the stream, and blank the exact times up to there; the votes stay.

        The number may fall: a server restored from a backup asks for what it lost. Nothing is noted where *of* names
        another stream than this: it was replaced since the receipt was judged.
        """
        for _ in self.confirming(stored_up_to, server_time, of):
            pass

    def confirming(self, stored_up_to: Count, server_time: datetime, of: StreamId | None = None) -> Iterator[None]:
        """Confirm in steps of one short transaction each, so that a cast can come between."""
        with self._writing() as database:
            if of not in (None, database.execute("SELECT stream FROM stream").fetchone()[0]):
                return
            retention.note_confirmed(database, stored_up_to, server_time)
            more = retention.blank_some(database, server_time)
            retention.remove_carried(database, self._path)
        while more:
            yield
            with self._writing() as database:
                more = retention.blank_some(database, server_time)
                retention.remove_carried(database, self._path)

    def forget(self, now_known: datetime) -> None:
        """Erase confirmed votes, and files set aside, that are older than the retention; see `time_to_erase_by`."""
        for _ in self.forgetting(now_known):
            pass

    def forgetting(self, now_known: datetime) -> Iterator[None]:
        """Forget in steps of one short transaction each."""
        before = now_known - self._limits.retention
        with self._writing() as database:
            times.forget_boots(database, None if self._boot is None else self._boot.ordinal)
            retention.forget_set_aside(database, self._path, now_known, before)
            more = retention.erase_some(database, before)
        while more:
            yield
            with self._writing() as database:
                more = retention.erase_some(database, before)

    # --- another stream in place of this one ---

    @property
    def replaced(self) -> tuple[Replaced, ...]:
        """The streams that this one continues, oldest first, until the server knows."""
        with self._reading() as reader:
            return tables.replaced(reader)

    def replaced_is_known(self) -> None:
        """Note that the server has been told."""
        with self._writing() as database:
            tables.set_replaced(database, ())

    def renew(self, because: ReplacedBecause) -> Replaced:
        """Set this file aside and begin a new stream with every vote that is kept, under its own id.

        Confirmed ones too: the server drops what it has, and one that was restored from a backup may lack them. Rated
        cases, boots, anchors, known time and settled hours are taken over. Killed at any moment, the next start finds
        one of the two files whole. After StorageBroken the outbox may be closed; opening it anew goes on.
        """
        return self._renew(because, None)

    def _renew(self, because: ReplacedBecause, owner: str | None) -> Replaced:
        def remains(copies: bool) -> Remains:
            kept = retention.remains(self._database, copies=copies)
            return kept if owner is None else replace(kept, owner=owner)

        with self._write_lock, self._read_lock, trouble_named():
            built = build(self._path, remains, because)
            self._close()
            finish(self._path)
            self._open()
        log.warning("a new stream was begun (%s); %d votes were taken over", because, built.votes)
        return built.replaced

    def _belong_to(self, owner: str) -> None:
        """Note whose file this is; one that was copied from another kiosk's card goes on as a new stream."""
        with self._reading() as reader:
            noted = tables.owner(reader)
        if noted is None:
            with self._writing() as database:
                tables.set_owner(database, owner)
        elif noted != owner:
            log.error("this card is a copy of kiosk %s's, and this is kiosk %s: a new stream is begun", noted, owner)
            self._renew(ReplacedBecause.COPIED, owner)

    # --- time ---

    def know_at_least(self, moment: datetime) -> None:
        """Note that this moment has come; for the boots that begin from now on."""
        with self._writing() as database:
            times.set_floor(database, max(times.floor(database), min(moment, UNBOUNDED)))

    def begin_boot(self, reading: Reading) -> None:
        """Note that the machine runs, in the same boot as before or in a new one."""
        begun = self._begun(reading)
        with self._writing() as database:
            boot = times.note_anchor(database, begun, ntp_anchor(reading))
        self._boot = boot

    def note_anchor(self, anchor: Anchor) -> None:
        """Note what the time was at a moment of the running boot; anchors of any other are of no use and ignored."""
        boot = self._boot
        if boot is not None and boot.boot_id == anchor.boot_id:
            with self._writing() as database:
                boot = times.note_anchor(database, boot, anchor)
            self._boot = boot

    def see(self, reading: Reading) -> None:
        """Note, now and then, how long the boot lasts and what the wall clock proves; writes seldom."""
        begun = self._begun(reading)
        with self._writing() as database:
            boot = times.note_anchor(database, begun, ntp_anchor(reading))
            if reading.boottime_ns - boot.seen_ns >= times.SEEN_NS:
                boot = replace(boot, seen_ns=reading.boottime_ns)
                times.seen_until(database, boot.ordinal, boot.seen_ns)
        self._boot = boot

    def clock(self, reading: Reading) -> ClockReport:
        """Say how well the time is known, and how wrong the wall clock is."""
        return self._now(reading).report()

    def known_time(self, reading: Reading) -> datetime:
        """Return the best estimate of the present time, never before the newest known time."""
        return self._now(reading).time

    def proven_time(self, reading: Reading) -> datetime:
        """Return a time that has certainly come: what is old by it is old."""
        return self._now(reading).not_before

    def time_to_erase_by(self) -> datetime:
        """Return a time that the server has told twice in this boot, hours apart; EARLIEST when in doubt."""
        return EARLIEST if self._boot is None else twice_told(self._boot)

    def _now(self, reading: Reading) -> Now:
        boot = self._boot
        if boot is None or boot.boot_id != reading.boot_id:
            boot = Boot(0, reading.boot_id, EARLIEST, 0, 0)
        return best_now(reading, boot)

    def _begun(self, reading: Reading) -> Boot:
        if self._boot is None or self._boot.boot_id != reading.boot_id:
            with self._writing() as database:
                boot = times.begin_boot(database, reading, joining=self._joining)
            self._boot = boot
        return self._boot

    # --- the file ---

    def _make_room(self) -> None:
        """Erase what is only a copy until there is room for a vote; StorageBroken when nothing is left to erase."""
        if not self._lack():
            return
        with self._write_lock, trouble_named():
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log may be what takes the room
        self._room.look_again()
        while lack := self._lack():
            with self._writing() as database:
                if not (retention.erase_set_aside(database, self._path) or retention.erase_confirmed(database)):
                    raise StorageBroken(lack)
            self._room.look_again()

    def _lack(self) -> str:
        with self._write_lock, trouble_named():
            return self._room.lack(self._database)

    def _open(self) -> None:
        self._database = open_file(self._path)
        try:
            # A second connection, so that a card that stalls on a write does not freeze the screen's reads.
            self._reader = open_reader(self._path)
        except BaseException:
            self._database.conn.close()
            raise
        self._room = Room(self._path, self._limits)
        self._stream: StreamId = self._reader.execute("SELECT stream FROM stream").fetchone()[0]
        self.closed = False

    def _close(self) -> None:
        self.closed = True
        self._reader.conn.close()
        self._database.conn.close()

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        with self._read_lock, trouble_named():
            yield self._reader

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        with self._write_lock, trouble_named(), transaction(self._database):
            yield self._database


def _whole_rows(reader: Database, first: Number, last: Number) -> list[VoteRow]:
    rows = reader.execute(
        f"SELECT checksum, {COLUMNS} FROM votes WHERE number BETWEEN ? AND ? ORDER BY number", [first, last]
    ).fetchall()
    if any(written != checksum(*row) for written, *row in rows):
        raise StorageDamaged("a vote is not as it was written")
    return [VoteRow(*row) for _, *row in rows]
