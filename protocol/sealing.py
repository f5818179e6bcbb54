"""Signing and encrypting what travels on a stick. The only file that uses PyNaCl.

Votes are signed with the kiosk's own Ed25519 key and then sealed to the server's X25519 key, so that who finds the
stick reads nothing and who writes another one passes for nobody. Receipts hold no votes: the server signs them, and
that is all. What is signed begins with the file's first line, so neither can be passed off as the other, as of
another version, or as meant for another server. One file for both sides, because two would drift.
"""

from dataclasses import dataclass

from nacl.exceptions import BadSignatureError, CryptoError
from nacl.exceptions import RuntimeError as UnusableKey
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey
from nacl.utils import random

from protocol.stick import Flaw, Kind, body_of, header

KEY_BYTES = 32
SIGNATURE_BYTES = 64
SEALING_BYTES = 48  # an ephemeral key and an authenticator


@dataclass(frozen=True)
class Opened:
    """What a sealed file holds, and the public key that it is signed with."""

    signer: bytes
    content: bytes


def new_secret() -> bytes:
    """Return 32 random bytes: the secret half of a key for signing or for sealing."""
    return random(KEY_BYTES)


def verify_key(signing_key: bytes) -> bytes:
    """Return the public half of a key for signing (Ed25519); ValueError unless it has 32 bytes."""
    return bytes(SigningKey(signing_key).verify_key)


def sealing_key(secret: bytes) -> bytes:
    """Return the public half of a key for sealing (X25519); ValueError unless it has 32 bytes."""
    return bytes(PrivateKey(_checked(secret)).public_key)


def can_be_sealed_to(server_key: bytes) -> bool:
    """Whether this is a public key for sealing; a few numbers are none."""
    try:
        SealedBox(PublicKey(server_key)).encrypt(b"")
    except (CryptoError, UnusableKey):
        return False
    return True


def seal_export(content: bytes, signing_key: bytes, server_key: bytes) -> bytes:
    """Return the file: signed with the kiosk's key, readable for the server alone. ValueError when a key is none."""
    signer = SigningKey(signing_key)
    size = SEALING_BYTES + KEY_BYTES + SIGNATURE_BYTES + len(content)
    first_line = header(Kind.VOTES, _checked(server_key), size)
    if not can_be_sealed_to(server_key):
        raise ValueError("the server's key is not one that anything can be sealed to")
    signature = signer.sign(first_line + content).signature
    return first_line + SealedBox(PublicKey(server_key)).encrypt(bytes(signer.verify_key) + signature + content)


def open_export(data: bytes, secret: bytes) -> Opened | Flaw:
    """Open a file that was sealed to the key with this secret half, its signature checked; never raises for *data*.

    Whether the signer may send anything is for the caller to say.
    """
    server_key = sealing_key(secret)
    sealed = body_of(data, Kind.VOTES, server_key)
    if isinstance(sealed, Flaw):
        return sealed
    try:
        opened = SealedBox(PrivateKey(secret)).decrypt(sealed)
        signer, signed = opened[:KEY_BYTES], opened[KEY_BYTES:]
        content = signed[SIGNATURE_BYTES:]
        first_line = header(Kind.VOTES, server_key, len(sealed))
        VerifyKey(signer).verify(first_line + content, signed[:SIGNATURE_BYTES])
    except (CryptoError, ValueError):
        return Flaw.DAMAGED
    return Opened(signer, content)


def sign_receipt(content: bytes, signing_key: bytes) -> bytes:
    """Return the file: legible, and signed with the server's key. ValueError when the key is none."""
    signer = SigningKey(signing_key)
    first_line = header(Kind.RECEIPT, bytes(signer.verify_key), SIGNATURE_BYTES + len(content))
    return first_line + signer.sign(first_line + content).signature + content


def open_receipt(data: bytes, receipt_key: bytes) -> bytes | Flaw:
    """Return the content of a receipt that this server signed; never raises for *data*."""
    signed = body_of(data, Kind.RECEIPT, receipt_key)
    if isinstance(signed, Flaw):
        return signed
    content = signed[SIGNATURE_BYTES:]
    first_line = header(Kind.RECEIPT, receipt_key, len(signed))
    try:
        VerifyKey(receipt_key).verify(first_line + content, signed[:SIGNATURE_BYTES])
    except (BadSignatureError, ValueError):
        return Flaw.DAMAGED
    return content


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return key
