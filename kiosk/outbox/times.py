"""The boots and anchors as they lie on the disk, and how votes are settled by them."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from kiosk.core.time_truth import Anchor, Boot, Reading, Timeline, note, ntp_anchor
from kiosk.outbox.records import VoteRow
from kiosk.outbox.tables import ANCHOR_COLUMNS, BOOT_COLUMNS, CHECKSUM, COLUMNS, Database, insert, update_stream
from protocol.messages import ClockSource

log = logging.getLogger(__name__)

SEEN_NS = 600_000_000_000  # how long a boot lasts is known in steps of ten minutes

_MICROSECOND = timedelta(microseconds=1)


def floor(database: Database) -> datetime:
    """Return the newest known time."""
    return datetime.fromisoformat(database.execute("SELECT floor FROM stream").fetchone()[0])


def set_floor(database: Database, known: datetime) -> None:
    """Note the newest known time."""
    update_stream(database, floor=known.isoformat())


def boots(database: Database) -> list[Boot]:
    """Return all boots that are still remembered, ascending, with what was seen of them."""
    anchors: dict[int, list[Anchor]] = {}
    names = dict(database.execute("SELECT ordinal, boot_id FROM boots").fetchall())
    for ordinal, boottime_ns, time, error_us, source in database.execute(
        "SELECT boot, boottime_ns, time, error_us, source FROM anchors ORDER BY boottime_ns"
    ).fetchall():
        anchor = Anchor(
            names.get(ordinal, ""),
            boottime_ns,
            datetime.fromisoformat(time),
            timedelta(microseconds=error_us),
            ClockSource(source),
        )
        anchors.setdefault(ordinal, []).append(anchor)
    seen = dict(
        database.execute(
            "SELECT boot, max(boottime_ns) FROM votes WHERE number > (SELECT blanked_up_to FROM stream)"
            " AND boot IS NOT NULL GROUP BY boot"
        ).fetchall()
    )
    return [
        Boot(
            ordinal,
            boot_id,
            datetime.fromisoformat(known),
            began_ns,
            max(seen_ns, seen.get(ordinal, 0)),
            tuple(anchors.get(ordinal, ())),
        )
        for ordinal, boot_id, known, began_ns, seen_ns in database.execute(
            "SELECT ordinal, boot_id, floor, began_ns, seen_ns FROM boots ORDER BY ordinal"
        ).fetchall()
    ]


def begin_boot(database: Database, reading: Reading, *, joining: bool = False) -> Boot:
    """Return the boot that is running, noted as a new one unless it is the last one known.

    *joining* another process that runs in this boot and notes it: then the id alone says which boot it is, for what
    that process has written since *reading* was taken is no earlier boot's.
    """
    known = boots(database)
    last = known[-1] if known else None
    # A boot clock that has gone back is another boot, whatever its id says.
    if last is not None and last.boot_id == reading.boot_id and (joining or last.seen_ns <= reading.boottime_ns):
        return last
    proven = max(floor(database), Timeline(known[-1:]).newest_known())
    set_floor(database, proven)
    ordinal = 1 if last is None else last.ordinal + 1
    boot = Boot(ordinal, reading.boot_id, proven, reading.boottime_ns, reading.boottime_ns)
    write_boot(database, boot)
    return boot


def write_boot(database: Database, boot: Boot) -> None:
    """Write what is known of a boot, over what was."""
    database.execute("DELETE FROM boots WHERE ordinal = ?", [boot.ordinal])
    database.execute("DELETE FROM anchors WHERE boot = ?", [boot.ordinal])
    floor = (boot.floor.isoformat(), boot.began_ns)
    insert(database, "boots", BOOT_COLUMNS, (boot.ordinal, boot.boot_id, *floor, boot.seen_ns))
    for known in boot.anchors:
        values = (
            *(boot.ordinal, known.boottime_ns, known.time.isoformat()),
            *(microseconds(known.error), str(known.source)),
        )
        insert(database, "anchors", ANCHOR_COLUMNS, values)


def seen_until(database: Database, ordinal: int, seen_ns: int) -> None:
    """Note that a boot has lasted at least so long."""
    database.execute("UPDATE boots SET seen_ns = max(seen_ns, ?) WHERE ordinal = ?", [seen_ns, ordinal])
    columns = ", ".join(BOOT_COLUMNS)
    database.execute(f"UPDATE boots SET checksum = checksum({columns}) WHERE ordinal = ?", [ordinal])


def keep_seen(database: Database, first: int, last: int) -> None:
    """Remember how long the boots of these votes lasted, before the exact times of the votes are blanked."""
    for ordinal, seen_ns in database.execute(
        "SELECT boot, max(boottime_ns) FROM votes WHERE number BETWEEN ? AND ? AND boot IS NOT NULL GROUP BY boot",
        [first, last],
    ).fetchall():
        # Not to the second: that would be the exact time of a vote.
        seen_until(database, ordinal, seen_ns - seen_ns % SEEN_NS)


def unsettled(database: Database, first: int, last: int) -> list[VoteRow]:
    """Return the votes in a range whose hour is not settled."""
    rows = database.execute(
        f"SELECT {COLUMNS} FROM votes WHERE number BETWEEN ? AND ? AND hour IS NULL ORDER BY number", [first, last]
    ).fetchall()
    return [VoteRow(*row) for row in rows]


def settle(database: Database, rows: Sequence[VoteRow], known: Sequence[Boot]) -> None:
    """Write the hours of these votes, for ever."""
    for row in dated(rows, known):
        database.execute(
            "UPDATE votes SET hour = ?, latest_hour = ? WHERE number = ? AND hour IS NULL",
            [row.hour, row.latest_hour, row.number],
        )
    if rows:
        database.execute(
            f"UPDATE votes SET checksum = {CHECKSUM} WHERE number BETWEEN ? AND ?", [rows[0].number, rows[-1].number]
        )


def dated(rows: Sequence[VoteRow], known: Sequence[Boot]) -> list[VoteRow]:
    """Return the rows with their hours, by what is known of the boots; those that are settled stay as they are."""
    open_ones = [row for row in rows if row.hour is None]
    timeline = Timeline(_with_lost(known, open_ones))
    return [row if row.hour is not None else _dated(row, timeline) for row in rows]


def _dated(row: VoteRow, timeline: Timeline) -> VoteRow:
    reading = row.reading()
    found = timeline.when(row.boot or 0, reading.boottime_ns, ntp_anchor(reading))
    latest = found.latest_hour
    return row._replace(hour=found.hour.isoformat(), latest_hour=None if latest is None else latest.isoformat())


def boots_at(database: Database, reading: Reading) -> list[Boot]:
    """Return the boots as `boots`, the running one with what *reading* proves of it; nothing is written."""
    known = boots(database)
    anchor = ntp_anchor(reading)
    if known and known[-1].boot_id == reading.boot_id and anchor is not None:
        known[-1] = note(known[-1], floor(database), anchor).boot
    return known


def forget_boots(database: Database, running: int | None) -> None:
    """Drop the boots that no vote names any more: before the first that one does, but not the last or *running*."""
    database.execute(
        "DELETE FROM boots WHERE ordinal < coalesce(?, ordinal + 1) AND ordinal <"
        " (SELECT coalesce(min(boot), (SELECT max(ordinal) FROM boots)) FROM votes"
        " WHERE boot IS NOT NULL AND number > (SELECT blanked_up_to FROM stream))",
        [running],
    )
    database.execute("DELETE FROM anchors WHERE boot NOT IN (SELECT ordinal FROM boots)")


def note_anchor(database: Database, boot: Boot, anchor: Anchor | None) -> Boot:
    """Write an anchor of the running boot down, if it proves anything; return what is known of the boot now."""
    if anchor is None:
        return boot
    before = floor(database)
    noted = note(boot, before, anchor)
    if noted.kept:
        write_boot(database, noted.boot)
        set_floor(database, noted.floor)
    if noted.disputed:
        told = "believed" if noted.kept else "not believed"
        log.warning("the time by %s contradicts what was known, and is %s", anchor.source, told)
    return noted.boot


def microseconds(span: timedelta) -> int:
    """Return a span in whole microseconds, rounded up."""
    return -(-span // _MICROSECOND)


def earliest_hour(database: Database, row: VoteRow) -> datetime:
    """Return the first hour in which a vote may have been cast, as far as is known now."""
    if row.hour is not None:
        return datetime.fromisoformat(row.hour)
    reading = row.reading()
    known = [boot for boot in _with_lost(boots(database), [row]) if boot.ordinal == (row.boot or 0)]
    return Timeline(known).when(row.boot or 0, reading.boottime_ns, ntp_anchor(reading)).hour


def _with_lost(known: Sequence[Boot], rows: Sequence[VoteRow]) -> list[Boot]:
    """Return the boots, and for rows of a boot that is not among them one that lies between its neighbours."""
    ordinals = {boot.ordinal for boot in known}
    seen: dict[int, int] = {}
    for row in rows:
        ordinal = row.boot or 0
        if ordinal not in ordinals:
            seen[ordinal] = max(seen.get(ordinal, 0), row.boottime_ns or 0)
    whole = list(known)
    for ordinal, seen_ns in sorted(seen.items()):
        before = [boot for boot in whole if boot.ordinal < ordinal]
        lost = Boot(ordinal, "", Timeline(before[-1:]).newest_known(), 0, seen_ns)
        whole = [*before, lost, *whole[len(before) :]]
    return whole
