"""What a sheet of counts may hold."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given

from sync_server.core.figures.sheet import HIGHEST_COUNT, MOST_CRITERIA, Sheet, published_number
from tests.sync_server.core.figures.sheets import sheets

LEVELS = [{"name": "a", "count": 1, "satisfied": True}, {"name": "b", "count": 2}]


def refused(values: object) -> str:
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.convert(values, Sheet)
    return str(error.value)


@given(sheets)
def test_a_sheet_survives_being_written_and_read(sheet: Sheet) -> None:
    assert msgspec.json.decode(msgspec.json.encode(sheet), type=Sheet) == sheet


@pytest.mark.parametrize(
    ("text", "number"),
    [("98,23", "98.23"), ("98.20 %", "98.20"), (" 5%", "5"), ("100,0%", "100.0"), ("0,26", "0.26")],
)
def test_published_percentages_keep_their_decimals(text: str, number: str) -> None:
    assert str(published_number(text)) == number
    assert published_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "x", "1,2,3", "-1", "1000", "98,", ",5", "5 % %", "١"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="as it was published"):
        published_number(text)


def test_satisfied_answers_are_those_of_the_levels_marked_so() -> None:
    sheet = msgspec.convert({"criteria": [{"name": "x", "levels": LEVELS, "blank": 4}]}, Sheet)
    answers = sheet.criteria[0].answers
    assert (answers.satisfied, answers.answered, answers.blank) == (1, 3, 4)


@pytest.mark.parametrize(
    ("criterion", "why"),
    [
        ({"name": "x", "levels": LEVELS[:1]}, "length >= 2"),
        ({"name": "x", "levels": LEVELS[:1] * 11}, "length <= 10"),
        ({"name": "x", "levels": LEVELS[:1] * 2}, "levels: 'a' stands twice"),
        ({"name": "", "levels": LEVELS}, "expected a name"),
        ({"name": "x\n", "levels": LEVELS, "more": 1}, "unknown field `more`"),
        ({"name": "x\ny", "levels": LEVELS}, "line break"),
        ({"name": "x", "levels": LEVELS, "blank": -1}, ">= 0"),
        ({"name": "x", "levels": [{"name": "a", "count": HIGHEST_COUNT + 1}, LEVELS[1]]}, "<= 1000000000"),
        ({"name": "x", "levels": [{"name": "a", "count": 1, "published": "much"}, LEVELS[1]]}, "as it was published"),
        ({"name": "x", "levels": LEVELS, "published": "much"}, "as it was published"),
        ({"name": "x", "levels": [LEVELS[1], {"name": "c", "count": 0}], "published": "5"}, "mark those that do"),
    ],
)
def test_what_is_no_criterion_is_refused(criterion: object, why: str) -> None:
    assert why in refused({"criteria": [criterion]})


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        ({"criteria": []}, "length >= 1"),
        ({"criteria": [{"name": str(n), "levels": LEVELS} for n in range(MOST_CRITERIA + 1)]}, "length <= 200"),
        ({"criteria": [{"name": "x", "levels": LEVELS}] * 2}, "criteria: 'x' stands twice"),
        ({"criteria": [{"name": "x", "levels": LEVELS}], "title": " "}, "expected a name"),
        ({"criteria": [{"name": "x", "levels": LEVELS}], "issued": 1.5}, "Expected `int"),
    ],
)
def test_what_is_no_sheet_is_refused(sheet: object, why: str) -> None:
    assert why in refused(sheet)
