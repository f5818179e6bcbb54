"""The broker as anyone on the network meets it: over TCP, well-behaved or not."""

import gc
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic

import pytest

from sync_server.broker.contract import BrokerTrouble
from sync_server.broker.embedded import Certificate, EmbeddedBroker
from sync_server.broker.hardened import _Handler
from tests.fakes.certificates import trusting, write_certificates
from tests.fakes.patience import eventually
from tests.fakes.ports import free_port
from tests.fakes.raw_mqtt import (
    CONNACK,
    DEADLINE,
    DISCONNECT,
    PUBACK,
    REFUSED,
    Client,
    Closed,
    Message,
    connect,
    packet,
    publish,
    text,
)

ONE, TWO = "sia.quay-1", "sia.quay-2"
VOTES = "hailong/v1/sia/quay-1/votes"
RECEIPT = "hailong/v1/sia/quay-1/receipt"
FOREIGN_VOTES, FOREIGN_RECEIPT = "hailong/v1/sia/quay-2/votes", "hailong/v1/sia/quay-2/receipt"
UNHURRIED = 10_000  # packets a second: the tests of the limit set their own
WELCOME, UNACCEPTABLE_VERSION, NOT_AUTHORISED = 0, 1, 5


def passes(user: str, password: str) -> bool:
    return password == f"password of {user}"


class Server:
    """A broker and what was published to it."""

    def __init__(self, packets_a_second: float) -> None:
        self.port = free_port()
        self.published: SimpleQueue[tuple[str, bytes]] = SimpleQueue()
        self.broker = EmbeddedBroker("127.0.0.1", self.port, passes, self._receive, packets_a_second=packets_a_second)
        self.broker.start()

    def _receive(self, topic: str, payload: bytes) -> None:
        self.published.put((topic, payload))

    def client(self, user: str = ONE, keepalive: int = 30) -> Client:
        client = Client(self.port)
        assert client.login(user, f"password of {user}", keepalive=keepalive) == WELCOME
        return client

    def next(self) -> tuple[str, bytes]:
        return self.published.get(timeout=DEADLINE)

    def connections(self) -> int:
        assert self.broker._broker is not None
        return int(self.broker._broker._servers["default"].conn_count)

    def sessions(self) -> int:
        assert self.broker._broker is not None
        return len(self.broker._broker._sessions)

    def works(self) -> None:
        """Someone else is served as ever."""
        with self.client(TWO) as other:
            assert other.subscribe(FOREIGN_RECEIPT) == [0]
            other.send(publish(FOREIGN_VOTES, b"still here"))
            assert other.receive()[0] == PUBACK
            while self.next() != (FOREIGN_VOTES, b"still here"):
                pass
            self.broker.publish(FOREIGN_RECEIPT, b"so am I")
            assert other.message().payload == b"so am I"


@contextmanager
def a_server(packets_a_second: float = UNHURRIED) -> Iterator[Server]:
    before = set(threading.enumerate())
    server = Server(packets_a_second)
    try:
        yield server
    finally:
        server.broker.stop()
    assert [thread.name for thread in threading.enumerate() if thread not in before] == []


