"""The server's link to an outside broker: a real Mosquitto that comes, goes and refuses."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from sync_server.broker import outside
from sync_server.broker.contract import BrokerTrouble
from sync_server.broker.mosquitto_files import password_text, rights_text
from sync_server.broker.outside import Account, OutsideBroker
from sync_server.core.topic_filters import of_all_kiosks
from sync_server.passwords import digest
from tests.fakes.certificates import an_authority, trusting, write_certificates
from tests.fakes.mosquitto import Mosquitto, needs_mosquitto
from tests.fakes.patience import Hasty, eventually
from tests.fakes.ports import free_port
from tests.fakes.raw_mqtt import CONNACK, DEADLINE, SUBACK, Client, packet, publish
from tests.sync_server.broker.conftest import ONE, name

VOTES, RECEIPT = ONE.prefix + "votes", ONE.prefix + "receipt"
SECRET = "a password that nothing prints"

pytestmark = needs_mosquitto


class Office:
    """A Mosquitto and a link to it; both can be started and stopped."""

    def __init__(self, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG, "sync_server.broker.outside")
        self.folder = folder
        self.log = caplog
        self.heard: SimpleQueue[tuple[str, bytes]] = SimpleQueue()
        self.mosquitto = Mosquitto(folder, free_port())
        write_certificates(folder)
        (folder / "acl").write_text(rights_text(["ingest"], [ONE]))
        passwords = {"ingest": digest(SECRET), "stranger": digest(SECRET), name(ONE): digest("one")}
        (folder / "passwd").write_text(password_text(passwords))
        self.links: list[OutsideBroker] = []

    def link(
        self,
        user: str = "ingest",
        password: str = SECRET,
        receive: Callable[[str, bytes], None] | None = None,
        authority: Path | None = None,
    ) -> OutsideBroker:
        account = Account("localhost", self.mosquitto.port, user, password, authority or self.folder / "authority.pem")
        link = OutsideBroker(account, of_all_kiosks(), receive or self.receive, Hasty())
        link.start()
        self.links.append(link)
        return link

    def receive(self, topic: str, payload: bytes) -> None:
        self.heard.put((topic, payload))

    def kiosk(self) -> Client:
        client = Client(self.mosquitto.port, trusting())
        assert client.login(name(ONE), "one") == 0
        return client

    def logged(self, text: str, level: int = logging.DEBUG) -> int:
        return sum(text in record.getMessage() and record.levelno >= level for record in self.log.records)

    def connected(self, times: int = 1) -> bool:
        return eventually(lambda: self.logged("connected to the broker") >= times)

    def close(self) -> None:
        for link in self.links:
            link.stop()
        self.mosquitto.kill()


@pytest.fixture
def office(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Office]:
    before = set(threading.enumerate())
    made = Office(tmp_path, caplog)
    yield made
    made.close()
    assert [thread.name for thread in threading.enumerate() if thread not in before] == []
    assert SECRET not in caplog.text


def test_what_kiosks_say_comes_and_what_they_are_told_goes(office: Office) -> None:
    office.mosquitto.start()
    link = office.link()
    assert office.connected()
    with office.kiosk() as kiosk:
        assert kiosk.subscribe(RECEIPT) == [0]
        for number in range(200):
            kiosk.send(publish(VOTES, b"%d" % number, mid=1 + number))
        assert [office.heard.get(timeout=DEADLINE) for _ in range(200)] == [
            (VOTES, b"%d" % number) for number in range(200)
        ]
        kiosk.ping_past_answers()
        for qos in (0, 1):
            for number in range(200):
                link.publish(RECEIPT, b"%d" % number, qos)
            assert [kiosk.message().payload for _ in range(200)] == [b"%d" % number for number in range(200)]
    assert office.logged("connected to the broker at localhost", logging.INFO) == 1


def test_it_waits_for_a_broker_that_is_not_there_yet_and_says_so_once(office: Office) -> None:
    office.link()
    assert eventually(lambda: office.logged("Connection refused") > 3)
    assert office.logged("no connection to the broker at localhost", logging.WARNING) == 1
    office.mosquitto.start()
    assert office.connected()


def test_it_comes_back_after_a_broker_that_was_killed_and_nothing_has_piled_up(office: Office) -> None:
    office.mosquitto.start()
    link = office.link()
    assert office.connected()
    for times in (2, 3):
        office.mosquitto.kill()
        assert eventually(lambda: not link._connected)
        link.publish(RECEIPT, b"while it was away")
        office.mosquitto.start()
        assert office.connected(times)
        with office.kiosk() as kiosk:
            assert kiosk.subscribe(RECEIPT) == [0]
            link.publish(RECEIPT, b"afterwards")
            assert kiosk.message().payload == b"afterwards"
            kiosk.send(publish(VOTES, b"a vote"))
            assert office.heard.get(timeout=DEADLINE) == (VOTES, b"a vote")


@pytest.mark.parametrize(
    ("user", "password", "told"),
    [
        ("ingest", "wrong", "the broker refuses ingest: Not authorized"),
        ("nobody", SECRET, "the broker refuses nobody: Not authorized"),
    ],
)
def test_a_refusal_is_named_once_and_tried_again(office: Office, user: str, password: str, told: str) -> None:
    office.mosquitto.start()
    office.link(user, password)
    assert eventually(lambda: office.logged(told) > 2)
    assert office.logged(told, logging.WARNING) == 1
    assert not office.logged("connected to the broker")


def test_a_broker_that_another_authority_vouches_for_is_not_told_the_password(office: Office) -> None:
    office.mosquitto.start()
    other = office.folder / "other.pem"
    other.write_bytes(an_authority("somebody else's").certificate)
    office.link(authority=other)
    assert eventually(lambda: office.logged("its certificate is refused: ") > 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"no PEM", "holds no certificate; expected the authority's"),
    ],
)
def test_an_authority_that_cannot_be_used_is_named_at_the_start(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    path = tmp_path / "authority.pem"
    if content is not None:
        path.write_bytes(content)
    link = OutsideBroker(Account("localhost", 1, "ingest", SECRET, path), of_all_kiosks(), lambda *_: None)
    with pytest.raises(BrokerTrouble, match=f"{path}: {told}"):
        link.start()


def test_a_message_that_the_receiver_cannot_take_does_not_end_the_link(office: Office) -> None:
    def receive(topic: str, payload: bytes) -> None:
        if payload == b"poison":
            raise RuntimeError(payload)
        office.receive(topic, payload)

    office.mosquitto.start()
    office.link(receive=receive)
    assert office.connected()
    with office.kiosk() as kiosk:
        kiosk.send(publish(VOTES, b"poison"))
        assert eventually(lambda: office.logged("internal error: RuntimeError") > 0)
        assert office.connected(2)
        kiosk.send(publish(VOTES, b"a vote", mid=2))
        assert office.heard.get(timeout=DEADLINE) == (VOTES, b"a vote")
    assert "poison" not in office.log.text


def test_two_links_under_one_name_replace_each_other_and_both_live(office: Office) -> None:
    office.mosquitto.start()
    office.link()
    assert office.connected()
    office.link()
    assert office.connected(4)
    for link in office.links:
        link.stop()
    office.links.clear()


def test_it_can_be_stopped_before_it_was_ever_connected(office: Office) -> None:
    office.link().stop()
    office.links.clear()


def test_after_its_end_and_without_a_connection_what_is_published_is_lost_quietly(office: Office) -> None:
    link = office.link()
    link.publish(RECEIPT, b"too early")
    link.stop()
    office.links.clear()
    link.publish(RECEIPT, b"too late")
    assert not link._unsent


# --- brokers that no Mosquitto is -------------------------------------------------------------------


class Scripted:
    """A listener that answers as it is told."""

    def __init__(self, *answers: bytes) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._answers = answers
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def _serve(self) -> None:
        connections = []
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                break
            connections.append(connection)
            for answer in self._answers:
                connection.recv(4096)
                connection.sendall(answer)
        for connection in connections:
            connection.close()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


CONNACK_WELCOME = packet(CONNACK, b"\x00\x00")


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ((), "the broker does not answer"),
        ((CONNACK_WELCOME,), "the broker does not answer"),
        ((CONNACK_WELCOME, packet(SUBACK, b"\x00\x01\x01\x80\x01")), "does not let ingest listen to the kiosks"),
        ((b"\xff\xff\xff\xff\xff\xff",), "the connection was lost"),
    ],
)
def test_a_broker_that_does_not_serve_is_left_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, answers: tuple[bytes, ...], told: str
) -> None:
    monkeypatch.setattr(outside, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(outside, "LONGEST_LOOK", 0.05)
    caplog.set_level(logging.DEBUG, "sync_server.broker.outside")
    scripted = Scripted(*answers)
    link = OutsideBroker(
        Account("127.0.0.1", scripted.port, "ingest", SECRET), of_all_kiosks(), lambda *_: None, Hasty()
    )
    link.start()
    try:
        assert eventually(lambda: sum(told in record.getMessage() for record in caplog.records) >= 2)
    finally:
        link.stop()
        scripted.close()
    assert "connected to" not in caplog.text


def test_what_cannot_be_sent_is_bounded() -> None:
    link = OutsideBroker(Account("127.0.0.1", 1, "ingest", SECRET), of_all_kiosks(), lambda *_: None)
    link._wake_reader, link._wake_writer = socket.socketpair()
    link._wake_writer.setblocking(False)
    link._connected = True
    for number in range(outside.MOST_UNSENT + 10):
        link.publish(RECEIPT, b"%d" % number)
    assert len(link._unsent) == outside.MOST_UNSENT
    assert link._unsent[0] == (RECEIPT, b"10", 0)
    link._wake_reader.close()
    link._wake_writer.close()
