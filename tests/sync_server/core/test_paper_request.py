"""A batch as a program sends it, under the rules of a clerk's file."""

import json
from datetime import date

import msgspec
import pytest

from sync_server.core.book import Book
from sync_server.core.channels import Channel
from sync_server.core.paper import Batch
from sync_server.core.paper_csv import PaperMistakes, Reader
from sync_server.core.paper_opening import NotToBeOpened, survey_asked
from sync_server.core.paper_request import PaperRequest
from sync_server.core.surveys import FIRST_SURVEY

TODAY = date(2026, 11, 20)
KNOWN = Book("sia")


def asked(**more: object) -> PaperRequest:
    told = {"batch": "a", "first_day": "2026-11-02", "by": "Hà", "forms": [{"form": 1, "overall": 5}]} | more
    return msgspec.json.decode(json.dumps(told), type=PaperRequest)


def test_a_batch_is_of_one_day_unless_another_is_said() -> None:
    day = date(2026, 11, 2)
    assert asked().batch_of(KNOWN, TODAY) == Batch("a", Channel.PAPER, day, day, 1)
    assert asked(last_day="2026-11-05").batch_of(KNOWN, TODAY).last == date(2026, 11, 5)


def test_what_a_program_says_of_forms_is_what_a_file_says() -> None:
    request = asked(forms=[{"form": 1, "overall": 5}, {"form": 2, "overall": None, "comment": " Ghế  ít "}])
    batch = request.batch_of(KNOWN, TODAY)
    text = "form,overall,comment\n1,5,\n2,,Ghế ít\n"
    assert request.lines(batch, KNOWN, TODAY) == Reader(batch, FIRST_SURVEY, KNOWN, TODAY).lines(text)


@pytest.mark.parametrize("form", [{"form": 1}, {"form": 1, "overall": 5, "other": 1}, {"form": 0, "overall": 5}])
def test_a_form_that_cannot_be_read_is_named(form: dict[str, int]) -> None:
    request = asked(forms=[form])
    with pytest.raises(PaperMistakes, match=r"^line 1: "):
        request.lines(request.batch_of(KNOWN, TODAY), KNOWN, TODAY)


def test_nothing_that_citizens_said_stands_in_its_name() -> None:
    assert repr(asked(note="x")) == "PaperRequest('a')"


def test_who_enters_it_must_have_a_name() -> None:
    with pytest.raises(msgspec.ValidationError, match="by: expected a name"):
        asked(by=" ")


def test_a_survey_is_asked_that_there_is_and_days_that_are_over() -> None:
    day = date(2026, 11, 2)
    assert survey_asked(KNOWN, day, TODAY, TODAY, None) == survey_asked(KNOWN, day, TODAY, TODAY, 1) == 1
    with pytest.raises(NotToBeOpened, match=r"^survey: there is no such revision at sia; known ones: 1$"):
        survey_asked(KNOWN, day, TODAY, TODAY, 2)
    with pytest.raises(NotToBeOpened, match=r"^until: these days are not over"):
        survey_asked(KNOWN, day, date(2026, 11, 21), TODAY, None)
