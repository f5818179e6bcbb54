"""A token tells a case from another, and nothing to whoever lacks the key."""

import hashlib
import hmac
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codes import CaseCode
from protocol.tickets import QueueTicket
from protocol.tokens import case_token, ticket_token, token_of_day

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


codes = st.builds(
    lambda unit, day, running: CaseCode(unit, day, f"{running:04}"),
    *(st.sampled_from(["H57.14", "000.00.12.H57"]), st.dates(date(2000, 1, 1)), st.integers(0, 9999)),
)
tickets = st.builds(QueueTicket, st.sampled_from(["", "A", "BC", "1", "12"]), st.integers(0, 9999))
days = st.dates()


@given(codes, tickets, days, days)
def test_the_tokens_of_cases_tickets_and_days_are_never_the_same(
    code: CaseCode, ticket: QueueTicket, day: date, of: date
) -> None:
    tokens = [case_token(KEY, code), ticket_token(KEY, ticket, day)]
    tokens += [token_of_day(KEY, token, of) for token in tokens]
    assert len(set(tokens)) == 4


@given(tickets, tickets, days, days)
def test_a_ticket_is_itself_on_its_day_only(one: QueueTicket, other: QueueTicket, day: date, later: date) -> None:
    same = (one.canonical, day) == (other.canonical, later)
    assert (ticket_token(KEY, one, day) == ticket_token(KEY, other, later)) == same


@given(codes, codes, days, days)
def test_a_case_is_spent_for_the_day(one: CaseCode, other: CaseCode, day: date, later: date) -> None:
    spent = token_of_day(KEY, case_token(KEY, one), day)
    again = token_of_day(KEY, case_token(KEY, other), later)
    assert (spent == again) == ((one.canonical, day) == (other.canonical, later))
