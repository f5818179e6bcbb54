"""A kiosk and a server with a Mosquitto between them that loses whatever brokers lose: nothing is built on its word.

The traps that were met with other designs, each by its number in the notes on brokers: 2, 3, 4 and 11.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from sqlalchemy import select

from kiosk.core.sending import LONGEST_PATIENCE
from sync_server.mosquitto import server_password, write_files
from sync_server.service import Service
from sync_server.settings import Mqtt, Settings
from sync_server.store.counts import ingest_totals
from sync_server.store.fleet import add_kiosk
from sync_server.store.orders import put_in_force
from sync_server.store.schema import votes
from tests.fakes.mosquitto import Mosquitto, needs_mosquitto
from tests.fakes.patience import DEADLINE, eventually
from tests.fakes.ports import free_port
from tests.fakes.raw_mqtt import Client
from tests.fakes.small_office import NOW, SITE, migrated, seed_office
from tests.kiosk.core.test_setups import GOOD
from tests.kiosk.lines import KIOSK, Line

pytestmark = [needs_mosquitto, pytest.mark.journey]


class Office:
    """A database, a Mosquitto and an ingest; the last two come and go."""

    def __init__(self, folder: Path) -> None:
        self.database = migrated(folder)
        seed_office(self.database)
        with self.database.writing() as connection:
            self.password = add_kiosk(connection, KIOSK, NOW) or ""
        self.mosquitto = Mosquitto(folder, free_port(), tls=False)
        mqtt = Mqtt(embedded=False, port=self.mosquitto.port, password_file=str(folder / "ingest.password"))
        self._settings = Settings(mqtt=mqtt)
        write_files(self.database, folder, mqtt.users, server_password(Path(mqtt.password_file)))
        self._service: Service | None = None
        self.mosquitto.start()

    def start_ingest(self) -> None:
        self._service = Service(self.database, self._settings)
        self._service.start()

    def stop_ingest(self) -> None:
        if self._service is not None:
            self._service.stop()
        self._service = None

    def numbers(self) -> list[int]:
        with self.database.reading() as connection:
            return list(connection.execute(select(votes.c.number).order_by(votes.c.number)).scalars())

    def messages(self) -> int:
        with self.database.reading() as connection:
            return ingest_totals(connection).get("messages", 0)

    def close(self) -> None:
        self.stop_ingest()
        self.mosquitto.kill()
        self.database.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(Office(tmp_path)) as made:
        yield made


@pytest.fixture
def line(office: Office, tmp_path: Path) -> Iterator[Line]:
    office.start_ingest()
    with closing(Line(tmp_path / "kiosk" / "outbox.sqlite", office.mosquitto.port, office.password)) as made:
        assert made.comes_online()
        yield made


def drains(line: Line) -> bool:
    """Let the kiosk's time pass until the server has everything; False when that does not happen."""
    until = monotonic() + 3 * DEADLINE
    while not line.all_confirmed():
        if monotonic() > until:
            return False
        line.advance(1.0)
        Event().wait(0.1)
    return True


def test_what_the_broker_acknowledged_and_nobody_got_is_sent_again(office: Office, line: Line) -> None:
    office.stop_ingest()
    line.cast(450)  # acknowledged by Mosquitto, which has nobody to give them to
    assert eventually(lambda: line.outbox.votes(1, 450) != ())
    assert line.outbox.standing().waiting == 450
    office.start_ingest()
    assert drains(line)
    assert office.numbers() == list(range(1, 451))


def test_a_broker_that_dies_with_votes_in_its_memory_loses_none(office: Office, line: Line) -> None:
    for _ in range(3):
        line.cast(50)
        office.mosquitto.kill()
        line.cast(50)
        office.mosquitto.start()
    assert drains(line)
    assert office.numbers() == list(range(1, 301))


def test_an_ingest_that_was_away_is_not_flooded_by_what_was_sent_meanwhile(office: Office, line: Line) -> None:
    office.stop_ingest()
    before = office.messages()
    line.cast(3)
    for _ in range(20):
        line.advance(LONGEST_PATIENCE)  # sent again and again
    office.start_ingest()
    assert drains(line)
    assert office.numbers() == [1, 2, 3]
    assert office.messages() - before < 20


def test_a_setup_that_no_broker_retained_comes_with_the_next_hello(office: Office, line: Line) -> None:
    office.mosquitto.kill()
    with office.database.writing() as connection:
        put_in_force(connection, SITE, GOOD, "test", NOW)
    office.mosquitto.start()
    until = monotonic() + DEADLINE
    while line.followed.empty() and monotonic() < until:
        line.advance(1.0)  # a hello that nobody heard is said again
        Event().wait(0.1)
    assert line.followed.get(timeout=DEADLINE).look == GOOD.look
    with Client(office.mosquitto.port) as client:
        assert client.login(f"{KIOSK.site}.{KIOSK.kiosk}", office.password) == 0  # in the place of the kiosk
        client.subscribe(KIOSK.prefix + "setup", KIOSK.prefix + "command", KIOSK.prefix + "receipt")
        client.ping()  # nothing was retained: the first packet is the answer to this
