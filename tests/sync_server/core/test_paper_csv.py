"""What a clerk types is read as it is meant, or refused in words."""

import csv
import io
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.book import Book
from sync_server.core.channels import Channel
from sync_server.core.paper import MOST_LINES, Batch, Line
from sync_server.core.paper_csv import MOST_MISTAKES, PaperMistakes, Reader, column_of
from sync_server.core.surveys import FIRST_SURVEY, Criterion, Reason, Survey

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
BATCH = Batch("a", Channel.PAPER, FIRST, LAST, 2)
VI = ("vi",)


def texts(*words: str) -> tuple[dict[str, str], ...]:
    return tuple({"vi": word} for word in words)


TWO = Survey(
    criteria=(
        Criterion("time", {"vi": "Hẹn?"}, texts("Trễ", "Chấp nhận được", "Đúng hẹn"), (2, 3)),
        Criterion("officer", {"vi": "Thái độ?"}, texts("Chưa tốt", "Tốt"), (2,)),
    ),
    languages=VI,
    reasons=(Reason("late", {"vi": "Trễ"}), Reason("other", {"vi": "Khác"})),
)


def reader(survey: Survey = TWO, *, tally: bool = False, today: date = LAST) -> Reader:
    return Reader(BATCH, survey, Book("sia"), today, tally)


def refused(text: str, survey: Survey = TWO, *, tally: bool = False, today: date = LAST) -> str:
    with pytest.raises(PaperMistakes) as caught:
        reader(survey, tally=tally, today=today).lines(text)
    return str(caught.value)


def test_the_heading_names_every_column_there_may_be() -> None:
    assert ",".join(reader().heading) == (
        "form,day,counter,officer,field,procedure,time,officer (answer),reasons,comment"
    )
    assert reader(tally=True).heading[-5:] == (
        *("time 1", "time 2", "time 3", "officer (answer) 1", "officer (answer) 2"),
    )
    assert column_of("officer") == "officer (answer)"
    assert column_of("time") == "time"


def test_a_form_is_read_with_its_blanks_reasons_and_comment() -> None:
    text = (
        "form;day;time;officer (answer);reasons;comment\n"
        "2;;  đúng   HẸN ;;;\n"
        "\n"
        ";;;;;\n"
        '1;20/11/2026;1;Tốt;late, other;"Chờ\nlâu ""quá"""\n'
        "3;2026-11-1;;;;Cảm ơn;;\n"
    )
    one, two, three = reader().lines(text)
    assert one.answers == {("time", 1): 1, ("officer", 2): 1}
    assert (one.day, one.until_day, one.reasons) == (
        date(2026, 11, 20),
        date(2026, 11, 20),
        frozenset({"late", "other"}),
    )
    assert one.comment == 'Chờ lâu "quá"'
    assert (two.answers, two.day, two.until_day, two.comment) == ({("time", 3): 1}, FIRST, LAST, None)
    assert (three.votes, three.forms, three.comment, three.day) == (0, 1, "Cảm ơn", FIRST)
    assert (one.votes, two.votes) == (1, 1)


def test_a_tally_is_read_with_those_that_answered_nothing() -> None:
    heading = "form\treturned\tempty\ttime 1\ttime 2\ttime 3\tofficer (answer) 1\tofficer (answer) 2"
    text = f"{heading}\n1\t31\t2\t5\t\t20\t0\t29\n"
    [line] = reader(tally=True).lines(text)
    assert line.answers == {("time", 1): 5, ("time", 3): 20, ("officer", 2): 29}
    assert (line.forms, line.votes) == (31, 29)


def test_of_a_single_question_blank_and_empty_are_the_same() -> None:
    heading = "form,returned,empty,overall 1,overall 2,overall 3,overall 4,overall 5\n"
    for empty in ("", "2"):
        [line] = reader(FIRST_SURVEY, tally=True).lines(f"{heading}1,33,{empty},0,0,5,16,10\n")
        assert (line.forms, line.votes, sum(line.answers.values())) == (33, 31, 31)
    assert "line 2: empty: expected 2" in refused(f"{heading}1,33,1,0,0,5,16,10\n", FIRST_SURVEY, tally=True)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("0,,1,1,,", "line 2: form: expected a whole number from 1 to 999,999"),
        ("x,,1,1,,", "line 2: form: expected a whole number"),
        ("1,2026-10-31,1,1,,", "line 2: day: lies outside the days of the batch"),
        ("1,2026-11-31,1,1,,", "line 2: day: expected a day like 2026-11-20 or 20/11/2026"),
        ("1,hôm qua,1,1,,", "line 2: day: expected a day"),
        ("1,2026-11-30,1,1,,", "line 2: day: has not come yet"),
        ("1,,4,1,,", "line 2: time: expected 1 to 3 (1 is the worst), the words of a level, or nothing"),
        ("1,,0,1,,", "line 2: time: expected 1 to 3"),
        ("1,,1,Rất tốt,,", "line 2: officer (answer): expected 1 to 2"),
        ("1,,1,1,weather,", "line 2: reasons: the survey offers no such reason"),
        ("1,,1,1,," + "a" * 501, "line 2: comment: longer than 500 characters"),
        ("1,,1,1,,a\x07b", "line 2: comment: holds a control character"),
        ("1,,1,1,,a,b", "line 2: more cells than headings"),
        ('1,,1,1,,"a', "line 2: unexpected end of data"),
        ("1,,1,1,,\n1,,1,1,,", "line 3: form: the number 1 stands twice"),
    ],
)
def test_what_is_wrong_with_a_form_is_said_by_line_and_column(line: str, why: str) -> None:
    told = refused(f"form,day,time,officer (answer),reasons,comment\n{line}\n", today=date(2026, 11, 29))
    assert why in told


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("1,0,,,,,", "returned: expected a whole number from 1 to 1,000,000"),
        ("1,,1,,,,", "returned: expected a whole number"),
        ("1,9,9,1,,,", "time: its levels add up to 10, and 9 forms were returned"),
        ("1,9,-1,1,,,", "time 1: expected a whole number from 0"),
    ],
)
def test_what_is_wrong_with_a_tally_is_said(line: str, why: str) -> None:
    heading = "form,returned,time 1,time 2,time 3,officer (answer) 1,officer (answer) 2"
    assert why in refused(f"{heading}\n{line}\n", tally=True)


