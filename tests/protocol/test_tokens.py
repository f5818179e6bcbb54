"""A token tells a case from another, and nothing to whoever lacks the key."""

import hashlib
import hmac
from datetime import date

import pytest

from protocol.codes import CaseCode
from protocol.tokens import case_token

CODE = CaseCode("H57.14", date(2026, 10, 8), "0975")
KEY = bytes(range(32))


def test_the_token_is_the_truncated_keyed_hash_of_the_canonical_code() -> None:
    expected = hmac.new(KEY, b"H57.14-20261008-0975", hashlib.sha256).hexdigest()[:32]
    assert case_token(KEY, CODE) == expected


def test_another_key_gives_another_token() -> None:
    assert case_token(KEY, CODE) != case_token(bytes(32), CODE)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        case_token(b"short", CODE)
