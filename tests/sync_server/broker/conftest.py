"""Each broker of the product as kiosks meet it: over TLS, with the rights that the database says."""

import os
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from protocol.topics import Address
from sync_server.broker.contract import Broker
from sync_server.broker.embedded import Certificate, EmbeddedBroker
from sync_server.broker.outside import Account, OutsideBroker
from sync_server.core.topic_filters import of_all_kiosks
from sync_server.gate import Gate
from sync_server.mosquitto import reload, server_password, write_files
from sync_server.store.changes import Subject
from sync_server.store.fleet import add_kiosk, renew_password, revoke_kiosk
from sync_server.watching import Watch
from tests.fakes.certificates import trusting, write_certificates
from tests.fakes.mosquitto import PROGRAM, Mosquitto, resident_bytes
from tests.fakes.ports import free_port
from tests.fakes.raw_mqtt import DEADLINE, PUBACK, Client, publish
from tests.fakes.small_office import NOW, SITE, migrated, seed_office

OTHER_SITE = "phu"
ONE, TWO = Address(SITE, "quay-1"), Address(SITE, "quay-2")
ELSEWHERE = Address(OTHER_SITE, "quay-1")
GONE = Address(SITE, "quay-0")  # revoked from the beginning
WORKERS = ("ingest", "ingest-2")
WELCOME = 0
UNHURRIED = 10_000  # packets a second


class Site:
    """A broker with two kiosks of one site, one of another and a revoked one; and the server's end of it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.heard: SimpleQueue[tuple[str, bytes]] = SimpleQueue()
        self.passwords: dict[Address, str] = {}
        self.database = migrated(folder)
        for site in (SITE, OTHER_SITE):
            seed_office(self.database, site)
        with self.database.writing() as connection:
            for address in (ONE, TWO, ELSEWHERE, GONE):
                self.passwords[address] = add_kiosk(connection, address, NOW) or ""
            revoke_kiosk(connection, GONE, NOW)
        write_certificates(folder)
        self.folder = folder
        self.broker: Broker
        self.watch: Watch

    def receive(self, topic: str, payload: bytes) -> None:
        self.heard.put((topic, payload))

    def stranger(self, tls: ssl.SSLContext | None = None) -> Client:
        """Connect and say nothing yet."""
        return Client(self.port, tls or trusting())

    def kiosk(self, address: Address = ONE, keepalive: int = 30) -> Client:
        client = self.stranger()
        assert client.login(name(address), self.passwords[address], keepalive=keepalive) == WELCOME
        return client

    def until(self, payload: bytes) -> list[tuple[str, bytes]]:
        """Return what the server hears before a message with this payload."""
        before = []
        while (message := self.heard.get(timeout=DEADLINE))[1] != payload:
            before.append(message)
        return before

    def works(self) -> None:
        """Somebody else is served as ever, in both directions."""
        votes, receipt = ELSEWHERE.prefix + "votes", ELSEWHERE.prefix + "receipt"
        with self.kiosk(ELSEWHERE) as other:
            assert other.subscribe(receipt) == [0]
            other.send(publish(votes, b"still here"))
            assert other.receive()[0] == PUBACK
            self.until(b"still here")
            self.broker.publish(receipt, b"so am I")
            assert other.message().payload == b"so am I"

    def revoke(self, address: Address) -> None:
        with self.database.writing() as connection:
            assert revoke_kiosk(connection, address, NOW)
        self.watch.look()

    def renew(self, address: Address) -> None:
        with self.database.writing() as connection:
            self.passwords[address] = renew_password(connection, address)
        self.watch.look()

    def resident_bytes(self) -> int:
        """How much memory the broker's process holds."""
        return resident_bytes(os.getpid())

    def stop(self) -> None:
        self.broker.stop()
        self.database.close()


class EmbeddedSite(Site):
    """With the broker within the server."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        gate = Gate(self.database)
        certificate = Certificate(folder / "server.pem", folder / "server.key")
        broker = EmbeddedBroker("127.0.0.1", self.port, gate.lets_in, self.receive, certificate, UNHURRIED)
        broker.start()
        self.broker = broker
        self.watch = Watch(self.database, Subject.RIGHTS, lambda: broker.review(gate.lets_stay))


class MosquittoSite(Site):
    """With a real Mosquitto and the server's link to it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.password = server_password(folder / "ingest.password")
        self._write()
        self.mosquitto = Mosquitto(folder, self.port)
        self.mosquitto.start()
        self.watch = Watch(self.database, Subject.RIGHTS, self._follow)
        account = Account("localhost", self.port, WORKERS[0], self.password, folder / "authority.pem")
        self.broker = OutsideBroker(account, of_all_kiosks(), self.receive)
        self.broker.start()
        with self.kiosk() as kiosk:  # the server's end connects in its own time
            while self.heard.empty():
                kiosk.send(publish(ONE.prefix + "votes", b"is anybody there?"))
                kiosk.ping_past_answers()
        self.until_silent()

    def resident_bytes(self) -> int:
        return resident_bytes(self.mosquitto.pid)

    def until_silent(self) -> None:
        with self.kiosk() as kiosk:
            kiosk.send(publish(ONE.prefix + "votes", b"now"))
            self.until(b"now")

    def stop(self) -> None:
        super().stop()
        self.mosquitto.stop()

    def _write(self) -> None:
        write_files(self.database, self.folder, WORKERS, self.password)

    def _follow(self) -> None:
        self._write()
        reload(self.mosquitto.pid_file)


def name(address: Address) -> str:
    return f"{address.site}.{address.kiosk}"


@pytest.fixture(scope="module", params=["embedded", "mosquitto"])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """One of the two brokers; the tests of a module share it, and leave it as they found it."""
    if request.param == "mosquitto" and PROGRAM is None:
        pytest.skip("mosquitto is not installed")
    with tempfile.TemporaryDirectory() as folder:
        made = {"embedded": EmbeddedSite, "mosquitto": MosquittoSite}[request.param](Path(folder))
        try:
            yield made
        finally:
            made.stop()
