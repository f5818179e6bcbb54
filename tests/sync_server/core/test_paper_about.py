"""Whom a form is about."""

from datetime import date

import pytest

from sync_server.core.book import Book, Kind
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.office_data import Desk, Field, Officer, Procedure
from sync_server.core.paper_about import About, about_of

FIRST, LAST, AFTER = date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)
BOOK = Book.of(
    "sia",
    [
        (Kind.FIELD, Record("ho-tich", ALWAYS, Field("ho-tich", "Hộ tịch"))),
        (Kind.FIELD, Record("dat-dai", ALWAYS, Field("dat-dai", "Đất đai"))),
        (Kind.OFFICER, Record("an", ALWAYS, Officer("an", "An", "Công chức", "ho-tich"))),
        (Kind.OFFICER, Record("an", AFTER, None)),
        (Kind.COUNTER, Record("1", ALWAYS, Desk(1, "an"))),
        (Kind.PROCEDURE, Record("1.1", ALWAYS, Procedure("1.1", "Đăng ký", "dat-dai"))),
    ],
)


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ({}, About(None, None, None, None)),
        ({"counter": "1"}, About(1, "an", "ho-tich", None)),
        ({"officer": "an"}, About(None, "an", "ho-tich", None)),
        ({"procedure": "1.1"}, About(None, None, "dat-dai", "1.1")),
        ({"officer": "an", "procedure": "1.1"}, About(None, "an", "dat-dai", "1.1")),
        ({"counter": "1", "field": "dat-dai", "officer": ""}, About(1, "an", "dat-dai", None)),
    ],
)
def test_what_a_form_does_not_say_follows_from_what_it_says(said: dict[str, str], about: About) -> None:
    assert about_of(said, BOOK, FIRST, FIRST) == about


def test_of_several_days_a_counter_names_no_officer() -> None:
    assert about_of({"counter": "1"}, BOOK, FIRST, LAST) == About(1, None, None, None)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"counter": "2"}, "counter: the office had no such counter then"),
        ({"counter": "một"}, "counter: the office had no such counter then"),
        ({"field": "khac"}, "field: the office had no such field then"),
        ({"procedure": "9"}, "procedure: the office had no such procedure then"),
        ({"officer": "binh"}, "officer: the office had no such officer then"),
    ],
)
def test_what_there_was_not_is_refused(said: dict[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        about_of(said, BOOK, FIRST, LAST)


def test_who_had_left_is_refused_and_who_left_meanwhile_is_not() -> None:
    assert about_of({"officer": "an"}, BOOK, LAST, AFTER).officer == "an"
    with pytest.raises(ValueError, match="officer"):
        about_of({"officer": "an"}, BOOK, AFTER, AFTER)
