"""What TLS refuses, in words that say what to mend."""

import ssl
from datetime import datetime

from kiosk.core.tally import Lost, Obstacle

# X509_V_ERR_* of OpenSSL's x509_vfy.h
NOT_YET_VALID = 9
EXPIRED = 10
WRONG_NAMES = {62, 64}  # host name, IP address


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
