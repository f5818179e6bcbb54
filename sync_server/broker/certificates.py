"""A private authority and the broker's certificate under it. The only file that uses cryptography.

Kiosks trust this authority and no other. Certificates are valid from a fixed day in the past: a kiosk without a
battery for its clock may be years behind when it connects, and learns the time from the server.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365.25)
AUTHORITY_YEARS = 20
SERVER_YEARS = 2
ORGANIZATION = "Hài lòng"
LONGEST_COMMON_NAME = 64  # characters, by X.509
_HOST = re.compile(r"(?!-)[A-Za-z0-9.-]+(?<![-.])")


class UnusableName(ValueError):
    """The text is neither a host name nor an address."""


class UnusableAuthority(ValueError):
    """The files are not an authority's certificate and its key."""


@dataclass(frozen=True, repr=False)
class Pair:
    """A certificate and its private key, both as PEM."""

    certificate: bytes
    key: bytes


def new_authority(now: datetime) -> Pair:
    """Make an authority, valid for 20 years from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"{ORGANIZATION} broker authority")
    certificate = (
        _builder(name, name, key.public_key(), now + AUTHORITY_YEARS * YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _pair(certificate, key)


def new_server_certificate(authority: Pair, names: Sequence[str], now: datetime, years: float = SERVER_YEARS) -> Pair:
    """Make the certificate of a broker that is reached under these host names and addresses.

    It does not outlive the authority. UnusableName, UnusableAuthority.
    """
    issuer, issuer_key = _read(authority)
    hosts = [_host(name) for name in names]
    key = ec.generate_private_key(ec.SECP256R1())
    until = min(now + years * YEAR, issuer.not_valid_after_utc)
    certificate = (
        _builder(_name(names[0][:LONGEST_COMMON_NAME]), issuer.subject, key.public_key(), until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    return _pair(certificate, key)


def valid_until(certificate: bytes) -> datetime:
    """Return when a certificate (PEM) ends."""
    return x509.load_pem_x509_certificate(certificate).not_valid_after_utc


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(until.replace(microsecond=0))
    )


def _read(authority: Pair) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    try:
        certificate = x509.load_pem_x509_certificate(authority.certificate)
        key = load_pem_private_key(authority.key, password=None)
    except (ValueError, TypeError):  # no PEM, or a key that wants a passphrase
        raise UnusableAuthority from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise UnusableAuthority
    return certificate, key


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        pass
    try:
        ascii_name = name.encode("idna").decode("ascii")
    except UnicodeError:
        raise UnusableName(name) from None
    if not _HOST.fullmatch(ascii_name):
        raise UnusableName(name)
    return x509.DNSName(ascii_name)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    return Pair(
        certificate.public_bytes(Encoding.PEM),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