@pytest.fixture(autouse=True)
def nothing_unheard_of(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever clients do, no task of the broker ends by an error that nobody looks at."""
    yield
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []


@pytest.fixture
def server() -> Iterator[Server]:
    with a_server() as started:
        yield started


# --- who may come in --------------------------------------------------------------------------------


def test_a_kiosk_with_its_password_is_served(server: Server) -> None:
    with server.client() as kiosk:
        assert kiosk.subscribe(RECEIPT) == [0]
        kiosk.send(publish(VOTES, b"a vote", mid=3))
        assert kiosk.receive() == (PUBACK, b"\x00\x03")
        assert server.next() == (VOTES, b"a vote")
        server.broker.publish(RECEIPT, b"a receipt")
        assert kiosk.message() == Message(RECEIPT, b"a receipt", qos=0, retain=False)
        kiosk.ping()


@pytest.mark.parametrize(
    "hello",
    [
        connect(ONE, ONE, "wrong"),
        connect(ONE, ONE, ""),
        connect(ONE, ONE, None),
        connect(ONE, None, None),
        connect("", ONE, f"password of {ONE}"),
        connect("something else", ONE, f"password of {ONE}"),
        connect(TWO, ONE, f"password of {ONE}"),
        connect(ONE, ONE, "wrong", clean=False),
    ],
)
def test_without_the_right_name_and_password_nobody_comes_in(server: Server, hello: bytes) -> None:
    with Client(server.port) as stranger:
        stranger.send(hello)
        assert stranger.connack() == NOT_AUTHORISED
        assert stranger.is_hung_up_on()
    assert server.sessions() == 0


def test_another_version_of_mqtt_is_refused(server: Server) -> None:
    with Client(server.port) as client:
        client.send(connect(ONE, ONE, f"password of {ONE}", level=5))
        assert client.connack() == UNACCEPTABLE_VERSION
        assert client.is_hung_up_on()


def test_nobody_throws_a_kiosk_out_without_its_password(server: Server) -> None:
    with server.client() as victim:
        assert victim.subscribe(RECEIPT) == [0]
        for hello in (
            connect(ONE, ONE, "wrong"),
            connect(ONE, TWO, f"password of {TWO}"),
            connect(ONE, ONE, "wrong", clean=False),
        ):
            with Client(server.port) as attacker:
                attacker.send(hello)
                assert attacker.connack() == NOT_AUTHORISED
        server.broker.publish(RECEIPT, b"undisturbed")
        assert victim.message().payload == b"undisturbed"
        victim.send(publish(VOTES, b"a vote"))
        assert server.next() == (VOTES, b"a vote")


@pytest.mark.parametrize("clean", [True, False])
def test_a_kiosk_that_comes_again_replaces_its_old_connection(server: Server, clean: bool) -> None:
    with server.client() as old, Client(server.port) as new:
        assert old.subscribe(RECEIPT) == [0]
        new.send(connect(ONE, ONE, f"password of {ONE}", clean=clean))
        assert new.receive() == (CONNACK, b"\x00\x00")
        assert old.is_hung_up_on()
        server.broker.publish(RECEIPT, b"before it subscribed")
        assert new.subscribe(RECEIPT) == [0]
        server.broker.publish(RECEIPT, b"afterwards")
        assert new.message().payload == b"afterwards"


def test_a_kiosk_that_comes_many_times_at_once_is_left_with_one_connection_that_hears(server: Server) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(Client(server.port)) for _ in range(12)]
        for client in clients:
            client.send(connect(ONE, ONE, f"password of {ONE}"))
        assert eventually(lambda: server.connections() == 1)
        [last] = [client for client in clients if lives(client)]
        assert last.subscribe(RECEIPT) == [0]
        server.broker.publish(RECEIPT, b"for the last one")
        assert last.message().payload == b"for the last one"


def lives(client: Client) -> bool:
    try:
        assert client.connack() == WELCOME
        client.ping()
    except (Closed, OSError):
        return False
    return True


# --- what they may do -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "filter_",
    [
        *("#", "+/+/+/+/+", "hailong/v1/sia/+/receipt", "hailong/v1/sia/quay-1/#", "a#b", "$SYS/#"),
        *(f"$share/g/{RECEIPT}", f"{RECEIPT}/", FOREIGN_RECEIPT, VOTES, ""),
    ],
)
def test_patterns_and_the_channels_of_others_cannot_be_subscribed_to(server: Server, filter_: str) -> None:
    with server.client() as kiosk:
        assert kiosk.subscribe(filter_, RECEIPT) == [REFUSED, 0]
        server.broker.publish(FOREIGN_RECEIPT, b"not for you")
        server.broker.publish(RECEIPT, b"for you")
        assert kiosk.message().payload == b"for you"


@pytest.mark.parametrize(
    "topic", [FOREIGN_VOTES, RECEIPT, FOREIGN_RECEIPT, "elsewhere", VOTES + "/more", VOTES.upper()]
)
def test_what_is_published_on_the_channels_of_others_reaches_nobody(server: Server, topic: str) -> None:
    with server.client() as kiosk, server.client(TWO) as other:
        assert other.subscribe(FOREIGN_RECEIPT) == [0]
        assert kiosk.subscribe(RECEIPT) == [0]
        kiosk.send(publish(topic, b"evil", mid=1))
        kiosk.send(publish(VOTES, b"good", mid=2))
        assert server.next() == (VOTES, b"good")
        server.broker.publish(FOREIGN_RECEIPT, b"the first thing it hears")
        assert other.message().payload == b"the first thing it hears"


@pytest.mark.parametrize("topic", ["$SYS/broker", ""])
def test_whoever_publishes_on_what_is_no_topic_is_hung_up_on(server: Server, topic: str) -> None:
    with server.client() as kiosk:
        kiosk.send(publish(topic, b"evil"))
        assert kiosk.is_hung_up_on()
    assert eventually(lambda: server.connections() == 0)
    server.works()


@pytest.mark.parametrize("topic", ["hailong/v1/+/quay-1/votes", "#"])
def test_what_is_published_on_a_pattern_reaches_nobody(server: Server, topic: str) -> None:
    with server.client() as kiosk:
        kiosk.send(publish(topic, b"evil"))
        server.works()
    with pytest.raises(Empty):
        server.published.get_nowait()


def test_whoever_asks_for_exactly_once_is_hung_up_on(server: Server) -> None:
    with server.client() as kiosk:
        kiosk.send(publish(VOTES, b"nobody of ours says this", qos=2))
        assert kiosk.is_hung_up_on()
    server.works()
    with pytest.raises(Empty):
        server.published.get_nowait()


def test_nothing_is_retained(server: Server) -> None:
    with server.client() as kiosk:
        kiosk.send(publish(VOTES, b"a vote", retain=True))
        assert server.next() == (VOTES, b"a vote")
        server.broker.publish(RECEIPT, b"nobody listens yet")
        assert kiosk.receive()[0] == PUBACK
        assert kiosk.subscribe(RECEIPT) == [0]
        server.broker.publish(RECEIPT, b"now")
        assert kiosk.message() == Message(RECEIPT, b"now", qos=0, retain=False)
    assert server.broker._broker is not None
    assert server.broker._broker._retained_messages == {}


def test_a_will_is_not_sent(server: Server) -> None:
    with Client(server.port) as kiosk:
        kiosk.send(connect(ONE, ONE, f"password of {ONE}", will=(VOTES, b"my last will")))
        assert kiosk.connack() == WELCOME
        kiosk.reset()
    assert eventually(lambda: server.connections() == 0)
    with pytest.raises(Empty):
        server.published.get_nowait()


def test_what_one_kiosk_publishes_arrives_in_order(server: Server) -> None:
    with server.client() as kiosk:
        for number in range(300):
            kiosk.send(publish(VOTES, b"%d" % number, mid=1 + number))
        assert [server.next()[1] for _ in range(300)] == [b"%d" % number for number in range(300)]


def test_what_is_published_to_an_absent_kiosk_is_lost_quietly(server: Server) -> None:
    server.broker.publish(RECEIPT, b"for nobody")
    server.works()


# --- those who misbehave ----------------------------------------------------------------------------


def test_a_packet_larger_than_any_message_ends_its_connection_only(server: Server) -> None:
    with server.client() as kiosk, server.client(TWO) as other:
        with suppress(BrokenPipeError, ConnectionResetError):
            kiosk.send(publish(VOTES, b"x" * 300_000))
        assert kiosk.is_hung_up_on()
        other.ping()
        other.send(publish(FOREIGN_VOTES, b"y" * 128 * 1024))
        assert server.next() == (FOREIGN_VOTES, b"y" * 128 * 1024)


GARBAGE = [
    b"GET / HTTP/1.0\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    b"\x10",
    b"\x10\xff\xff\xff\xff\xff\xff",
    b"\x10\xff\xff\xff\x7f" + b"\x00\x04MQTT" + b"x" * 100,
    bytes(64),
    b"\xff" * 64,
    packet(0x10, text("MQTT") + b"\x04\xc2\x00\x1e" + text(b"\xff\xfe")),
    publish(VOTES, b"without a word before"),
    DISCONNECT,
    b"",
]


@pytest.mark.parametrize("farewell", ["close", "reset"])
@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_on_the_port_disturbs_nobody(server: Server, garbage: bytes, farewell: str) -> None:
    with server.client() as kiosk:
        with Client(server.port) as stranger:
            stranger.send(garbage)
            if farewell == "reset":
                stranger.reset()
        kiosk.ping()
        assert eventually(lambda: server.connections() == 1)
        server.works()


@pytest.mark.parametrize("farewell", ["close", "reset"])
@pytest.mark.parametrize(
    "garbage",
    [
        *(
            b"\x32",
            b"\x32\x7f\x00",
            b"\x32\xff\xff\xff\xff\x01",
            b"\x32\x00",
            b"\x32\x02\xff\xff",
            b"\x00\x00",
            b"\xf0\x00",
        ),
        *(b"\x82\x00", b"\x82\x05\x00\x01\x00\xff\x00", b"\x40\x02\x00\x63", b"\x62\x02\x00\x63", b"\x20\x02\x00\x00"),
        *(connect(ONE, ONE, "again"), b"\xa2\x02\x00\x01", packet(0x30, text(b"\xff\xfe") + b"x"), b"\xf0\x00"),
    ],
)
def test_garbage_from_a_kiosk_disturbs_nobody_else(server: Server, garbage: bytes, farewell: str) -> None:
    with server.client() as kiosk:
        kiosk.send(garbage)
        if farewell == "reset":
            kiosk.reset()
    server.works()
    assert eventually(lambda: server.connections() == 0)
    assert eventually(lambda: server.sessions() == 0)


@pytest.mark.parametrize(
    "farewell", [b"", DISCONNECT, publish(VOTES, b"a vote"), packet(0x82, b"\0\1" + text(RECEIPT) + b"\0")]
)
def test_a_kiosk_that_is_gone_before_it_is_welcomed_is_noticed(server: Server, farewell: bytes) -> None:
    for _ in range(30):
        with Client(server.port) as kiosk:
            kiosk.send(connect(ONE, ONE, f"password of {ONE}") + farewell)
    server.works()
    assert eventually(lambda: server.connections() == 0)
    assert server.sessions() == 0


def test_abuse_does_not_use_the_connections_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_server.broker.hardened.MOST_CONNECTIONS", 3)
    with a_server() as server:
        for attempt in range(4 * len(GARBAGE)):
            with Client(server.port) as stranger:
                stranger.send(GARBAGE[attempt % len(GARBAGE)])
                if attempt % 2:
                    stranger.reset()
        for _ in range(10):
            with Client(server.port) as stranger:
                stranger.send(connect(ONE, ONE, "wrong"))
                stranger.reset()
        server.works()
        assert eventually(lambda: server.connections() == 0)


def test_whoever_says_nothing_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_server.broker.hardened.CONNECT_SECONDS", 0.1)
    with a_server() as server, Client(server.port) as silent, Client(server.port) as slow:
        slow.send(connect(ONE, ONE, f"password of {ONE}")[:9])
        assert silent.is_hung_up_on()
        assert slow.is_hung_up_on()
        assert eventually(lambda: server.connections() == 0)


def test_a_kiosk_that_falls_silent_is_hung_up_on_after_one_and_a_half_keepalives(server: Server) -> None:
    with server.client(keepalive=1) as silent, server.client(TWO, keepalive=1) as stuck:
        began = monotonic()
        stuck.send(b"\x32\x7f")  # the beginning of a packet, and no more
        assert silent.is_hung_up_on()
        assert 1.5 <= monotonic() - began < 6.0
        assert stuck.is_hung_up_on()
        assert monotonic() - began < 6.0
    assert eventually(lambda: server.sessions() == 0)


def test_a_kiosk_that_says_it_needs_no_keepalive_has_one_all_the_same(server: Server) -> None:
    with server.client(keepalive=0), server.client(TWO, keepalive=65535):
        assert server.broker._broker is not None
        waits = {user: session.keep_alive for user, (session, _) in server.broker._broker._sessions.items()}
        assert waits == {ONE: 91, TWO: 181}


def test_fifty_connections_leave_nothing_behind(server: Server) -> None:
    def handlers() -> int:
        gc.collect()
        return sum(type(thing) is _Handler for thing in gc.get_objects())  # isinstance would ask dead proxies

    before = handlers()
    for attempt in range(50):
        with server.client() as kiosk:
            assert kiosk.subscribe(RECEIPT) == [0]
            kiosk.send(publish(VOTES, b"a vote"))
            match attempt % 3:
                case 0:
                    kiosk.send(DISCONNECT)
                case 1:
                    kiosk.reset()
    assert eventually(lambda: server.connections() == 0)
    assert eventually(lambda: server.sessions() == 0)
    assert server.broker._broker is not None
    assert server.broker._broker._subscriptions == {}
    assert eventually(lambda: handlers() <= before)


# --- beginning and end ------------------------------------------------------------------------------


def test_a_taken_port_is_named(server: Server) -> None:
    other = EmbeddedBroker("127.0.0.1", server.port, passes, lambda *_: None)
    with pytest.raises(BrokerTrouble, match=rf"cannot listen on 127\.0\.0\.1:{server.port}: .*address already in use"):
        other.start()
    server.works()


def test_an_address_of_another_machine_is_named() -> None:
    broker = EmbeddedBroker("192.0.2.1", 1883, passes, lambda *_: None)
    with pytest.raises(BrokerTrouble, match=r"cannot listen on 192\.0\.2\.1:1883"):
        broker.start()


def test_it_stops_at_once_whoever_is_connected() -> None:
    with a_server() as server:
        kiosk, stranger = server.client(), Client(server.port)
        stranger.send(b"\x10")
        assert eventually(lambda: server.connections() == 2)
        began = monotonic()
    assert monotonic() - began < 5.0
    assert kiosk.is_hung_up_on()
    assert stranger.is_hung_up_on()
    kiosk.close()
    stranger.close()


def test_it_stops_at_once_though_a_kiosk_reads_nothing() -> None:
    with a_server() as server, server.client() as kiosk:
        assert kiosk.subscribe(RECEIPT) == [0]
        for _ in range(100):
            server.broker.publish(RECEIPT, bytes(100_000))
        server.works()
        began = monotonic()
    assert monotonic() - began < 5.0


def test_a_listener_that_fails_ends_that_connection_only() -> None:
    def receive(topic: str, payload: bytes) -> None:
        if payload == b"poison":
            raise RuntimeError
        published.put(payload)

    published: SimpleQueue[bytes] = SimpleQueue()
    port = free_port()
    broker = EmbeddedBroker("127.0.0.1", port, passes, receive)
    broker.start()
    try:
        with Client(port) as one, Client(port) as two:
            assert one.login(ONE, f"password of {ONE}") == two.login(TWO, f"password of {TWO}") == WELCOME
            one.send(publish(VOTES, b"poison"))
            assert one.is_hung_up_on()
            two.send(publish(FOREIGN_VOTES, b"a vote"))
            assert published.get(timeout=DEADLINE) == b"a vote"
    finally:
        broker.stop()


def test_after_its_end_nothing_can_be_published_and_nothing_breaks() -> None:
    with a_server() as server:
        pass
    server.broker.publish(RECEIPT, b"too late")


# --- what one may do to the others ------------------------------------------------------------------


def test_whoever_sends_too_much_has_to_wait_and_the_others_do_not() -> None:
    with a_server(packets_a_second=6) as server, server.client() as busy:
        for number in range(2000):
            busy.send(publish(VOTES, b"%d" % number, mid=1 + number))
        server.works()
        assert server.published.qsize() < 1000  # at six a second, that takes minutes


def test_coming_anew_does_not_give_more_to_whoever_sends_too_much() -> None:
    with a_server(packets_a_second=30) as server:
        for _ in range(4):
            with server.client() as busy:
                for number in range(500):
                    busy.send(publish(VOTES, b"%d" % number, mid=1 + number))
                busy.receive()
        server.works()
        assert server.published.qsize() < 1000


def test_whoever_reads_nothing_that_it_is_told_is_hung_up_on(caplog: pytest.LogCaptureFixture) -> None:
    with a_server() as server, server.client() as deaf:
        assert deaf.subscribe(RECEIPT) == [0]
        for _ in range(200):
            server.broker.publish(RECEIPT, bytes(100_000))
        assert eventually(lambda: server.connections() == 0)
        server.works()
    assert "a client that reads nothing was hung up on" in caplog.text


def test_whoever_subscribes_to_more_than_there_is_is_hung_up_on(server: Server) -> None:
    with server.client() as kiosk:
        kiosk.send(packet(0x82, b"\x00\x07" + (text(RECEIPT) + b"\x00") * 7))
        assert kiosk.is_hung_up_on()
    server.works()


def test_a_large_packet_that_is_no_message_is_hung_up_on(server: Server) -> None:
    with server.client() as kiosk:
        with suppress(OSError):
            kiosk.send(packet(0x82, b"\x00\x07" + (text("x") + b"\x00") * 2000))
        assert kiosk.is_hung_up_on()
    server.works()


# --- with TLS ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("farewell", ["close", "reset", "silence"])
def test_a_handshake_that_never_ends_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, farewell: str
) -> None:
    monkeypatch.setattr("sync_server.broker.hardened.CONNECT_SECONDS", 2)
    write_certificates(tmp_path)
    port, heard = free_port(), SimpleQueue[bytes]()
    certificate = Certificate(tmp_path / "server.pem", tmp_path / "server.key")
    broker = EmbeddedBroker("127.0.0.1", port, passes, lambda _, payload: heard.put(payload), certificate)
    broker.start()
    try:
        with Client(port) as stranger:
            stranger.send(b"\x16\x03\x01\x02\x00\x01")
            if farewell == "reset":
                stranger.reset()
            elif farewell == "close":
                stranger.close()
            with Client(port, trusting()) as kiosk:
                assert kiosk.login(ONE, f"password of {ONE}") == WELCOME
                kiosk.send(publish(VOTES, b"a vote"))
                assert heard.get(timeout=DEADLINE) == b"a vote"
            if farewell == "silence":
                assert stranger.is_hung_up_on()
    finally:
        broker.stop()


def test_it_stops_at_once_whoever_is_connected_with_tls(tmp_path: Path) -> None:
    write_certificates(tmp_path)
    port = free_port()
    certificate = Certificate(tmp_path / "server.pem", tmp_path / "server.key")
    broker = EmbeddedBroker("127.0.0.1", port, passes, lambda *_: None, certificate)
    broker.start()
    with Client(port) as stranger, Client(port, trusting()) as kiosk:
        assert kiosk.login(ONE, f"password of {ONE}") == WELCOME
        began = monotonic()
        broker.stop()
        assert monotonic() - began < 8.0
        assert kiosk.is_hung_up_on()
        assert stranger.is_hung_up_on()


@pytest.mark.parametrize(("content", "told"), [(None, "cannot be read: No such file"), (b"x", "not a certificate")])
def test_a_certificate_that_cannot_be_used_is_named_and_nothing_listens(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    certificate = Certificate(tmp_path / "server.pem", tmp_path / "server.key")
    if content is not None:
        certificate.certificate.write_bytes(content)
        certificate.key.write_bytes(content)
    broker = EmbeddedBroker("127.0.0.1", free_port(), passes, lambda *_: None, certificate)
    with pytest.raises(BrokerTrouble, match=told):
        broker.start()
