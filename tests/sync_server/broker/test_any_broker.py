"""What kiosks and strangers may do, the same on the embedded broker and on a real Mosquitto.

Proven by who receives what, not by what the broker answers: Mosquitto grants a subscription to anything and then
delivers nothing.
"""

import struct
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from ssl import SSLCertVerificationError

import pytest

from protocol.topics import TO_KIOSK, TO_SERVER, Address, Channel, topic
from sync_server.store.fleet import password_digests
from tests.fakes.certificates import trusting
from tests.fakes.raw_mqtt import (
    CONNACK,
    DISCONNECT,
    PUBACK,
    Client,
    Closed,
    Message,
    connect,
    packet,
    publish,
    text,
)
from tests.sync_server.broker.conftest import ELSEWHERE, GONE, ONE, TWO, WELCOME, Site, name

NOT_AUTHORISED = 5
EVERYBODY = (ONE, TWO, ELSEWHERE)
EVERY_TOPIC = [topic(address, channel) for address in EVERYBODY for channel in Channel]
WIDE = [
    *("#", "+/+/+/+/+", "hailong/#", "hailong/v1/sia/quay-1/#", "hailong/v1/sia/quay-1/+", "hailong/v1/+/+/receipt"),
    *("hailong/v1/sia/+/votes", "hailong/v1/+/quay-2/command", "$SYS/#", f"$share/group/{topic(TWO, Channel.RECEIPT)}"),
]


@pytest.fixture
def ears(site: Site) -> Iterator[dict[Address, Client]]:
    """Every kiosk connected, and listening to what is for itself."""
    with ExitStack() as stack:
        clients = {address: stack.enter_context(site.kiosk(address)) for address in EVERYBODY}
        for address, client in clients.items():
            client.subscribe(*(topic(address, channel) for channel in sorted(TO_KIOSK)), qos=1)
        yield clients


def next_message(client: Client) -> Message:
    """Return the next message, past the answers to what the client has sent."""
    while True:
        kind, body = client.receive()
        if kind & 0xF0 == 0x30:
            qos, (length,) = kind >> 1 & 3, struct.unpack("!H", body[:2])
            return Message(body[2 : 2 + length].decode(), body[2 + length + (2 if qos else 0) :], qos, bool(kind & 1))


def until(client: Client, payload: bytes) -> set[str]:
    """Return the topics that a client hears before a message with this payload."""
    heard = set()
    while (message := next_message(client)).payload != payload:
        heard.add(message.topic)
    return heard


# --- rights -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("speaker", EVERYBODY, ids=name)
@pytest.mark.parametrize("qos", [0, 1])
def test_a_kiosk_is_heard_on_its_own_channels_to_the_server_and_nowhere_else(
    site: Site, ears: dict[Address, Client], speaker: Address, qos: int
) -> None:
    client = ears[speaker]
    for number, target in enumerate(EVERY_TOPIC):
        client.send(publish(target, b"evil", qos=qos, mid=10 + number))
    client.send(publish(topic(speaker, Channel.VOTES), b"the last"))
    assert {heard for heard, _ in site.until(b"the last")} == {topic(speaker, channel) for channel in TO_SERVER}
    for address, ear in ears.items():
        site.broker.publish(topic(address, Channel.RECEIPT), b"the first thing it hears")
        assert until(ear, b"the first thing it hears") == set()


@pytest.mark.parametrize("target", ["hailong/v1/sia/+/votes", "#", "", "$SYS/broker/uptime", "hailong/v1/sia"])
def test_what_is_published_on_no_topic_of_ours_reaches_nobody(
    site: Site, ears: dict[Address, Client], target: str
) -> None:
    with site.kiosk(ONE) as client:  # and may be hung up on for it
        with suppress(OSError):
            client.send(publish(target, b"evil"))
        with suppress(Closed, OSError):
            client.ping_past_answers()
    ears[TWO].send(publish(topic(TWO, Channel.VOTES), b"heard as ever"))
    assert site.until(b"heard as ever") == []
    for address in (TWO, ELSEWHERE):
        site.broker.publish(topic(address, Channel.RECEIPT), b"the first thing it hears")
        assert until(ears[address], b"the first thing it hears") == set()


def test_a_kiosk_hears_what_the_server_tells_it_and_nothing_else_whatever_it_subscribes_to(
    site: Site, ears: dict[Address, Client]
) -> None:
    spy = ears[ONE]
    for filter_ in (*EVERY_TOPIC, *WIDE):
        spy.send(packet(0x82, struct.pack("!H", 7) + text(filter_) + b"\x01"))
    spy.ping_past_answers()
    for address in (TWO, ELSEWHERE):
        for channel in sorted(TO_SERVER):
            ears[address].send(publish(topic(address, channel), b"secret"))
        ears[address].ping_past_answers()
    for address in EVERYBODY:
        for channel in sorted(TO_KIOSK):
            site.broker.publish(topic(address, channel), b"told", qos=1)
    for address in EVERYBODY:
        site.broker.publish(topic(address, Channel.RECEIPT), b"the last")
        assert until(ears[address], b"the last") == {topic(address, channel) for channel in TO_KIOSK}
    ears[TWO].send(publish(topic(TWO, Channel.VOTES), b"done"))
    assert len(site.until(b"done")) == 2 * len(TO_SERVER)


