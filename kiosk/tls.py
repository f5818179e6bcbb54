"""The encrypted way to the broker: one pinned authority, and reasons that say what to mend."""

import ssl
from datetime import datetime
from pathlib import Path

from kiosk.core.tally import Lost, Obstacle

# X509_V_ERR_* of OpenSSL's x509_vfy.h
NOT_YET_VALID = 9
EXPIRED = 10
WRONG_NAMES = {62, 64}  # host name, IP address


class AuthorityUnusable(Exception):
    """The authority's file cannot be used; the text says which and why."""


class _Socket(ssl.SSLSocket):
    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()  # paho drops it as it is
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
        raise AuthorityUnusable(f"{authority}: expected the certificate of an authority, as PEM") from None
    except OSError as error:
        raise AuthorityUnusable(f"{authority}: cannot be read: {error.strerror}") from None
    return context


def explained(error: ssl.SSLError, host: str, wall: datetime) -> Lost:
    """Say in one sentence what TLS refuses; *wall* is what this machine's clock reads, UTC."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return Lost(Obstacle.CERTIFICATE, f"{host} does not speak TLS on this port as we do: {_reason(error)}")
    at = f"this machine's clock reads {wall:%Y-%m-%d %H:%M} UTC, and then the certificate of {host}"
    if error.verify_code == NOT_YET_VALID:
        return Lost(Obstacle.CLOCK, f"{at} is not yet valid: the clock is wrong, not the network")
    if error.verify_code == EXPIRED:
        return Lost(Obstacle.CLOCK, f"{at} has expired: the clock is wrong, or the certificate; not the network")
    if error.verify_code in WRONG_NAMES:
        return Lost(Obstacle.CERTIFICATE, f"the certificate of the broker is for another name than {host}")
    return Lost(
        Obstacle.CERTIFICATE, f"the certificate of {host} is not vouched for by our authority: {error.verify_message}"
    )


def _reason(error: ssl.SSLError) -> str:
    return (error.reason or "the connection was ended").replace("_", " ").lower()
