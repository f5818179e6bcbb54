"""How the kiosks are, read from their last report and the ledger."""

from datetime import timedelta

from sqlalchemy import text

from protocol.topics import Address
from sync_server.core.completeness import Kind
from sync_server.core.presence import Presence
from sync_server.store.database import Database
from sync_server.store.ledger import begin_stream, note_gap
from sync_server.store.orders import put_in_force
from sync_server.store.presence import presences
from sync_server.store.reports import save_status
from tests.fakes.kiosk_says import a_setup, a_status
from tests.fakes.small_office import NOW, SITE, seed_kiosk, seed_office


def test_every_registered_kiosk_is_there_heard_or_not(database: Database) -> None:
    seed_office(database)
    seed_office(database, "phu")
    told = a_status(stream="5" * 32, highest=14, waiting=14, scanner="cannot open", setup_refused="no")
    seed_kiosk(database, "b", status=told)
    seed_kiosk(database, "a", stream="6" * 32, heard=None)
    seed_kiosk(database, "c", site="phu", stream="7" * 32)
    assert presences(database, SITE, NOW) == (
        Presence("a", open=frozenset({Kind.NEVER_HEARD})),
        Presence("b", NOW, told, None, frozenset({Kind.MISSING})),
    )
    with database.writing() as connection:
        put_in_force(connection, SITE, a_setup(), "x", NOW)
    assert [presence.setup for presence in presences(database, SITE, NOW)] == [1, 1]


def test_what_is_open_in_the_ledger_and_a_broker_s_word_are_there_too(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database, heard=NOW - timedelta(hours=1))
    with database.writing() as connection:
        note_gap(connection, "5" * 32, 3, 5, NOW)
        begin_stream(connection, "6" * 32, Address(SITE, "kiosk-1"), NOW)
        save_status(connection, Address(SITE, "kiosk-1"), a_status(gone=True), NOW)
        connection.execute(text("UPDATE kiosks SET revoked_at = added_at"))
    [found] = presences(database, SITE, NOW)
    assert found.open == {Kind.LOST, Kind.NOT_CLOSED, Kind.SILENT}
    assert (found.gone_at, found.revoked) == (NOW, True)


def test_a_report_that_this_version_cannot_read_is_still_a_sign_of_life(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE kiosk_status SET report = '{}'"))
    [found] = presences(database, SITE, NOW)
    assert (found.reported_at, found.report) == (NOW, None)
