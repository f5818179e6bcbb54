"""The key that an office signs its Decisions with (Ed25519), and how its public half is shown."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync_server.archives import wording
from sync_server.keys import decision_key

_GROUP = 4
_SHOWN_DIGITS = 32


@dataclass(frozen=True, repr=False)
class SigningKey:
    """A key and what may be told of it."""

    seed: bytes

    @property
    def public(self) -> str:
        """The public half, 64 hexadecimal digits."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, content: bytes) -> bytes:
        """Return the signature of some bytes, always the same one."""
        return self._key.sign(content)

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def signing_key(folder: Path, site: str) -> SigningKey:
    """Return the key of a site, made on first use; KeyTrouble and ValueError as `keys.site_key`."""
    return SigningKey(decision_key(folder, site))


def fingerprint_of(public: str) -> str:
    """Return a few groups of digits by which people compare a public key: "1f2e 33ab …"."""
    digits = sha256(bytes.fromhex(public)).hexdigest()[:_SHOWN_DIGITS]
    return " ".join(digits[place : place + _GROUP] for place in range(0, len(digits), _GROUP))


def public_key_text(public: str, office: str) -> str:
    """Return the file that an office publishes: the key alone in the first line."""
    return wording.PUBLIC_KEY.format(public=public, office=office, fingerprint=fingerprint_of(public))
