"""Several ingests behind one Mosquitto: they share the kiosks, and where they do not, nothing is stored twice."""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from protocol.messages import Vote
from protocol.topics import Address
from sync_server.core.topic_filters import expand
from sync_server.mosquitto import server_password, write_files
from sync_server.service import Service
from sync_server.settings import Mqtt, Settings
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from tests.fakes.mosquitto import Mosquitto, needs_mosquitto
from tests.fakes.patience import eventually
from tests.fakes.ports import free_port
from tests.fakes.raw_kiosk import RawKiosk
from tests.fakes.small_office import NOW, SITE, migrated, seed_office
from tests.fakes.votes import some_votes

pytestmark = needs_mosquitto

DEADLINE = 20.0  # seconds; reached only when something is broken
OTHER_SITE = "phu"
KIOSKS = [Address(site, kiosk) for site in (SITE, OTHER_SITE) for kiosk in ("quay-1", "quay-2")]
STREAMS = {address: f"{number:x}" * 32 for number, address in enumerate(KIOSKS, 1)}


class Province:
    """A database, a Mosquitto, and workers that can be started; each has a connection pool of its own."""

    def __init__(self, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        self._log = caplog
        self._folder = folder
        database = migrated(folder)
        self.passwords: dict[Address, str] = {}
        for site in (SITE, OTHER_SITE):
            seed_office(database, site)
        with database.writing() as connection:
            for address in KIOSKS:
                self.passwords[address] = add_kiosk(connection, address, NOW) or ""
        self.mosquitto = Mosquitto(folder, free_port(), tls=False)
        mqtt = Mqtt(embedded=False, port=self.mosquitto.port, password_file=str(folder / "ingest.password"), workers=2)
        self._settings = Settings(mqtt=mqtt)
        write_files(database, folder, mqtt.users, server_password(Path(mqtt.password_file)))
        database.close()
        self._running = ExitStack()
        self.mosquitto.start()
        self._running.callback(self.mosquitto.kill)

    def start_worker(self, worker: int, *filters: str) -> None:
        """Start a worker and wait until it listens."""
        database = Database(f"sqlite:///{self._folder / 'server.sqlite'}")
        self._running.callback(database.close)
        expanded = [name for filter_ in filters for name in expand(filter_)]
        service = Service(database, self._settings, filters=expanded, worker=worker)
        service.start()
        self._running.callback(service.stop)
        user = self._settings.mqtt.user_of(worker)
        assert eventually(lambda: f" as {user}\n" in self._log.text)

    def kiosk(self, address: Address) -> RawKiosk:
        return RawKiosk(self.mosquitto.port, address, self.passwords[address])

    def stored(self) -> dict[str, list[int]]:
        """The numbers that are stored of each stream."""
        database = Database(f"sqlite:///{self._folder / 'server.sqlite'}")
        found: dict[str, list[int]] = {}
        with database.reading() as connection:
            for stream, number in connection.execute(text("SELECT stream, number FROM votes ORDER BY stream, number")):
                found.setdefault(stream, []).append(number)
        database.close()
        return found

    def close(self) -> None:
        self._running.close()


@pytest.fixture
def province(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Province]:
    made = Province(tmp_path, caplog)
    yield made
    made.close()


def send_all(province: Province, addresses: list[Address]) -> None:
    """Let each of the kiosks send 300 votes in messages of 20, several at once, and wait for the receipts."""

    def send(address: Address) -> None:
        stream = STREAMS[address]
        votes: tuple[Vote, ...] = some_votes(1, 300)
        with province.kiosk(address) as kiosk:
            for first in range(0, 300, 100):
                for at in range(first, first + 100, 20):
                    kiosk.cast(stream, votes[at : at + 20])
                kiosk.until_stored(stream, first + 100)
        done.append(address)

    done: list[Address] = []
    threads = [threading.Thread(target=send, args=(address,)) for address in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(addresses)


def test_each_worker_takes_in_its_own_site(province: Province) -> None:
    province.start_worker(1, f"hailong/v1/{SITE}/#")
    with province.kiosk(KIOSKS[-1]) as unheard:
        unheard.cast(STREAMS[KIOSKS[-1]], some_votes(1, 1))
        send_all(province, [address for address in KIOSKS if address.site == SITE])
    assert province.stored() == {STREAMS[address]: list(range(1, 301)) for address in KIOSKS if address.site == SITE}
    province.start_worker(2, f"hailong/v1/{OTHER_SITE}/#")
    send_all(province, [address for address in KIOSKS if address.site == OTHER_SITE])
    assert province.stored() == {STREAMS[address]: list(range(1, 301)) for address in KIOSKS}


def test_two_workers_that_hear_the_same_kiosks_store_nothing_twice_and_lose_nothing(province: Province) -> None:
    province.start_worker(1, "hailong/v1/#")
    province.start_worker(2, "hailong/v1/#")
    send_all(province, KIOSKS)
    assert province.stored() == {STREAMS[address]: list(range(1, 301)) for address in KIOSKS}
