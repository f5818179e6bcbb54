"""Whom a vote is about."""

from datetime import timedelta

import msgspec
import pytest

from sync_server.core.attribution import Attribution, Known, RegisteredCase, attribute
from sync_server.core.book import Book, Kind, Said
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.office_data import Desk, Officer, Procedure
from sync_server.core.quarter import local_day
from tests.fakes.votes import THE_HOUR, a_vote

TOKEN, UNKNOWN = "1" * 32, "2" * 32
BY_CASE = Attribution("huong", "ho-tich", "1.001193")
BY_COUNTER = Attribution("thang", "dat-dai")
BY_OFFICER = Attribution("an", "ho-tich")
NOBODY = Attribution()
BOOK_SAYS: list[Said] = [
    (Kind.OFFICER, Record("an", ALWAYS, Officer("an", "An", "Công chức", "ho-tich"))),
    (Kind.OFFICER, Record("thang", ALWAYS, Officer("thang", "Thắng", "Công chức", "dat-dai"))),
    (Kind.COUNTER, Record("2", ALWAYS, Desk(2, "thang"))),
    (Kind.PROCEDURE, Record("1.001193", ALWAYS, Procedure("1.001193", "Khai sinh", "ho-tich"))),
]
BOOK = Book.of("sia", BOOK_SAYS)
KNOWN = Known({("sia", TOKEN): RegisteredCase("1.001193", "huong")}, {"sia": BOOK})


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
        (TOKEN, "an", BY_CASE),
        (UNKNOWN, "an", BY_OFFICER),
        (None, "an", BY_OFFICER),
        (None, "nobody", BY_COUNTER),
    ],
)
def test_who_signed_in_goes_before_who_usually_sits_there(
    case_token: str | None, officer: str, about: Attribution
) -> None:
    vote = msgspec.structs.replace(a_vote(1, case_token=case_token, counter=2), officer=officer)
    assert attribute("sia", vote, KNOWN) == about


def test_a_late_vote_is_about_who_sat_there_on_its_day() -> None:
    day = local_day(THE_HOUR)
    later = [
        (Kind.COUNTER, Record("2", day + timedelta(days=1), Desk(2, "an"))),
        (Kind.COUNTER, Record("3", day, Desk(3, "an"))),
        (Kind.COUNTER, Record("3", day + timedelta(days=1), None)),
    ]
    known = Known({}, {"sia": Book.of("sia", [*BOOK_SAYS, *later])})
    for days, counter, about in (
        (0, 2, BY_COUNTER),
        (1, 2, BY_OFFICER),
        (-1, 3, NOBODY),
        (0, 3, BY_OFFICER),
        (1, 3, NOBODY),
    ):
        vote = a_vote(1, hour=THE_HOUR + timedelta(days=days), counter=counter)
        assert attribute("sia", vote, known) == about


def test_who_has_left_is_still_named_for_votes_that_come_later() -> None:
    left: Said = (Kind.OFFICER, Record("an", local_day(THE_HOUR), None))
    vote = msgspec.structs.replace(a_vote(1, counter=2), officer="an")
    assert attribute("sia", vote, Known({}, {"sia": Book.of("sia", [*BOOK_SAYS, left])})) == BY_OFFICER


def test_a_case_of_a_procedure_that_nobody_described_has_no_field() -> None:
    known = Known({("sia", TOKEN): RegisteredCase("9.9", "huong")}, {"sia": BOOK})
    assert attribute("sia", a_vote(1, case_token=TOKEN), known) == Attribution("huong", None, "9.9")
