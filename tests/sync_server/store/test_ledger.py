"""The ledger of the streams on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from protocol.chain import EMPTY, extend
from protocol.messages import Replaced, ReplacedBecause
from protocol.topics import Address
from sync_server.core.acceptance import STORED_ALREADY, Held
from sync_server.core.completeness import KioskLedger, LastReport
from sync_server.core.gaps import Gap
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from sync_server.store.ledger import (
    Move,
    StreamMoved,
    StreamRow,
    accept_gap,
    begin_stream,
    close_stream,
    count_conflicts,
    count_gaps,
    count_streams,
    fill_gap,
    find_streams,
    gaps_among,
    ids_under,
    kiosk_ledgers,
    move_streams,
    note_gap,
    note_replacement,
    streams_named,
)
from sync_server.store.reports import save_status
from sync_server.store.schema import streams
from tests.fakes.kiosk_says import a_status, moment
from tests.fakes.small_office import NOW, SITE, seed_office, seed_refused, seed_votes

ONE, TWO = Address(SITE, "kiosk-1"), Address(SITE, "kiosk-2")
NAMESAKE = Address("phu", "kiosk-1")  # of another office
A, B, C = "aa" * 16, "ab" * 16, "cc" * 16
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office(database: Database) -> Database:
    seed_office(database)
    seed_office(database, "phu")
    with database.writing() as connection:
        for address in (ONE, TWO, NAMESAKE):
            add_kiosk(connection, address, NOW)
        begin_stream(connection, A, ONE, NOW)
    return database


def ledger_of(office: Database, kiosk: str = "kiosk-1") -> KioskLedger:
    return next(ledger for ledger in kiosk_ledgers(office, SITE) if ledger.kiosk == kiosk)


def closing(office: Database, stream: str) -> tuple[datetime | None, str | None, str | None]:
    with office.reading() as connection:
        row = connection.execute(
            select(streams.c.closed_at, streams.c.closed_by, streams.c.closed_because).where(streams.c.stream == stream)
        ).one()
    return tuple(row)


# --- streams ---------------------------------------------------------------------------------------


def test_a_new_stream_holds_nothing_and_is_found_by_its_id(office: Database) -> None:
    with office.reading() as connection:
        assert find_streams(connection, [A, B]) == {A: StreamRow(ONE, Held(0, EMPTY))}
        assert find_streams(connection, []) == {}
        assert (count_streams(connection, ONE), count_streams(connection, TWO)) == (1, 0)
        assert count_streams(connection, NAMESAKE) == 0


def test_streams_are_moved_together_or_not_at_all(office: Database) -> None:
    with office.writing() as connection:
        begin_stream(connection, B, TWO, NOW)
        move_streams(connection, [], LATER)
        move_streams(
            connection, [Move(B, 0, Held(2, C), 5), Move(A, 0, Held(3, B), 3, conflicts=2)], NOW + timedelta(minutes=1)
        )
    with pytest.raises(StreamMoved), office.writing() as connection:
        move_streams(connection, [Move(A, 3, Held(4, C), 4), Move(B, 1, Held(3, C), 5)], LATER)
    with office.reading() as connection:
        assert find_streams(connection, [A, B]) == {
            A: StreamRow(ONE, Held(3, B), 3),
            B: StreamRow(TWO, Held(2, C), 5),
        }
        kept = connection.execute(select(streams.c.conflicts, streams.c.last_seen).order_by(streams.c.stream)).all()
    assert [tuple(row) for row in kept] == [(2, NOW + timedelta(minutes=1)), (0, NOW + timedelta(minutes=1))]
    with office.writing() as connection:
        move_streams(connection, [Move(A, 3, Held(3, B), 3, conflicts=1)], LATER)
    assert ledger_of(office).streams[0].conflicts == 3
    with office.reading() as connection:
        assert (count_conflicts(connection, A), count_conflicts(connection, C)) == (3, 0)


def test_neither_what_was_announced_nor_when_a_stream_was_heard_last_ever_falls(office: Database) -> None:
    with office.writing() as connection:
        move_streams(connection, [Move(A, 0, Held(3, B), 9)], LATER)
        move_streams(connection, [Move(A, 3, Held(4, C), 4)], NOW)
    [kept] = ledger_of(office).streams
    assert (kept.stored_up_to, kept.highest_announced, kept.last_seen) == (4, 9, LATER)


def test_the_ids_under_a_range_of_numbers(office: Database) -> None:
    seed_votes(office, [5, 4, 3, 2], stream=A)
    with office.reading() as connection:
        stored = ids_under(connection, A, 1, 4)
        assert sorted(stored) == [1, 2, 3, 4]
        assert ids_under(connection, A, 2, 3) == {number: stored[number] for number in (2, 3)}
        assert ids_under(connection, B, 1, 4) == {}
        found = find_streams(connection, [A])[A].held
    assert found == Held(4, extend(EMPTY, (stored[number] for number in sorted(stored))))


def test_streams_are_named_by_how_their_ids_begin(office: Database) -> None:
    with office.writing() as connection:
        begin_stream(connection, B, ONE, NOW)
    with office.reading() as connection:
        assert streams_named(connection, "aa") == [A]
        assert streams_named(connection, "AA") == [A]
        assert streams_named(connection, "a") == [A, B]
        assert streams_named(connection, "b") == []
        assert streams_named(connection, "_a") == streams_named(connection, "%") == []  # no wildcards


# --- what a person or a kiosk puts on record -----------------------------------------------------------


def test_a_stream_is_closed_once_and_alone(office: Database) -> None:
    with office.writing() as connection:
        begin_stream(connection, B, ONE, NOW)
        assert close_stream(connection, A, "Lê Ví Dụ", "thẻ hỏng", LATER)
        assert not close_stream(connection, A, "x", "y", LATER)
        assert not close_stream(connection, C, "x", "y", LATER)
    assert closing(office, A) == (LATER, "Lê Ví Dụ", "thẻ hỏng")
    assert closing(office, B) == (None, None, None)


def test_a_gap_is_accepted_by_its_first_number(office: Database) -> None:
    with office.writing() as connection:
        note_gap(connection, A, 3, 5, NOW)
        note_gap(connection, A, 3, 6, LATER)  # told again, and by now it is wider
        assert not accept_gap(connection, A, 4, "x", "y")
        assert not accept_gap(connection, C, 3, "x", "y")
    assert ledger_of(office).streams[0].gaps == (Gap(3, 6),)
    with office.writing() as connection:
        assert accept_gap(connection, A, 3, "Lê Ví Dụ", "cháy")
        note_gap(connection, A, 9, 9, LATER)
    assert ledger_of(office).streams[0].gaps == (Gap(3, 6, "Lê Ví Dụ", "cháy"), Gap(9, 9))


def test_a_replacement_closes_only_an_open_stream_of_the_same_kiosk(office: Database) -> None:
    with office.writing() as connection:
        begin_stream(connection, B, TWO, NOW)
        note_replacement(connection, B, TWO, Replaced(A, ReplacedBecause.COPIED, 4), LATER)
    assert closing(office, A) == (None, None, None)
    [kept] = ledger_of(office, "kiosk-2").streams
    assert (kept.replaces, kept.carried) == (A, 4)
    with office.writing() as connection:
        begin_stream(connection, C, ONE, NOW)
        note_replacement(connection, C, ONE, Replaced(A, ReplacedBecause.DAMAGED, 1), LATER)
        # Repeated with every hello; the first word stands.
        note_replacement(connection, C, ONE, Replaced(B, ReplacedBecause.COPIED, 9), LATER + timedelta(1))
    assert closing(office, A) == (LATER, "the kiosk", "damaged")
    assert closing(office, B) == (None, None, None)
    assert [(stream.replaces, stream.carried) for stream in ledger_of(office).streams if stream.stream == C] == [(A, 1)]


def test_a_stream_stays_closed_as_it_was_however_often_its_replacement_is_told(office: Database) -> None:
    with office.writing() as connection:
        for stream in (B, C):
            begin_stream(connection, stream, ONE, NOW)
        close_stream(connection, B, "Lê Ví Dụ", "thẻ hỏng", NOW)
        for again in range(2):
            note_replacement(connection, C, ONE, Replaced(A, ReplacedBecause.DAMAGED, 1), LATER + timedelta(again))
            note_replacement(connection, C, ONE, Replaced(B, ReplacedBecause.COPIED, 1), LATER + timedelta(again))
    assert closing(office, A) == (LATER, "the kiosk", "damaged")
    assert closing(office, B) == (NOW, "Lê Ví Dụ", "thẻ hỏng")


def test_a_kiosk_of_the_same_name_in_another_office_is_another_kiosk(office: Database) -> None:
    with office.writing() as connection:
        begin_stream(connection, B, NAMESAKE, NOW)
        note_replacement(connection, B, NAMESAKE, Replaced(A, ReplacedBecause.COPIED, 4), LATER)
        note_replacement(connection, A, NAMESAKE, Replaced(C, ReplacedBecause.COPIED, 4), LATER)
    assert closing(office, A) == (None, None, None)
    [kept] = ledger_of(office).streams
    assert (kept.stream, kept.replaces, kept.carried) == (A, None, None)


def test_a_kiosk_cannot_write_into_the_stream_of_another_by_what_it_replaces(office: Database) -> None:
    with office.writing() as connection:
        begin_stream(connection, B, TWO, NOW)
        note_replacement(connection, A, TWO, Replaced(B, ReplacedBecause.COPIED, 4), LATER)
    [kept] = ledger_of(office).streams
    assert (kept.replaces, kept.carried, closing(office, A)) == (None, None, (None, None, None))
    assert closing(office, B) == (LATER, "the kiosk", "copied")  # that one is its own


def test_a_gap_that_is_not_as_it_was_read_is_not_written_about(office: Database) -> None:
    with office.writing() as connection:
        assert count_gaps(connection, A) == 0
        note_gap(connection, A, 3, 9, NOW)
        [gap] = gaps_among(connection, A, 9, 12)
        assert gaps_among(connection, A, 1, 2) == gaps_among(connection, A, 10, 12) == []
        fill_gap(connection, A, gap, [5])
        assert count_gaps(connection, A) == 2
    with pytest.raises(StreamMoved), office.writing() as connection:
        fill_gap(connection, A, gap, [6])
    assert ledger_of(office).streams[0].gaps == (Gap(3, 4), Gap(6, 9))


def test_what_is_left_of_an_accepted_gap_stays_accepted_by_whom_and_why(office: Database) -> None:
    with office.writing() as connection:
        note_gap(connection, A, 3, 9, NOW)
        accept_gap(connection, A, 3, "Lê Ví Dụ", "cháy")
        [gap] = gaps_among(connection, A, 1, 12)
        fill_gap(connection, A, gap, [3, 5])
        assert gaps_among(connection, A, 1, 12) == [
            Gap(4, 4, "Lê Ví Dụ", "cháy"),
            Gap(6, 9, "Lê Ví Dụ", "cháy"),
        ]


# --- the whole -------------------------------------------------------------------------------------


def test_the_ledger_of_a_site_tells_everything_of_each_kiosk(office: Database) -> None:
    seed_votes(office, [5, 4], stream=A)
    seed_refused(office, 7, stream=A)
    seed_refused(office, 8, stream=A)
    seed_refused(office, 1, stream=B)  # of a stream that is not known
    with office.writing() as connection:
        connection.execute(text("UPDATE quarantine SET reason = :reason WHERE number = 8"), {"reason": STORED_ALREADY})
        note_gap(connection, A, 3, 5, NOW)
        close_stream(connection, A, "Lê Ví Dụ", "thẻ hỏng", LATER)
        begin_stream(connection, C, ONE, LATER)
        connection.execute(text("UPDATE kiosks SET revoked_at = added_at WHERE kiosk = 'kiosk-2'"))
        save_status(connection, ONE, a_status(stream=C, highest=9, waiting=2, oldest_waiting=moment(19, 2)), NOW)
    one, two = kiosk_ledgers(office, SITE)
    assert (one.kiosk, one.revoked, two) == ("kiosk-1", False, KioskLedger("kiosk-2", (), None, revoked=True))
    assert one.report == LastReport(NOW, C, 2, moment(19, 2))
    old, new = one.streams
    assert (old.stream, old.stored_up_to, old.highest_announced, old.refused) == (A, 2, 2, 1)
    assert (old.gaps, old.closed_by, old.closed_because, old.open) == ((Gap(3, 5),), "Lê Ví Dụ", "thẻ hỏng", False)
    assert (new.stream, new.first_seen, new.last_seen, new.open) == (C, LATER, LATER, True)


def test_each_stream_is_told_with_its_own_refused_votes_in_the_order_they_were_begun(office: Database) -> None:
    with office.writing() as connection:
        begin_stream(connection, C, ONE, NOW - timedelta(days=1))
        begin_stream(connection, B, ONE, LATER)
        close_stream(connection, C, "Lê Ví Dụ", "thẻ hỏng", LATER)
    for stream, numbers in ((A, (1, 2, 3)), (B, (1,))):
        for number in numbers:
            seed_refused(office, number, stream=stream)
    with office.writing() as connection:
        connection.execute(text("UPDATE quarantine SET reason = :reason WHERE number = 3"), {"reason": STORED_ALREADY})
    told = [(stream.stream, stream.refused, stream.closed_at) for stream in ledger_of(office).streams]
    assert told == [(C, 0, LATER), (A, 2, None), (B, 1, None)]


def test_a_report_with_nothing_waiting_names_no_oldest(office: Database) -> None:
    with office.writing() as connection:
        save_status(connection, ONE, a_status(stream=A), NOW)
    assert ledger_of(office).report == LastReport(NOW, A, 0, None)