def hellos(site: Site) -> dict[str, bytes]:
    password = site.passwords[ONE]
    return {
        "nobody": connect("nobody", None, None),
        "no password": connect(name(ONE), name(ONE), None),
        "an empty password": connect(name(ONE), name(ONE), ""),
        "a wrong password": connect(name(ONE), name(ONE), password[:-1] + "x"),
        "the password of another": connect(name(ONE), name(ONE), site.passwords[TWO]),
        "an unregistered kiosk": connect("sia.quay-9", "sia.quay-9", password),
        "a revoked kiosk": connect(name(GONE), name(GONE), site.passwords[GONE]),
        "no name at all": connect("", "", password),
        "the digest for a password": connect(name(ONE), name(ONE), digest_of(site)),
        "a wrong password, to stay": connect(name(ONE), name(ONE), "wrong", clean=False),
        "a will": connect(name(ONE), name(ONE), "wrong", will=(topic(ONE, Channel.VOTES), b"evil")),
    }


def digest_of(site: Site) -> str:
    with site.database.reading() as connection:
        return password_digests(connection)[ONE]


WHO = [
    *("nobody", "no password", "an empty password", "a wrong password", "the password of another"),
    *("an unregistered kiosk", "a revoked kiosk", "no name at all", "the digest for a password"),
    *("a wrong password, to stay", "a will"),
]


@pytest.mark.parametrize("who", WHO)
def test_whoever_is_not_let_in_is_not_heard_and_disturbs_nobody(site: Site, who: str) -> None:
    with site.kiosk(ONE) as victim:
        assert victim.subscribe(topic(ONE, Channel.RECEIPT)) == [0]
        with site.stranger() as stranger:
            subscribe = packet(0x82, struct.pack("!H", 7) + text(topic(ONE, Channel.RECEIPT)) + b"\x00")
            with suppress(OSError):  # it may be thrown out in mid-sentence
                stranger.send(hellos(site)[who] + publish(topic(ONE, Channel.VOTES), b"evil") + subscribe)
            with suppress(Closed, OSError):
                assert stranger.connack() != WELCOME
            assert stranger.is_hung_up_on()
        site.broker.publish(topic(ONE, Channel.RECEIPT), b"undisturbed")
        assert victim.message().payload == b"undisturbed"
        victim.send(publish(topic(ONE, Channel.VOTES), b"a vote"))
        assert site.until(b"a vote") == []


def test_one_kiosk_cannot_throw_another_out_by_its_client_id(site: Site) -> None:
    with site.kiosk(ONE) as victim, site.stranger() as attacker:
        assert victim.subscribe(topic(ONE, Channel.RECEIPT)) == [0]
        attacker.send(connect(name(ONE), name(TWO), site.passwords[TWO]))
        assert attacker.receive()[0] == CONNACK  # let in as what it is, or not at all
        site.broker.publish(topic(ONE, Channel.RECEIPT), b"undisturbed")
        assert victim.message().payload == b"undisturbed"


def test_a_broker_that_the_authority_does_not_vouch_for_is_not_spoken_to(site: Site) -> None:
    with pytest.raises(SSLCertVerificationError):
        site.stranger(trusting("somebody else's"))
    with pytest.raises(SSLCertVerificationError):
        Client(site.port, trusting(), host="elsewhere.example")
    site.works()


def test_without_tls_nobody_is_let_in(site: Site) -> None:
    with Client(site.port) as plain:
        plain.send(connect(name(ONE), name(ONE), site.passwords[ONE]))
        assert plain.is_hung_up_on()
    site.works()


# --- revocation -------------------------------------------------------------------------------------


def test_a_revoked_kiosk_is_hung_up_on_at_once_and_let_in_again_when_it_is_renewed(site: Site) -> None:
    with site.kiosk(ONE) as revoked, site.kiosk(TWO) as other:
        site.revoke(ONE)
        assert revoked.is_hung_up_on()
        other.ping()
        with site.stranger() as again:
            assert again.login(name(ONE), site.passwords[ONE]) == NOT_AUTHORISED
        old = site.passwords[ONE]
        site.renew(ONE)
        with site.stranger() as again:
            assert again.login(name(ONE), old) == NOT_AUTHORISED
        with site.kiosk(ONE) as back:
            back.ping()
        other.ping()


def test_a_renewed_password_ends_the_connection_that_was_made_with_the_old_one(site: Site) -> None:
    with site.kiosk(TWO) as old, site.kiosk(ONE) as other:
        site.renew(TWO)
        assert old.is_hung_up_on()
        other.ping()
        with site.kiosk(TWO) as new:
            site.watch.look()
            new.ping()


# --- delivery ---------------------------------------------------------------------------------------