def test_more_cannot_be_empty_than_answered_nothing() -> None:
    heading = "form,returned,empty,time 1,time 2,time 3,officer (answer) 1,officer (answer) 2"
    told = refused(f"{heading}\n1,9,3,7,,,1,1\n", tally=True)
    assert "empty: at least 7 forms of 9 answered something" in told


@pytest.mark.parametrize(
    ("heading", "why"),
    [
        ("", "the heading lacks form, time, officer (answer)"),
        ("form,time", "the heading lacks officer (answer)"),
        ("form,time,officer (answer),comments", "column 4 is none of form, day,"),
        ("form,time,officer (answer),time", "the column time stands twice"),
        ("form,time,officer (answer)", "there is no line below the heading"),
    ],
)
def test_a_heading_that_would_leave_answers_out_is_refused(heading: str, why: str) -> None:
    assert why in refused(heading)


def test_empty_columns_at_the_end_are_nothing() -> None:
    assert len(reader().lines("form,time,officer (answer),,\n1,2,2,,\n")) == 1


def test_words_that_name_two_levels_name_none() -> None:
    same = Survey((Criterion("time", {"vi": "?"}, texts("Tốt", "tốt"), (2,)),), languages=VI)
    assert "time: expected 1 to 2" in refused("form,time\n1,tốt\n", same)


def test_too_many_lines_and_too_many_mistakes_are_cut_short() -> None:
    heading = "form,time,officer (answer)\n"
    many = "".join(f"{number},1,1\n" for number in range(1, MOST_LINES + 2))
    assert "more than 10,000 lines" in refused(heading + many)
    told = refused(heading + "x,1,1\n" * (MOST_MISTAKES + 5)).splitlines()
    assert len(told) == MOST_MISTAKES + 1
    assert told[-1] == "there may be more; the rest was not read"


def test_a_mistake_quotes_nothing_of_a_form() -> None:
    told = refused("form,time,officer (answer),comment\n1,secret,secret,secret\nsecret,1,1,\n")
    assert "secret" not in told


forms = st.lists(
    st.builds(
        Line,
        number=st.integers(1, 999_999),
        day=st.dates(FIRST, LAST),
        until_day=st.none(),
        counter=st.none(),
        officer=st.none(),
        field=st.none(),
        procedure=st.none(),
        forms=st.just(1),
        votes=st.just(1),
        answers=st.fixed_dictionaries({("time", 1): st.integers(0, 3), ("officer", 1): st.integers(0, 2)}),
        reasons=st.frozensets(st.sampled_from(["late", "other"])),
        comment=st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda line: line.number,
)


@given(forms, st.sampled_from(",;\t"), st.permutations(range(6)))
def test_whatever_was_typed_is_read(typed: list[Line], delimiter: str, order: list[int]) -> None:
    heading = ("form", "day", "time", "officer (answer)", "reasons", "comment")
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow([heading[place] for place in order])
    for line in typed:
        chosen = [line.answers["time", 1] or "", line.answers["officer", 1] or ""]
        cells = [line.number, line.day.isoformat(), *chosen, "+".join(sorted(line.reasons)), line.comment]
        writer.writerow([cells[place] for place in order])
    read = {line.number: line for line in reader().lines(written.getvalue())}
    assert read.keys() == {line.number for line in typed}
    for line in typed:
        back = read[line.number]
        chosen_levels = {"time": line.answers["time", 1], "officer": line.answers["officer", 1]}
        assert back.answers == {(asked, level): 1 for asked, level in chosen_levels.items() if level}
        assert (back.day, back.until_day, back.reasons) == (line.day, line.day, line.reasons)
        assert back.votes == int(any(chosen_levels.values()))


@given(st.text(max_size=300), st.booleans())
def test_whatever_it_is_it_is_read_or_refused(text: str, tally: bool) -> None:
    for body in (text, ",".join(reader(tally=tally).heading) + "\n" + text):
        try:
            lines = reader(tally=tally).lines(body)
        except PaperMistakes as error:
            assert error.mistakes
        else:
            assert max(Counter(line.number for line in lines).values()) == 1
