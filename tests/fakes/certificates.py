"""Authorities and certificates for tests, made once each."""

import functools
import ssl
from datetime import UTC, datetime
from pathlib import Path

from sync_server.broker.certificates import Pair, new_authority, new_server_certificate

NOW = datetime.now(UTC)
OURS = "ours"


@functools.cache
def an_authority(name: str) -> Pair:
    """Return an authority; the same name, the same authority."""
    return new_authority(NOW)


@functools.cache
def a_server_certificate(authority: str) -> Pair:
    """Return a certificate for this machine's loopback."""
    return new_server_certificate(an_authority(authority), ["localhost", "127.0.0.1"], NOW)


def trusting(authority: str = OURS) -> ssl.SSLContext:
    """Return what a client needs that trusts this authority alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=an_authority(authority).certificate.decode("ascii"))
    return context


def write_certificates(folder: Path) -> None:
    """Write authority.pem, server.pem and server.key."""
    (folder / "authority.pem").write_bytes(an_authority(OURS).certificate)
    (folder / "server.pem").write_bytes(a_server_certificate(OURS).certificate)
    (folder / "server.key").write_bytes(a_server_certificate(OURS).key)
