"""The kiosks' passwords: random, shown once, and kept as a digest that both brokers can check.

The digest is a line of Mosquitto's password file without the name: `$7$ITERATIONS$SALT$HASH`, PBKDF2 with
HMAC-SHA-512, salt and hash in base64 (`mosquitto_passwd(1)`). Few iterations suffice: a password has 128 random bits,
and nobody guesses those however fast the hash is.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets

PASSWORD_BYTES = 16
ITERATIONS = 101  # what mosquitto_passwd takes
SALT_BYTES = 12  # Mosquitto 2.0 removes a user whose salt has another length
HASH_BYTES = 64

# A digest never needs more; one that asks for more would only keep the broker busy.
_MOST_ITERATIONS = 100_000
_PBKDF2 = re.compile(r"\$7\$([1-9][0-9]{0,5})\$([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*)")
_SHA256 = re.compile(r"[0-9a-f]{64}")  # as digests were before there was Mosquitto


def new_password() -> str:
    """Return a new random password of 32 hexadecimal digits."""
    return secrets.token_hex(PASSWORD_BYTES)


def digest(password: str) -> str:
    """Return what is kept of a password, under a new salt."""
    salt = secrets.token_bytes(SALT_BYTES)
    parts = (str(ITERATIONS), _text(salt), _text(_pbkdf2(password, salt, ITERATIONS)))
    return "$7$" + "$".join(parts)


def fits(password: str, kept: str) -> bool:
    """Whether this is the password that the digest was made from; False for anything that is no digest."""
    if _SHA256.fullmatch(kept):
        return hmac.compare_digest(kept, hashlib.sha256(_bytes(password)).hexdigest())
    match = _PBKDF2.fullmatch(kept)
    if match is None or int(match[1]) > _MOST_ITERATIONS:
        return False
    try:
        salt, expected = (base64.b64decode(part, validate=True) for part in match.group(2, 3))
    except binascii.Error:
        return False
    return hmac.compare_digest(expected, _pbkdf2(password, salt, int(match[1])))


def suits_mosquitto(kept: str) -> bool:
    """Whether a digest can stand in Mosquitto's password file; an old one cannot until its password is renewed."""
    return _PBKDF2.fullmatch(kept) is not None


def _pbkdf2(password: str, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha512", _bytes(password), salt, iterations, HASH_BYTES)


def _bytes(password: str) -> bytes:
    return password.encode(errors="surrogatepass")  # whatever a client sends is only wrong, never an error


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
