"""A row says what was said, and nothing of who said it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.visits import VisitLabel, VisitOutcome
from sync_server.core.book import THE_OFFICE, Book, Kind
from sync_server.core.channels import Channel
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.exports.beside import tables_beside
from sync_server.core.exports.content import Content
from sync_server.core.exports.rare import left_out
from sync_server.core.exports.tables import Row, Table
from sync_server.core.exports.votes import About, Layout, Said, about_cells, said_cells
from sync_server.core.figures.period import Breakdown, figures_of
from sync_server.core.figures.period_names import names_of
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.letterhead import Letterhead
from sync_server.core.office_data import Field, Officer
from sync_server.core.rules import USUAL_RULES, Rules
from sync_server.core.surveys import FIRST_SURVEY, Criterion, Survey

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
YES = {"vi": "Có", "de": "Ja"}
TWO = Survey((Criterion("time", YES, (YES, YES), (2,)), Criterion("fees", YES, (YES, YES), (2,))), ("vi", "de"))
BOOK = Book.of(
    "sia",
    [
        (Kind.OFFICE, Record(THE_OFFICE, ALWAYS, Letterhead("Trung tâm", "UBND"))),
        (Kind.FIELD, Record("ho-tich", ALWAYS, Field("ho-tich", "Hộ tịch"))),
        (Kind.OFFICER, Record("an", ALWAYS, Officer("an", "Lê An", "Công chức", "ho-tich"))),
        (Kind.SURVEY, Record("2", ALWAYS, TWO)),
    ],
)
NAMES = names_of(BOOK, LAST)
NONE_RARE = {each: frozenset[str | None]() for each in Breakdown}
SOMEBODY: About = ("kiosk", "k-1", 7, "an", "ho-tich", "1.1")
ANSWERED: Said = (2, "answered", 0, 1, 1, "fees=1,time=2", None, None)


def layout(*criteria: str, rules: Rules = USUAL_RULES) -> Layout:
    return Layout.of(BOOK, rules, criteria)


def named(layout: Layout, about: Row, said: Row) -> dict[str, object]:
    keys = [column.key for group in layout.groups[1:] for column in group]
    return {key: cell for key, cell in zip(keys, (*about, *said), strict=bool(said)) if cell is not None}


def row(
    about: About = SOMEBODY,
    said: Said = ANSWERED,
    rare: dict[Breakdown, frozenset[str | None]] | None = None,
    rules: Rules = USUAL_RULES,
) -> dict[str, object]:
    columns = layout("time", "fees", rules=rules)
    channel, kiosk, counter, officer, field, procedure = about
    named_ = (procedure, None if counter is None else f"{counter}", kiosk, officer if rules.by_officer else None, field)
    out = left_out({(channel, named_): 9}, NONE_RARE | (rare or {}), 5)
    cells = about_cells(columns, NAMES, out, str.upper, about)
    return named(columns, cells, said_cells(columns, rules, str.upper, said))


def test_a_row_bears_keys_and_names_and_a_column_a_criterion() -> None:
    assert row() == {
        "channel": "KIOSK",
        "kiosk": "K-1",
        "counter": 7,
        "officer": "AN",
        "officer_name": "LÊ AN",
        "field": "HO-TICH",
        "field_name": "HỘ TỊCH",
        "procedure": "1.1",
        "procedure_name": "1.1",
        "survey": 2,
        "outcome": "ANSWERED",
        "official": 1,
        "best_first": 0,
        "visits": 1,
        "forms": 1,
        "answer_time": 2,
        "answer_fees": 1,
    }


def test_what_is_not_known_is_blank() -> None:
    told = row(("kiosk", "k-1", None, None, None, None), (2, "declined", 1, 1, 1, None, None, None))
    assert told == {
        "channel": "KIOSK",
        "kiosk": "K-1",
        "survey": 2,
        "outcome": "DECLINED",
        "official": 0,
        "best_first": 1,
        "visits": 1,
        "forms": 1,
    }


def test_officers_are_named_only_where_figures_of_officers_are_made() -> None:
    assert not {"officer", "officer_name"} & set(row(rules=Rules(by_officer=False)))


@pytest.mark.parametrize(
    ("rare", "gone"),
    [
        ({Breakdown.OFFICER: frozenset({"an"})}, {"officer", "officer_name"}),
        ({Breakdown.COUNTER: frozenset({"7"}), Breakdown.KIOSK: frozenset({"k-1"})}, {"counter", "kiosk"}),
        ({Breakdown.PROCEDURE: frozenset({"1.1"})}, {"procedure", "procedure_name"}),
        ({Breakdown.FIELD: frozenset({"ho-tich"})}, {"field", "field_name"}),
    ],
)
def test_what_is_rare_is_blank_and_the_row_says_so(
    rare: dict[Breakdown, frozenset[str | None]], gone: set[str]
) -> None:
    told = row(rare=rare)
    assert set(row()) - set(told) == gone
    assert set(str(told["hidden"]).split(",")) == {str(each) for each in rare}


def test_a_combination_that_nobody_has_counted_names_nothing() -> None:
    columns = layout("time", "fees")
    told = named(columns, about_cells(columns, NAMES, {}, str.upper, SOMEBODY), ())
    assert told == {"channel": "KIOSK", "hidden": "kiosk,counter,officer,field,procedure"}


def test_an_officer_left_out_by_the_rule_is_not_called_hidden() -> None:
    told = row(rare={Breakdown.OFFICER: frozenset({"an"})}, rules=Rules(by_officer=False))
    assert "hidden" not in told


def test_labels_and_reasons_are_in_order_and_decide_what_is_official() -> None:
    said: Said = (2, "answered", 0, 1, 1, "time=2", "play,hasty", "other,late")
    told = row(said=said, rules=Rules(excluded=(VisitLabel.HASTY,)))
    assert (told["labels"], told["reasons"], told["official"]) == ("HASTY,PLAY", "LATE,OTHER", 0)
    assert row(said=said, rules=Rules(excluded=(VisitLabel.REPEAT,)))["official"] == 1


def test_titles_are_the_questions_and_bear_the_key() -> None:
    titles = [column.title for column in layout("time", "gone").columns[-2:]]
    assert titles == ["Có [time]", "gone"]


def cell(
    criterion: str | None,
    votes: int,
    *,
    half: date = FIRST,
    outcome: str = VisitOutcome.ANSWERED,
    survey: int = 2,
    officer: str | None = "an",
) -> VoteCell:
    return VoteCell(half, half, outcome, survey, criterion, 1, officer, "ho-tich", "1.1", 7, "k-1", (), votes)


def content(*cells: VoteCell) -> Content:
    return Content.of(cells, FIRST, LAST, Rules(), BOOK.all_surveys)


def test_criteria_stand_as_they_are_asked_and_then_what_no_survey_asks() -> None:
    found = content(cell(None, 9), cell("zz", 1), cell("overall", 9, survey=1), cell("fees", 9))
    assert (found.surveys, found.criteria) == ((1, 2), ("overall", "time", "fees", "zz"))


def test_only_visits_with_answers_make_somebody_rare() -> None:
    found = content(
        cell(None, 5),
        cell("time", 5),
        cell(None, 3, officer="binh", outcome=VisitOutcome.ABANDONED),
        cell(None, 3, officer="chi", outcome=VisitOutcome.DECLINED),
        cell(None, 6, officer=None),
        cell(None, 9, officer="dung", half=date(2026, 9, 15)),
        cell("time", 9, officer="dung", half=date(2026, 9, 15)),
    )
    assert found.undated == 9
    assert found.rare[Breakdown.OFFICER] == {"an", "binh"}
    assert found.used[Breakdown.OFFICER] == ("chi",)
    assert found.used[Breakdown.FIELD] == ("ho-tich",)


OFFICERS, KIOSKS = st.sampled_from(["an", "binh", "chi", "dung", None]), st.sampled_from(["k-1", "k-2", None])
DISTINCT = st.tuples(OFFICERS, KIOSKS, st.integers(1, 2), st.sampled_from([(), (VisitLabel.HASTY,)]))
MANY = st.dictionaries(DISTINCT, st.integers(1, 9), min_size=1, max_size=12)


@given(MANY)
def test_what_the_report_hides_cannot_be_counted_in_the_votes(votes: dict[Any, int]) -> None:
    cells = [
        replace(cell(criterion, number, officer=officer), level=level, labels=labels, kiosk=kiosk, channel=channel)
        for (officer, kiosk, level, labels), number in votes.items()
        for criterion in (None, "time")
        for channel in (Channel.PAPER if kiosk is None else Channel.KIOSK,)
    ]
    rules = Rules(excluded=(VisitLabel.HASTY,))
    found = Content.of(cells, FIRST, LAST, rules, BOOK.all_surveys)
    [report] = figures_of(cells, [], BOOK.all_surveys, rules, FIRST, LAST, served=0, reasons={}).surveys
    for each, rows in report.tables.items():
        assert {line.key for line in rows if line.is_hidden} <= found.rare[each]


def test_an_officer_whom_the_report_hides_for_anothers_sake_is_blank_and_so_is_who_knows_none() -> None:
    about_few = (cell(part, 3, officer=None) for part in (None, "time"))
    found = content(*about_few, *(cell(part, 9) for part in (None, "time")), cell("time", 20, officer="binh"))
    assert found.rare[Breakdown.OFFICER] == {None, "an"}
    unknown = row(about=("kiosk", "k-1", 7, None, "ho-tich", "1.1"), rare={Breakdown.OFFICER: frozenset({None, "an"})})
    assert (unknown.get("officer"), unknown["hidden"]) == (None, "officer")


def test_every_column_of_every_table_is_explained() -> None:
    main = Table("votes", "", layout("time").columns, ())
    rules = Rules(excluded=(VisitLabel.HASTY, VisitLabel.PLAY))
    tables = tables_beside(BOOK, NAMES, rules, "2026-Q4", (FIRST, LAST), (1, 2, 9), [("field", "a", "A")], [main])
    by_name = {table.name: table for table in tables}
    explained = {row[:2] for row in by_name["dictionary"].rows}
    assert explained == {(table.name, column.key) for table in (main, *tables[:-1]) for column in table.columns}
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)
    assert ("last_day", "2026-12-31") in by_name["about"].rows
    said = list(by_name["rules"].rows)
    assert [value for rule, value in said if rule == "excluded"] == ["hasty", "play"]
    assert {("legal_bases", None), ("by_officer", "1"), ("target", "80")} <= set(said)


def test_the_wording_of_what_was_answered_is_there_in_every_language() -> None:
    main = Table("votes", "", (), ())
    tables = tables_beside(BOOK, NAMES, USUAL_RULES, "2026", (FIRST, LAST), (1, 2, 9), [], [main])
    [rows] = [list(table.rows) for table in tables if table.name == "surveys"]
    assert (2, "level", "time", 2, 1, "de", "Ja") in rows
    assert (2, "level", "time", 1, 0, "de", "Ja") in rows
    assert (2, "question", "fees", None, None, "vi", "Có") in rows
    assert {row[0] for row in rows} == {1, 2}
    assert {row[2] for row in rows if row[1] == "reason"} == {entry.reason for entry in FIRST_SURVEY.reasons}
