"""The authority and what it vouches for, as OpenSSL sees them."""

import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sync_server.broker.certificates import (
    VALID_FROM,
    YEAR,
    Pair,
    UnusableAuthority,
    UnusableName,
    new_authority,
    new_server_certificate,
    valid_until,
)

NOW = datetime.now(UTC)
AUTHORITY = new_authority(NOW)
OTHER = new_authority(NOW)


def shake_hands(folder: Path, server: Pair, authority: Pair, host: str) -> None:
    """Let a client that trusts the authority alone connect to a server under a name; SSLError when it does not."""
    (folder / "server.pem").write_bytes(server.certificate)
    (folder / "server.key").write_bytes(server.key)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "server.pem", folder / "server.key")
    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asking.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python has it from 3.13 on
    asking.load_verify_locations(cadata=authority.certificate.decode("ascii"))
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with suppress(OSError), serving.wrap_socket(theirs, server_side=True):
            pass

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        asking.wrap_socket(ours, server_hostname=host).close()
    finally:
        ours.close()
        thread.join()
        theirs.close()


@pytest.mark.parametrize("host", ["broker.example", "192.0.2.7", "máy-chủ.vn", "2001:db8::1"])
def test_a_client_that_trusts_the_authority_accepts_every_name_and_no_other(tmp_path: Path, host: str) -> None:
    server = new_server_certificate(AUTHORITY, ["broker.example", "192.0.2.7", "máy-chủ.vn", "2001:db8::1"], NOW)
    shake_hands(tmp_path, server, AUTHORITY, host)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tmp_path, server, AUTHORITY, "elsewhere.example")


def test_a_client_that_trusts_another_authority_does_not(tmp_path: Path) -> None:
    server = new_server_certificate(AUTHORITY, ["broker.example"], NOW)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tmp_path, server, OTHER, "broker.example")


def test_a_certificate_of_ours_is_no_authority_itself(tmp_path: Path) -> None:
    server = new_server_certificate(AUTHORITY, ["broker.example"], NOW)
    forged = new_server_certificate(server, ["broker.example"], NOW)
    forged = Pair(forged.certificate + server.certificate, forged.key)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tmp_path, forged, AUTHORITY, "broker.example")


def test_the_validity_begins_years_ago_for_kiosks_whose_clock_is_behind(tmp_path: Path) -> None:
    server = new_server_certificate(AUTHORITY, ["broker.example"], NOW)
    for made, until in ((AUTHORITY, NOW + 20 * YEAR), (server, NOW + 2 * YEAR)):
        path = tmp_path / "one.pem"
        path.write_bytes(made.certificate)
        decoded = ssl._ssl._test_decode_cert(str(path))  # type: ignore[attr-defined]
        assert ssl.cert_time_to_seconds(decoded["notBefore"]) == VALID_FROM.timestamp()
        assert abs(valid_until(made.certificate) - until) < timedelta(seconds=2)


def test_no_certificate_outlives_its_authority() -> None:
    late = new_server_certificate(AUTHORITY, ["broker.example"], NOW + 19 * YEAR, years=10)
    assert valid_until(late.certificate) == valid_until(AUTHORITY.certificate)


def test_a_long_name_is_kept_in_full_where_it_counts(tmp_path: Path) -> None:
    name = ".".join(["a" * 60] * 3) + ".example"
    shake_hands(tmp_path, new_server_certificate(AUTHORITY, [name], NOW), AUTHORITY, name)


@pytest.mark.parametrize("name", ["", "a b", "-a", "a.", "a" * 64, "a/b", "*", "a\n", ".."])
def test_what_is_neither_a_host_name_nor_an_address_is_refused(name: str) -> None:
    with pytest.raises(UnusableName):
        new_server_certificate(AUTHORITY, [name], NOW)


@pytest.mark.parametrize(
    "authority",
    [
        Pair(b"", b""),
        Pair(AUTHORITY.certificate, b"no key"),
        Pair(b"no certificate", AUTHORITY.key),
        Pair(AUTHORITY.certificate, OTHER.key),
        Pair(AUTHORITY.key, AUTHORITY.certificate),
    ],
)
def test_files_that_are_no_authority_are_refused(authority: Pair) -> None:
    with pytest.raises(UnusableAuthority):
        new_server_certificate(authority, ["broker.example"], NOW)


def test_a_pair_is_not_shown() -> None:
    assert "PRIVATE" not in repr(AUTHORITY)
