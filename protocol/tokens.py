"""Case code → case token: what travels instead of the code.

A plain hash would not do: all 3.66 million codes of a unit-year can be tried in seconds, so the site's
secret key goes in.
"""

import hashlib
import hmac

from protocol.codes import CaseCode
from protocol.messages import CaseToken

KEY_BYTES = 32
TOKEN_BYTES = 16


def case_token(site_key: bytes, code: CaseCode) -> CaseToken:
    """Return the first 128 bits of HMAC-SHA256(site key, canonical code), in hexadecimal.

    ValueError when the key is not 32 bytes.
    """
    if len(site_key) != KEY_BYTES:
        raise ValueError(f"a site key has {KEY_BYTES} bytes")
    digest = hmac.digest(site_key, code.canonical.encode(), hashlib.sha256)
    return digest[:TOKEN_BYTES].hex()
