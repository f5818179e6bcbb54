"""Every number that follows from votes has a name and one way of being printed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.fields import fill, names_in
from sync_server.core.decisions.values import computed_of, escaped, is_shown, printed_rows
from sync_server.core.figures.period import Breakdown, RowName
from sync_server.core.rounding import Mode
from sync_server.core.rules import Rules
from tests.fakes.archives import Quarter, quarters, vote


def test_a_quarter_as_it_is_printed() -> None:
    casts = [vote(number, 5 if number % 7 else 2) for number in range(1, 1446)]
    casts += [vote(number, 1, "hasty", officer="binh", kiosk="kiosk-2") for number in range(2000, 2010)]
    casts += [vote(number, 4, officer=None) for number in range(3000, 3040)]
    found = computed_of(Quarter(tuple(casts), Rules(excluded=("hasty",)), reviewed=4, reasons=3).figures)
    expected = {
        "votes": "1.485",
        "raw": "1.495",
        "excluded": "10",
        "excluded_votes.hasty": "10",
        "labelled": "10",
        "unreviewed": "6",
        "unknown_survey": "0",
        "channel.kiosk": "1.495",
        "channel.paper": "0",
        "channel.box": "0",
        "reason.waiting": "3",
        "s1.votes": "1.485",
        "s1.raw": "1.495",
        "s1.excluded": "10",
        "s1.overall.answered": "1.485",
        "s1.overall.blank": "0",
        "s1.overall.satisfied": "1.279",
        "s1.overall.percent": "86,1%",
        "s1.overall.interval": "84,3% – 87,8%",
        "s1.overall.low": "84,3%",
        "s1.overall.high": "87,8%",
        "s1.overall.verdict": "Đạt",
        "s1.overall.level.5": "1.239",
        "s1.overall.level.2.percent": "13,9%",
        "s1.overall.raw.answered": "1.495",
        "s1.overall.raw.percent": "85,6%",
        "s1.by.officer.an.answered": "1.445",
        "s1.by.officer.an.unsatisfied": "206",
        "s1.by.officer..percent": "100,0%",
        "s1.by.officer..verdict": "Đạt",
        "s1.by.officer.hidden": "0",
        "s1.by.procedure.1%2E001193.satisfied": "1.279",
    }
    assert found | expected == found


def test_the_declared_rounding_holds_for_intervals_too() -> None:
    casts = tuple(vote(number, 5 if number % 3 else 1) for number in range(1, 31))
    found = computed_of(Quarter(casts, Rules(rounding=Mode.TRUNCATE, decimals=3, target=Decimal(90))).figures)
    assert found["s1.overall.percent"] == "66,666%"
    assert found["s1.overall.interval"] == "48,780% – 80,769%"
    assert found["s1.overall.verdict"] == "Chưa đạt"


def test_where_nothing_was_answered_a_dash_stands() -> None:
    casts = (vote(1, 5, "hasty"),)
    found = computed_of(Quarter(casts, Rules(excluded=("hasty",))).figures)
    assert (found["s1.overall.percent"], found["s1.overall.interval"]) == ("–", "–")
    assert found["s1.by.field.hidden"] == "0"


def test_a_hidden_row_has_no_field() -> None:
    casts = tuple(vote(number, 5, officer="an" if number > 3 else "chi") for number in range(1, 50))
    found = computed_of(Quarter(casts).figures)
    assert found["s1.by.officer.hidden"] == "2"
    assert not [name for name in found if name.startswith("s1.by.officer.chi") or name.startswith("s1.by.officer.an")]


@given(quarters)
def test_names_can_stand_in_texts_and_rows_are_all_there_or_hidden(quarter: Quarter) -> None:
    figures = quarter.figures
    found = computed_of(figures)
    for name, text in found.items():
        assert names_in(f"{{{name}}}") == (name,)
        assert fill(f"{{{name}}}", found) == text
    for survey in figures.surveys:
        for breakdown in Breakdown:
            rows = survey.tables.get(breakdown, ())
            named = [name for name in found if name.startswith(f"s{survey.revision}.by.{breakdown}.")]
            assert len(named) == 8 * sum(map(is_shown, rows)) + (breakdown in survey.tables)


@pytest.mark.parametrize(
    ("key", "name"),
    [(None, ""), ("ho-tich", "ho-tich"), ("1.001193", "1%2E001193"), ("{a}\n%", "%7Ba%7D%0A%25"), ("Đ", "%C4%90")],
)
def test_a_key_is_written_so_that_it_ends_no_name(key: str | None, name: str) -> None:
    assert escaped(key) == name


@given(st.text(), st.text())
def test_two_keys_are_never_written_alike(one: str, other: str) -> None:
    assert (escaped(one) == escaped(other)) == (one == other)


@given(quarters)
def test_what_is_printed_of_breakdowns_can_be_read_again(quarter: Quarter) -> None:
    figures = quarter.figures
    expected = {
        RowName(survey.revision, breakdown, row.key): (row.satisfied, row.answered)
        for survey in figures.surveys
        for breakdown, rows in survey.tables.items()
        for row in rows
        if is_shown(row)
    }
    assert printed_rows(computed_of(figures)) == expected


def test_a_document_without_breakdowns_prints_no_rows() -> None:
    assert printed_rows({"votes": "5", "s1.by.officer.hidden": "0"}) == {}
