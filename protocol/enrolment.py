"""The QR that tells a new kiosk its server: what it holds, and how it is written and read. Pure.

Only characters of a QR's alphanumeric mode, which makes it small and the case of the letters irrelevant. A QR corrects
its own errors, but the cable behind the scanner does not: the check at the end finds what got lost on it.
"""

import re
from base64 import b32decode, b32encode
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address

FINGERPRINT_BYTES = 32
ONE_TIME_CODE_BYTES = 16
CHECK_BYTES = 5
LONGEST_HOST = 253

MARK = "HAILONG-ENROL/"
VERSION = "1"
LONGEST_ENROLMENT = len(f"{MARK}{VERSION}/") + LONGEST_HOST + len("/65535/") + 52 + len("/") + 26 + len("/") + 8

_LABEL = r"[A-Z0-9](?:[A-Z0-9-]{0,61}[A-Z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_ENROLMENT = re.compile(
    rf"(?P<said>{MARK}{VERSION}/(?P<host>[A-Z0-9.:-]{{1,{LONGEST_HOST}}})/(?P<port>[1-9][0-9]{{0,4}})"
    r"/(?P<fingerprint>[A-Z2-7]{52})/(?P<code>[A-Z2-7]{26}))/(?P<check>[A-Z2-7]{8})"
)


@dataclass(frozen=True, repr=False)
class Enrolment:
    """Where a new kiosk finds its server, how it knows it, and what it may say once. Its repr hides the code.

    *host*: a DNS name or an address, in small letters; *fingerprint*: SHA-256 of the server's certificate (DER);
    *one_time_code*: 128 random bits, secret. ValueError, without any of them, when they cannot be.
    """

    host: str
    port: int
    fingerprint: bytes
    one_time_code: bytes

    def __post_init__(self) -> None:
        if not _is_host(self.host):
            raise ValueError("host: expected a name or an address, in small letters")
        if not 1 <= self.port <= 65535:
            raise ValueError("port: expected a number from 1 to 65535")
        if len(self.fingerprint) != FINGERPRINT_BYTES:
            raise ValueError(f"fingerprint: expected {FINGERPRINT_BYTES} bytes")
        if len(self.one_time_code) != ONE_TIME_CODE_BYTES:
            raise ValueError(f"one_time_code: expected {ONE_TIME_CODE_BYTES} bytes")

    def __repr__(self) -> str:
        return "Enrolment(…)"


def write_enrolment(enrolment: Enrolment) -> str:
    """Return the text of the QR, at most LONGEST_ENROLMENT characters."""
    said = "/".join(
        (
            f"{MARK}{VERSION}",
            enrolment.host.upper(),
            str(enrolment.port),
            _base32(enrolment.fingerprint),
            _base32(enrolment.one_time_code),
        )
    )
    return f"{said}/{_check(said)}"


def is_enrolment(text: str) -> bool:
    """Whether *text*, in capitals or not, means to be an enrolment of this version, sound or not."""
    return text.upper().startswith(f"{MARK}{VERSION}/")


def read_enrolment(text: str) -> Enrolment | None:
    """Return what *text* says, in capitals or not; None when it is no enrolment of this version, or not a sound one."""
    match = _ENROLMENT.fullmatch(text.upper()) if text.isascii() else None
    if match is None or _check(match["said"]) != match["check"]:
        return None
    try:
        enrolment = Enrolment(
            match["host"].lower(), int(match["port"]), _bytes(match["fingerprint"]), _bytes(match["code"])
        )
    except ValueError:
        return None
    return enrolment if write_enrolment(enrolment) == text.upper() else None


def _is_host(host: str) -> bool:
    if ":" in host:
        try:
            return "%" not in host and str(IPv6Address(host)) == host
        except ValueError:
            return False
    return len(host) <= LONGEST_HOST and host == host.lower() and _NAME.fullmatch(host.upper()) is not None


def _check(said: str) -> str:
    return _base32(sha256(said.encode("ascii")).digest()[:CHECK_BYTES])


def _base32(data: bytes) -> str:
    return b32encode(data).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    return b32decode(text + "=" * (-len(text) % 8))
