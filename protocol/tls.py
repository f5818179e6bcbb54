"""The encrypted way to a broker: one authority, and nobody else, may vouch for it."""

import ssl
from pathlib import Path


class AuthorityUnusable(Exception):
    """The authority's file cannot be used; the text says which and why."""


class _Socket(ssl.SSLSocket):
    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()  # which paho leaves to the garbage collection
            raise


def trusting(authority: Path) -> ssl.SSLContext:
    """Return what checks that the broker was vouched for by this authority (a PEM file) and by no other.

    TLS 1.2 or newer, and the name in the certificate must be the one that was asked for. AuthorityUnusable.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _Socket
    try:
        context.load_verify_locations(cafile=authority)
    except ssl.SSLError:
        raise AuthorityUnusable(f"{authority}: holds no certificate; expected the authority's, as PEM") from None
    except OSError as error:
        raise AuthorityUnusable(f"{authority}: cannot be read: {error.strerror}") from None
    return context
