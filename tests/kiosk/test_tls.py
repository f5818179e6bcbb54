"""Only the pinned authority is trusted, and what is wrong is said so that it can be mended."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.connection import Connection
from kiosk.core.tally import Lost, Obstacle
from kiosk.settings import Server
from protocol.messages import ClockReport, ClockSource, KioskStatus
from protocol.tls import AuthorityUnusable, trusting
from protocol.topics import Address
from tests.fakes.authority import Authority
from tests.fakes.ports import free_port
from tests.fakes.tls_front import TlsFront

WALL = datetime(1970, 1, 1, 0, 3, tzinfo=UTC)
DAY = timedelta(days=1)
WILL = KioskStatus("5" * 32, 1, 0, 1, 0, 0, "0.1", "up", "ok", ClockReport(ClockSource.NONE, 0, 0), gone=True)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@contextmanager
def a_port() -> Iterator[int]:
    """A port that takes every connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def refusal(port: int, authority: Path, host: str = "127.0.0.1") -> Lost:
    server = Server(password="secret", host=host, port=port, authority=str(authority))
    connection = Connection(Address("sia", "quay-1"), server, trusting(authority), lambda: WALL)
    try:
        with pytest.raises(Lost) as refused:
            connection.open(WILL)
    finally:
        connection.close()
    return refused.value


def refusal_of(certificate: Path, authority: Path, host: str = "127.0.0.1") -> Lost:
    with a_port() as target, TlsFront(certificate, target) as front:
        return refusal(front.port, authority, host)


def test_a_broker_that_the_authority_vouches_for_is_connected_to(authority: Authority) -> None:
    with a_port() as target, TlsFront(authority.vouch(), target) as front:
        server = Server(password="secret", port=front.port)
        connection = Connection(Address("sia", "quay-1"), server, trusting(authority.path), lambda: WALL)
        connection.open(WILL)
        connection.close()


def test_a_clock_that_stands_before_the_certificate_is_named_not_the_network(authority: Authority) -> None:
    lost = refusal_of(authority.vouch(begins=DAY), authority.path)
    assert lost.obstacle is Obstacle.CLOCK
    assert str(lost) == (
        "this machine's clock reads 1970-01-01 00:03 UTC, and then the certificate of 127.0.0.1 is not yet valid:"
        " the clock is wrong, not the network"
    )


def test_a_certificate_that_has_expired_by_this_clock_is_named(authority: Authority) -> None:
    lost = refusal_of(authority.vouch(begins=-3 * DAY, ends=-DAY), authority.path)
    assert lost.obstacle is Obstacle.CLOCK
    assert "clock reads 1970-01-01 00:03 UTC" in str(lost)
    assert "has expired: the clock is wrong, or the certificate; not the network" in str(lost)


def test_another_authority_is_not_trusted(authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path, "other")
    lost = refusal_of(other.vouch(), authority.path)
    assert lost.obstacle is Obstacle.CERTIFICATE
    assert str(lost).startswith("the certificate of 127.0.0.1 is not vouched for by our authority: ")


def test_what_the_system_trusts_is_not_trusted_here(authority: Authority) -> None:
    assert len(trusting(authority.path).get_ca_certs()) == 1


@pytest.mark.parametrize(("address", "host"), [("127.0.0.2", "127.0.0.1"), ("mqtt.example", "localhost")])
def test_a_certificate_for_another_name_is_named(authority: Authority, address: str, host: str) -> None:
    lost = refusal_of(authority.vouch(address), authority.path, host)
    assert (lost.obstacle, str(lost)) == (
        Obstacle.CERTIFICATE,
        f"the certificate of the broker is for another name than {host}",
    )


@pytest.mark.parametrize("answer", [b"\x20\x02\x00\x05", b""], ids=["plain MQTT", "hangs up"])
def test_a_broker_without_tls_is_named(authority: Authority, answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        lost = refusal(server.getsockname()[1], authority.path)
        thread.join()
    assert lost.obstacle is Obstacle.CERTIFICATE
    assert "127.0.0.1 does not speak TLS on this port as we do: " in str(lost)


def test_nothing_older_than_tls_1_2_is_spoken_and_the_name_is_checked(authority: Authority) -> None:
    context = trusting(authority.path)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)


def test_without_a_network_the_network_is_named(authority: Authority) -> None:
    port = free_port()
    lost = refusal(port, authority.path)
    assert (lost.obstacle, str(lost)) == (Obstacle.NETWORK, f"127.0.0.1, port {port}: Connection refused")


def test_a_broker_that_never_answers_the_handshake_is_the_network_s_fault(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.connection.CONNECT_SECONDS", 0.1)
    with a_port() as port:
        lost = refusal(port, authority.path)
    assert lost.obstacle is Obstacle.NETWORK
    assert "timed out" in str(lost)


@pytest.mark.parametrize("content", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n"], ids=len)
def test_an_authority_that_is_no_certificate_is_a_mistake_with_its_file_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "authority.pem"
    path.write_bytes(content)
    with pytest.raises(AuthorityUnusable) as mistake:
        trusting(path)
    assert str(mistake.value) == f"{path}: holds no certificate; expected the authority's, as PEM"


def test_an_authority_that_is_missing_is_a_mistake_with_its_file_named(tmp_path: Path) -> None:
    with pytest.raises(AuthorityUnusable) as mistake:
        trusting(tmp_path / "nowhere.pem")
    assert str(mistake.value) == f"{tmp_path}/nowhere.pem: cannot be read: No such file or directory"
