"""Whom a vote is about."""

import msgspec
import pytest

from sync_server.core.attribution import Attribution, Known, attribute
from tests.fakes.votes import a_vote

TOKEN, UNKNOWN = "1" * 32, "2" * 32
BY_CASE = Attribution("huong", "ho-tich", "1.001193")
BY_COUNTER = Attribution("thang", "dat-dai")
BY_OFFICER = Attribution("an", "ho-tich")
NOBODY = Attribution()
KNOWN = Known(
    cases={("sia", TOKEN): BY_CASE},
    officers={("sia", "nv-0001"): BY_OFFICER},
    counters={("sia", 2): BY_COUNTER},
)


@pytest.mark.parametrize(
    ("case_token", "counter", "about"),
    [
        (TOKEN, None, BY_CASE),
        (TOKEN, 2, BY_CASE),
        (UNKNOWN, 2, BY_COUNTER),
        (UNKNOWN, 7, NOBODY),
        (UNKNOWN, None, NOBODY),
        (None, 2, BY_COUNTER),
        (None, 7, NOBODY),
        (None, None, NOBODY),
    ],
)
def test_the_case_register_goes_before_the_counter(
    case_token: str | None, counter: int | None, about: Attribution
) -> None:
    vote = a_vote(1, case_token=case_token, counter=counter)
    assert attribute("sia", vote, KNOWN) == about
    assert attribute("hue", vote, KNOWN) == NOBODY


@pytest.mark.parametrize(
    ("case_token", "officer", "about"),
    [
        (TOKEN, "nv-0001", BY_CASE),
        (UNKNOWN, "nv-0001", BY_OFFICER),
        (None, "nv-0001", BY_OFFICER),
        (None, "nv-9999", BY_COUNTER),
    ],
)
def test_who_signed_in_goes_before_who_usually_sits_there(
    case_token: str | None, officer: str, about: Attribution
) -> None:
    vote = msgspec.structs.replace(a_vote(1, case_token=case_token, counter=2), officer=officer)
    assert attribute("sia", vote, KNOWN) == about
