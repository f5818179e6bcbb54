"""Case code → case token: what travels instead of the code.

A plain hash would not do: all 3.66 million codes of a unit-year can be tried in seconds, so the site's
secret key goes in.
"""

import hashlib
import hmac
from datetime import date

from protocol.codes import CaseCode
from protocol.messages import CaseToken
from protocol.tickets import QueueTicket

KEY_BYTES = 32
TOKEN_BYTES = 16


def case_token(site_key: bytes, code: CaseCode) -> CaseToken:
    """Return the first 128 bits of HMAC-SHA256(site key, canonical code), in hexadecimal.

    ValueError when the key is not 32 bytes.
    """
    return _token(site_key, code.canonical)


def ticket_token(site_key: bytes, ticket: QueueTicket, day: date) -> CaseToken:
    """Return the token of a queue ticket of that day, as of a case: no case code has its form."""
    return _token(site_key, f"ticket {day.isoformat()} {ticket.canonical}")


def token_of_day(site_key: bytes, token: CaseToken, day: date) -> CaseToken:
    """Return what a vote spends where a case may be rated once a day."""
    return _token(site_key, f"day {day.isoformat()} {token}")


def _token(site_key: bytes, text: str) -> CaseToken:
    if len(site_key) != KEY_BYTES:
        raise ValueError(f"a site key has {KEY_BYTES} bytes")
    return hmac.digest(site_key, text.encode(), hashlib.sha256)[:TOKEN_BYTES].hex()