def test_what_is_sent_with_qos_1_arrives_in_order_and_is_acknowledged(site: Site) -> None:
    with site.kiosk() as kiosk:
        for number in range(150):
            kiosk.send(publish(topic(ONE, Channel.VOTES), b"%d" % number, mid=1 + number))
        answers = [kiosk.receive() for _ in range(150)]
        assert answers == [(PUBACK, struct.pack("!H", 1 + number)) for number in range(150)]
        kiosk.send(publish(topic(ONE, Channel.VOTES), b"the last"))
        assert [payload for _, payload in site.until(b"the last")] == [b"%d" % number for number in range(150)]


def test_receipts_come_with_qos_0_and_orders_with_qos_1(site: Site) -> None:
    with site.kiosk() as kiosk:
        assert kiosk.subscribe(topic(ONE, Channel.RECEIPT), qos=0) == [0]
        assert kiosk.subscribe(topic(ONE, Channel.SETUP), topic(ONE, Channel.COMMAND), qos=1) == [1, 1]
        site.broker.publish(topic(ONE, Channel.RECEIPT), b"a receipt")
        site.broker.publish(topic(ONE, Channel.SETUP), b"a setup", qos=1)
        site.broker.publish(topic(ONE, Channel.COMMAND), b"a command", qos=1)
        assert [kiosk.message() for _ in range(3)] == [
            Message(topic(ONE, Channel.RECEIPT), b"a receipt", 0, retain=False),
            Message(topic(ONE, Channel.SETUP), b"a setup", 1, retain=False),
            Message(topic(ONE, Channel.COMMAND), b"a command", 1, retain=False),
        ]


def test_nothing_is_kept_for_a_kiosk_that_is_away(site: Site) -> None:
    with site.kiosk() as kiosk:
        assert kiosk.subscribe(topic(ONE, Channel.SETUP), qos=1) == [1]
        kiosk.send(DISCONNECT)
        assert kiosk.is_hung_up_on()
    site.broker.publish(topic(ONE, Channel.SETUP), b"nobody listens", qos=1)
    site.works()
    with site.kiosk() as kiosk:
        assert kiosk.subscribe(topic(ONE, Channel.SETUP), qos=1) == [1]
        site.broker.publish(topic(ONE, Channel.SETUP), b"now", qos=1)
        assert kiosk.message().payload == b"now"


def test_a_kiosk_that_comes_again_replaces_its_old_connection(site: Site) -> None:
    with site.kiosk() as old, site.kiosk() as new:
        assert old.is_hung_up_on()
        assert new.subscribe(topic(ONE, Channel.RECEIPT)) == [0]
        site.broker.publish(topic(ONE, Channel.RECEIPT), b"for the new one")
        assert new.message().payload == b"for the new one"


# --- those who misbehave ----------------------------------------------------------------------------


def test_a_packet_larger_than_any_message_ends_its_connection_only(site: Site) -> None:
    with site.kiosk(TWO) as other:
        with site.kiosk() as kiosk:
            with suppress(OSError):
                kiosk.send(publish(topic(ONE, Channel.VOTES), b"x" * 300_000))
            assert kiosk.is_hung_up_on()
        other.ping()
        other.send(publish(topic(TWO, Channel.VOTES), b"y" * 128 * 1024))
        assert site.until(b"y" * 128 * 1024) == []


@pytest.mark.parametrize(
    "garbage",
    [
        *(b"GET / HTTP/1.0\r\n\r\n", b"\x10", b"\x10\xff\xff\xff\xff\xff\xff", bytes(64), b"\xff" * 64, b""),
        packet(0x10, text("MQTT") + b"\x04\xc2\x00\x1e" + text(b"\xff\xfe")),
        publish(topic(ONE, Channel.VOTES), b"without a word before"),
    ],
)
@pytest.mark.parametrize("encrypted", [True, False])
def test_garbage_on_the_port_disturbs_nobody(site: Site, garbage: bytes, encrypted: bool) -> None:
    with site.kiosk() as kiosk:
        with Client(site.port, trusting() if encrypted else None) as stranger:
            stranger.send(garbage)
            stranger.reset()
        kiosk.ping()
    assert site.heard.empty()


def test_garbage_from_a_kiosk_disturbs_nobody_else(site: Site) -> None:
    for garbage in (
        b"\x32\x02\xff\xff",
        b"\x00\x00",
        b"\x82\x00",
        connect("a", "b", "c"),
        b"\xf0\x00",
        b"\x40\x02\0\1",
    ):
        with site.kiosk() as kiosk:
            kiosk.send(garbage)
            kiosk.reset()
    site.works()


def test_a_connection_that_has_died_without_a_word_is_found_out(site: Site) -> None:
    with site.kiosk(keepalive=1) as silent:
        assert silent.is_hung_up_on()


def test_a_kiosk_that_reads_nothing_neither_fills_the_memory_nor_keeps_others_waiting(site: Site) -> None:
    with site.kiosk() as deaf:
        assert deaf.subscribe(topic(ONE, Channel.RECEIPT)) == [0]
        before = site.resident_bytes()
        for _ in range(8):
            for _ in range(5000):
                site.broker.publish(topic(ONE, Channel.RECEIPT), bytes(1000))
            site.works()
        assert site.resident_bytes() - before < 25_000_000  # of 40 million sent
