"""`setup` says what is in force, and how far each kiosk has followed."""

from datetime import timedelta

from sqlalchemy import text

from protocol.topics import Address
from sync_server.store.database import Database
from sync_server.store.orders import put_in_force
from sync_server.store.reports import save_status
from tests.fakes.kiosk_says import a_setup, a_status
from tests.fakes.small_office import NOW, SITE, seed_kiosk, seed_office
from tests.sync_server.commands.conftest import Run


def follows(database: Database, kiosk: str, stream: str, setup: int, refused: str = "") -> None:
    seed_kiosk(database, kiosk, stream=stream, heard=None)
    with database.writing() as connection:
        status = a_status(stream=stream, setup=setup, setup_refused=refused)
        save_status(connection, Address(SITE, kiosk), status, NOW)


def test_each_site_and_each_of_its_kiosks_has_a_line(run: Run, seeded: Database) -> None:
    seed_office(seeded, "phu")
    follows(seeded, "quay-1", "6" * 32, setup=1)
    follows(seeded, "quay-2", "7" * 32, setup=0)
    follows(seeded, "quay-3", "8" * 32, setup=1, refused="revision 2: there is no counter 9")
    seed_kiosk(seeded, "quay-4", stream="9" * 32, heard=None)
    with seeded.writing() as connection:
        connection.execute(text("DELETE FROM kiosk_status WHERE kiosk = 'kiosk-1'"))
        connection.execute(text("UPDATE kiosks SET revoked_at = added_at WHERE kiosk = 'kiosk-1'"))
        put_in_force(connection, SITE, a_setup("A"), "x", NOW - timedelta(days=1))
    done = run("setup")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "phu: no setup yet; it comes with 'office import'\n"
        "  no kiosk is registered\n"
        "sia: setup revision 2 in force since 2026-11-19 10:47, by x\n"
        "  kiosk-1: revoked; it is told nothing\n"
        "  quay-1: follows revision 1; has not answered to revision 2 yet\n"
        "  quay-2: follows none, but its own settings file; has not answered to revision 2 yet\n"
        "  quay-3: follows revision 1; refuses a newer one: revision 2: there is no counter 9\n"
        "  quay-4: never heard of\n"
    )
    assert run("setup", "--site", "phu").out.startswith("phu: no setup yet")
    assert SITE not in run("setup", "--site", "phu").out


def test_a_site_that_there_is_not_is_named(run: Run, seeded: Database) -> None:
    done = run("setup", "--site", "nowhere")
    assert (done.code, done.err) == (2, "sync_server: there is no site 'nowhere'; known sites: sia\n")
