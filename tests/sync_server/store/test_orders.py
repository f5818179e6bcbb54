"""Setups have ascending revisions whatever was lost; commands wait for their answer until it is too late."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from protocol.codec import MalformedMessage, decode
from protocol.messages import Action, CommandAnswer, Outcome, Setup
from protocol.topics import Address
from sync_server.core.acceptance import Held
from sync_server.core.setup_standing import KioskSetup
from sync_server.store.changes import Subject, change_number
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from sync_server.store.ledger import Move, begin_stream, close_stream, move_streams
from sync_server.store.orders import (
    AFTER_A_RESTORE,
    FURTHEST_AHEAD,
    PAUSE_AFTER_A_RESTORE,
    InForce,
    announced,
    behind_on_setup,
    issue,
    issued,
    kiosk_setups,
    note_answers,
    pending,
    put_again,
    put_in_force,
    setups_in_force,
)
from sync_server.store.reports import save_status
from tests.fakes.kiosk_says import a_setup, a_status
from tests.fakes.small_office import NOW, SITE, seed_office

ONE, TWO = Address(SITE, "quay-1"), Address(SITE, "quay-2")
ELSEWHERE = Address("phu", "quay-1")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office(database: Database) -> Database:
    seed_office(database)
    seed_office(database, "phu")
    with database.writing() as connection:
        for address in (ONE, TWO, ELSEWHERE):
            add_kiosk(connection, address, NOW)
    return database


def put(office: Database, name: str = "A", site: str = SITE) -> InForce | None:
    with office.writing() as connection:
        return put_in_force(connection, site, a_setup(name), "Lê Ví Dụ", NOW)


def again(office: Database, above: int, after: timedelta = timedelta()) -> InForce:
    with office.writing() as connection:
        return put_again(connection, SITE, above, NOW + after)


def in_force(office: Database) -> InForce | None:
    with office.reading() as connection:
        return setups_in_force(connection, [SITE, "nowhere"]).get(SITE)


def reports(office: Database, address: Address, setup: int, tick: int = 1) -> None:
    stream = "5" * 31 + address.kiosk[-1]
    with office.writing() as connection:
        save_status(connection, address, a_status(stream=stream, setup=setup, tick=tick), NOW)


# --- setups ----------------------------------------------------------------------------------------


def test_the_first_setup_of_a_site_is_revision_1_and_each_change_one_more(office: Database) -> None:
    assert in_force(office) is None
    first = put(office)
    assert first is not None
    assert (first.revision, first.made_at, first.made_by) == (1, NOW, "Lê Ví Dụ")
    assert decode(first.content, Setup) == a_setup("A", revision=1)
    second = put(office, "B")
    assert second is not None
    assert second.revision == 2
    assert in_force(office) == second
    elsewhere = put(office, "C", "phu")
    assert elsewhere is not None
    assert elsewhere.revision == 1


def test_what_says_the_same_is_not_put_in_force_again_and_nobody_is_told(office: Database) -> None:
    put(office)
    before = change_number(office, Subject.ORDERS)
    assert put(office) is None
    assert change_number(office, Subject.ORDERS) == before
    assert put(office, "B") is not None
    assert change_number(office, Subject.ORDERS) == before + 1


def test_a_revision_is_higher_than_any_that_a_kiosk_knows(office: Database) -> None:
    reports(office, ONE, 7)
    reports(office, ELSEWHERE, 30)
    made = put(office)
    assert made is not None
    assert made.revision == 8
    reports(office, TWO, 12)
    made = put(office)  # the same, but the kiosk would refuse it as older
    assert made is not None
    assert made.revision == 13


def test_a_revision_that_no_server_can_have_made_is_not_believed(office: Database) -> None:
    reports(office, ONE, 2**53 - 1)
    reports(office, TWO, 3)
    made = put(office)
    assert made is not None
    assert made.revision == 4
    assert again(office, above=2**53 - 1) == made
    assert again(office, above=4 + FURTHEST_AHEAD).revision == 5 + FURTHEST_AHEAD


def test_after_a_restore_the_setup_gets_a_revision_above_what_kiosks_know(office: Database) -> None:
    put(office)
    made = again(office, above=5)
    assert (made.revision, made.made_by) == (6, AFTER_A_RESTORE)
    assert decode(made.content, Setup) == a_setup("A", revision=6)
    assert in_force(office) == made


def test_a_kiosk_that_claims_ever_newer_revisions_makes_no_new_one_each_time(office: Database) -> None:
    put(office)
    made = again(office, above=5)
    assert again(office, above=7, after=PAUSE_AFTER_A_RESTORE - timedelta(seconds=1)) == made
    assert again(office, above=7, after=PAUSE_AFTER_A_RESTORE).revision == 8


def test_a_setup_too_large_for_a_message_is_not_put_in_force(office: Database) -> None:
    with pytest.raises(MalformedMessage), office.writing() as connection:
        put_in_force(connection, SITE, a_setup("x" * 201), "x", NOW)
    assert in_force(office) is None


def test_the_kiosks_behind_are_those_whose_last_report_names_an_older_setup(office: Database) -> None:
    with office.reading() as connection:
        assert behind_on_setup(connection) == []
    put(office)
    made = put(office, "B")
    with office.reading() as connection:
        assert behind_on_setup(connection) == []  # nobody was heard of: each will say hello
    reports(office, ONE, 1)
    reports(office, TWO, 2)
    reports(office, ELSEWHERE, 0)
    with office.reading() as connection:
        assert behind_on_setup(connection) == [(ONE, made)]
    with office.writing() as connection:
        connection.execute(text("UPDATE kiosks SET revoked_at = added_at WHERE kiosk = 'quay-1'"))
    with office.reading() as connection:
        assert behind_on_setup(connection) == []


# --- commands --------------------------------------------------------------------------------------


def test_a_command_waits_until_it_is_answered_or_too_late(office: Database) -> None:
    before = change_number(office, Subject.ORDERS)
    with office.writing() as connection:
        restart = issue(connection, ONE, Action.RESTART, "Lê Ví Dụ", NOW, LATER)
        resend = issue(connection, TWO, Action.RESEND, "Lê Ví Dụ", NOW + timedelta(1), LATER, resend_from=41)
    assert change_number(office, Subject.ORDERS) == before + 2
    with office.reading() as connection:
        assert pending(connection, NOW) == [(ONE, restart), (TWO, resend)]
        assert pending(connection, NOW, [TWO, ELSEWHERE]) == [(TWO, resend)]
        assert pending(connection, NOW, []) == []
        assert pending(connection, LATER) == []
    with office.writing() as connection:
        note_answers(connection, ONE, [CommandAnswer(restart.command, Outcome.DONE)], NOW)
    with office.reading() as connection:
        assert pending(connection, NOW) == [(TWO, resend)]


def test_the_first_answer_stands_and_others_change_nothing(office: Database) -> None:
    with office.writing() as connection:
        command = issue(connection, ONE, Action.UPDATE, "Lê Ví Dụ", NOW, LATER, update_to="0.2.0").command
        note_answers(connection, TWO, [CommandAnswer(command, Outcome.DONE)], NOW)
        note_answers(connection, ELSEWHERE, [CommandAnswer(command, Outcome.DONE)], NOW)
        note_answers(connection, ONE, [], NOW)
        note_answers(connection, ONE, [CommandAnswer("0" * 32, Outcome.DONE)], NOW)
        [entry] = issued(connection, ONE)
        assert (entry.answered_at, entry.outcome, entry.detail) == (None, None, None)
        refused = CommandAnswer(command, Outcome.REFUSED, "there are no updates here")
        note_answers(connection, ONE, [refused, refused], LATER)
        note_answers(connection, ONE, [CommandAnswer(command, Outcome.DONE)], LATER + timedelta(1))
    with office.reading() as connection:
        [entry] = issued(connection, ONE)
    assert (entry.answered_at, entry.outcome, entry.detail) == (LATER, "refused", "there are no updates here")


def test_the_record_has_the_newest_first_and_only_so_many(office: Database) -> None:
    with office.writing() as connection:
        made = [
            issue(connection, ONE, Action.IDENTIFY, "Lê Ví Dụ", NOW + timedelta(minutes=minute), LATER)
            for minute in range(3)
        ]
        issue(connection, TWO, Action.IDENTIFY, "Lê Ví Dụ", NOW, LATER)
    with office.reading() as connection:
        newest = issued(connection, ONE, most=2)
    assert [entry.command for entry in newest] == [made[2], made[1]]
    assert [(entry.address, entry.issued_by) for entry in newest] == [(ONE, "Lê Ví Dụ")] * 2


def test_a_command_that_a_kiosk_could_not_read_is_not_issued(office: Database) -> None:
    with pytest.raises(ValueError, match="names a version"), office.writing() as connection:
        issue(connection, ONE, Action.UPDATE, "Lê Ví Dụ", NOW, LATER)
    with pytest.raises(MalformedMessage), office.writing() as connection:
        issue(connection, ONE, Action.RESEND, "Lê Ví Dụ", NOW, LATER, resend_from=0)
    with office.reading() as connection:
        assert issued(connection, ONE) == []


# --- what people ask -------------------------------------------------------------------------------


def test_how_far_a_kiosk_has_spoken_is_that_of_the_open_stream_heard_last(office: Database) -> None:
    with office.writing() as connection:
        assert announced(connection, ONE) == 0
        for stream, highest in (("6" * 32, 9), ("7" * 32, 4)):
            begin_stream(connection, stream, ONE, NOW)
            move_streams(connection, [Move(stream, 0, Held(), highest)], NOW + timedelta(minutes=highest))
        assert announced(connection, ONE) == 9
        assert announced(connection, TWO) == 0
        close_stream(connection, "6" * 32, "x", "y", NOW)
        assert announced(connection, ONE) == 4


def test_what_each_kiosk_said_of_setups_is_there_also_when_it_said_nothing(office: Database) -> None:
    with office.writing() as connection:
        save_status(connection, ONE, a_status(setup=3, setup_refused="revision 4: no"), NOW)
        connection.execute(text("UPDATE kiosks SET revoked_at = added_at WHERE site = 'phu'"))
    with office.reading() as connection:
        assert kiosk_setups(connection, SITE) == [
            KioskSetup("quay-1", 3, "revision 4: no"),
            KioskSetup("quay-2"),
        ]
        assert kiosk_setups(connection, "phu") == [KioskSetup("quay-1", revoked=True)]
