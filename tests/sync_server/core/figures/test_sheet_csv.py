"""Sheets of counts out of spreadsheets."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.sheet import Criterion, Level, Sheet
from sync_server.core.figures.sheet_csv import MOST_MISTAKES, SheetMistakes, sheet_from_csv
from tests.sync_server.core.figures.sheets import sheets

HEADING = "criterion,level,count,satisfied,published\n"
FINE = "x,a,1,yes,\nx,b,2,,\n"


def mistakes(text: str) -> list[str]:
    with pytest.raises(SheetMistakes) as error:
        sheet_from_csv(text)
    return error.value.mistakes


def written(sheet: Sheet, delimiter: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["criterion", "level", "count", "satisfied", "published"])
    for name, count in (("issued", sheet.issued), ("returned", sheet.returned)):
        if count is not None:
            writer.writerow(["", name, count])
    for criterion in sheet.criteria:
        for level in criterion.levels:
            satisfied = "yes" if level.satisfied else "no"
            writer.writerow([criterion.name, level.name, level.count, satisfied, level.published or ""])
        for name, count in (("blank", criterion.blank), ("returned", criterion.returned)):
            if count is not None:
                writer.writerow([criterion.name, name, count])
        if criterion.published is not None:
            writer.writerow([criterion.name, "satisfied", "", "", criterion.published])
    return text.getvalue()


@given(sheets, st.sampled_from(",;\t"))
def test_what_a_spreadsheet_saves_is_read_whatever_parts_its_cells(sheet: Sheet, delimiter: str) -> None:
    untitled = Sheet(sheet.criteria, issued=sheet.issued, returned=sheet.returned)
    assert sheet_from_csv(written(sheet, delimiter)) == untitled


def test_the_share_published_of_the_satisfied_has_a_row_of_its_own() -> None:
    sheet = Sheet((Criterion("x", (Level("a", 1, satisfied=True), Level("b", 2)), published="33,3"),))
    assert sheet_from_csv(written(sheet, ",")) == sheet


def test_columns_stand_in_any_order_and_some_may_be_missing() -> None:
    assert sheet_from_csv("Count; Level ;criterion\n1;a;x\n\n2;b;x\n") == sheet_from_csv(HEADING + "x,a,1\nx,b,2\n")


@pytest.mark.parametrize("text", ["1.445", "1 445", "1\u00a0445", "1445"])
def test_counts_may_have_a_sign_between_their_thousands(text: str) -> None:
    sheet = sheet_from_csv(HEADING + f"x,a,{text},yes,\nx,b,2,,\n")
    assert sheet.criteria[0].levels[0].count == 1445


@pytest.mark.parametrize("text", ["yes", "Có", "x", "1"])
def test_satisfied_may_be_said_in_vietnamese(text: str) -> None:
    assert sheet_from_csv(HEADING + f"x,a,1,{text},\nx,b,2,không,\n").criteria[0].answers.satisfied == 1


@pytest.mark.parametrize(
    ("row", "mistake"),
    [
        ("x,a,1.5,,", "line 2: count: expected a whole number like 7588 or 7.588, at most 1000000000"),
        ('x,a,"7,588",,', "line 2: count: expected a whole number"),
        ("x,a,-1,,", "line 2: count: expected a whole number"),
        ("x,a,,,", "line 2: count: expected a whole number"),
        ("x,a,1000000001,,", "line 2: count: expected a whole number"),
        ("x,a,1,perhaps,", "line 2: satisfied: expected yes or no"),
        ("x,a,1,,much", "line 2: published: expected a percentage"),
        ("x,satisfied,,,", "line 2: published: expected a percentage"),
        ("x,,1,,", "line 2: level: expected a name, found nothing"),
        ("x\u200b,a,1,,", "line 2: criterion: holds a line break or another invisible character"),
        (",a,1,,", "line 2: criterion: expected a name; without one, the level is 'issued' or 'returned'"),
        (",issued,1,,\n,issued,1,,", "line 3: level: 'issued' stands twice"),
        ("x,a,1,,\nx,a,1,,", "line 3: level: this one stands twice"),
        ("x,blank,1,,\nx,blank,1,,", "line 3: level: this one stands twice"),
        ("x,a,1,,,", "line 2: 6 cells under 5 headings"),
        ("x,a,98,23,5,6", "line 2: 6 cells under 5 headings; a cell with a comma in it stands in quotes"),
        ('x,"a', "line 2: unexpected end of data"),
        ("y,a,1,,", "the criterion that begins in line 2: levels: Expected `array` of length >= 2"),
    ],
)
def test_what_is_wrong_is_said_by_its_line(row: str, mistake: str) -> None:
    assert mistakes(HEADING + row + "\n")[0].startswith(mistake)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "line 1: the heading lacks criterion, level, count"),
        ("criterion,level\n", "line 1: the heading lacks count"),
        (
            "criterion,level,count,extra\n",
            "line 1: expected a heading of criterion, level, count, satisfied, published",
        ),
        ("criterion,level,count,count\n", "line 1: expected a heading of"),
        (HEADING, "criteria: Expected `array` of length >= 1"),
        ('"criterion', "line 1: unexpected end of data"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(text: str, mistake: str) -> None:
    assert mistakes(text)[0].startswith(mistake)


def test_all_mistakes_are_told_at_once_up_to_twenty() -> None:
    assert len(mistakes(HEADING + "x,a,no\n" * 3)) == 3
    many = mistakes(HEADING + "".join(f"x,{n},no\n" for n in range(MOST_MISTAKES + 1)))
    assert len(many) == MOST_MISTAKES + 1
    assert many[-1] == "there may be more; the rest was not read"


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, HEADING + text, HEADING + FINE + text):
        try:
            assert isinstance(sheet_from_csv(candidate), Sheet)
        except SheetMistakes as error:
            assert error.mistakes
