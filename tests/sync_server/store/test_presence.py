"""How the kiosks are, read from their last status."""

from sync_server.core.presence import Presence
from sync_server.store.database import Database
from sync_server.store.presence import presences
from tests.fakes.small_office import NOW, SITE, seed_kiosk, seed_office


def test_every_registered_kiosk_is_there_heard_or_not(database: Database) -> None:
    seed_office(database)
    seed_office(database, "phu")
    seed_kiosk(database, "b", waiting=14, scanner="cannot open")
    seed_kiosk(database, "a", stream="6" * 32, heard=None)
    seed_kiosk(database, "c", site="phu", stream="7" * 32)
    assert presences(database, SITE) == (
        Presence("a"),
        Presence("b", NOW, waiting=14, scanner="cannot open", storage="ok"),
    )
