"""Whom a vote is about."""

import pytest

from sync_server.core.attribution import Attribution, attribute
from tests.fakes.votes import a_vote

TOKEN, UNKNOWN = "1" * 32, "2" * 32
BY_CASE = Attribution("huong", "ho-tich", "1.001193")
BY_COUNTER = Attribution("thang", "dat-dai")
NOBODY = Attribution()


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
    assert attribute("sia", vote, {("sia", TOKEN): BY_CASE}, {("sia", 2): BY_COUNTER}) == about
    assert attribute("hue", vote, {("sia", TOKEN): BY_CASE}, {("sia", 2): BY_COUNTER}) == NOBODY
