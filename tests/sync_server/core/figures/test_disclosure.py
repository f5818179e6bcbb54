"""Small numbers are hidden, and nobody can work them out."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_server.core.figures.cells import AnswerSet, Cell, Column, Group
from sync_server.core.figures.disclosure import THRESHOLD, Disclosure, Rule, protect
from sync_server.core.figures.moving import columns_changed, others
from tests.sync_server.core.figures.attacker import worked_out

LEVELS = 3
SATISFIED: Column = frozenset({1, 2})

counts = st.one_of(st.just(0), st.integers(0, 7), st.integers(0, 400))
lines = st.tuples(*[counts] * LEVELS)
rules = st.sampled_from(Rule)


def table(rows: Mapping[str, Sequence[int]], *sums: Column) -> AnswerSet:
    """One breakdown."""
    return AnswerSet([Group((name,), tuple(levels)) for name, levels in rows.items()], sums)


def shown(answers: AnswerSet, disclosure: Disclosure, row: str, breakdown: int = 0) -> list[int | None]:
    """Return a row as it is published, None for what is hidden."""
    cells = [Cell(breakdown, row, column) for column in answers.columns]
    return [answers.count(cell) if disclosure.shows(cell) else None for cell in cells]


one_table = st.dictionaries(st.sampled_from("abcdef"), lines, min_size=1, max_size=5).map(table)
one_table_with_satisfied = st.dictionaries(st.sampled_from("abcd"), lines, min_size=1, max_size=4).map(
    lambda rows: table(rows, SATISFIED)
)
# Officers in their one field, on some procedures: what is shown by field is a sum of what is shown by officer.
FIELD_OF = {"huong": "land", "thang": "land", "bich": "papers", None: None}
several_tables = st.lists(
    st.tuples(st.sampled_from(list(FIELD_OF)), st.sampled_from(["1.1", "1.2", "1.3"]), lines), min_size=1, max_size=6
).map(lambda parts: AnswerSet([Group((o, FIELD_OF[o], p), levels) for o, p, levels in parts], [SATISFIED]))


@settings(max_examples=60)
@given(one_table, rules)
def test_nothing_hidden_can_be_worked_out_of_one_table(answers: AnswerSet, rule: Rule) -> None:
    disclosure = protect(answers, rule=rule)
    if not disclosure.nothing:
        assert list(worked_out(answers, disclosure)) == []


@settings(max_examples=40)
@given(one_table_with_satisfied, rules)
def test_the_satisfied_column_gives_nothing_away(answers: AnswerSet, rule: Rule) -> None:
    disclosure = protect(answers, rule=rule)
    if not disclosure.nothing:
        assert list(worked_out(answers, disclosure)) == []


@settings(max_examples=40)
@given(several_tables, rules)
def test_nothing_hidden_can_be_worked_out_across_tables(answers: AnswerSet, rule: Rule) -> None:
    disclosure = protect(answers, rule=rule)
    if not disclosure.nothing:
        assert list(worked_out(answers, disclosure)) == []


@settings(max_examples=40)
@given(several_tables, rules, st.data())
def test_rows_that_a_few_votes_have_moved_are_hidden_and_cannot_be_worked_out(
    answers: AnswerSet, rule: Rule, data: st.DataObject
) -> None:
    rows = [(place, row) for place, table in enumerate(answers.breakdowns) if len(table) > 1 for row in table]
    moved = data.draw(st.lists(st.sampled_from(rows), unique=True)) if rows else []
    disclosure = protect(answers, rule=rule, moved=moved)
    for place, row in moved:
        assert not disclosure.shows(Cell(place, row, answers.whole)) or not answers.total_row[answers.whole]
    if not disclosure.nothing:
        assert list(worked_out(answers, disclosure)) == []


@given(st.one_of(one_table, one_table_with_satisfied, several_tables), st.integers(2, 12))
def test_whatever_is_under_the_threshold_is_hidden(answers: AnswerSet, threshold: int) -> None:
    disclosure = protect(answers, threshold)
    for cell in answers.cells():
        if 0 < answers.count(cell) < threshold and disclosure.shows(cell):
            [row] = answers.breakdowns[cell.breakdown]  # the only row is the total row
            assert answers.count(cell) == answers.total_row[cell.column], row


@given(st.one_of(one_table, one_table_with_satisfied, several_tables))
def test_all_of_a_small_row_is_hidden_its_zeros_too(answers: AnswerSet) -> None:
    disclosure = protect(answers, rule=Rule.ROWS)
    for cell in answers.cells():
        rows = answers.breakdowns[cell.breakdown]
        in_row = answers.count(Cell(cell.breakdown, cell.row, answers.whole))
        if len(rows) > 1 and 0 < in_row < THRESHOLD and answers.total_row[cell.column]:
            assert not disclosure.shows(cell)


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(*[st.integers(5, 400)] * LEVELS), max_size=5), rules)
def test_where_nothing_is_small_nothing_is_hidden(rows: dict[str, tuple[int, ...]], rule: Rule) -> None:
    answers = table(rows)
    assert protect(answers, rule=rule) == Disclosure(nothing=False, hidden=frozenset())


@given(st.data(), several_tables, rules)
def test_the_same_cells_are_hidden_in_whatever_order_votes_come(
    data: st.DataObject, answers: AnswerSet, rule: Rule
) -> None:
    shuffled = AnswerSet(data.draw(st.permutations(answers.groups)), [SATISFIED])
    assert protect(shuffled, rule=rule) == protect(answers, rule=rule)


def test_what_is_hidden_alone_is_worked_out() -> None:
    answers = table({"huong": (2, 50, 60), "thang": (9, 40, 50)})
    cell = Cell(0, "huong", frozenset({0}))
    assert list(worked_out(answers, Disclosure(nothing=False, hidden=frozenset({cell})))) == [(cell, 2)]


def test_a_small_row_takes_another_one_along() -> None:
    answers = table({"huong": (0, 10, 200), "thang": (0, 9, 90), "bich": (0, 0, 3)})
    disclosure = protect(answers, rule=Rule.ROWS)
    # Shown beside the office's 312 votes, 210 and 99 would say that Bích has 3.
    assert shown(answers, disclosure, "bich") == [0, None, None, None]
    assert shown(answers, disclosure, "huong") == [0, 10, 200, 210]
    assert shown(answers, disclosure, "thang") == [0, None, None, None]


def test_a_small_cell_takes_three_others_along_and_leaves_the_totals() -> None:
    answers = table({"huong": (2, 50, 60), "thang": (9, 40, 50)})
    disclosure = protect(answers)
    assert shown(answers, disclosure, "huong") == [None, None, 60, 112]
    assert shown(answers, disclosure, "thang") == [None, None, 50, 99]


def test_two_hidden_ones_are_not_left_to_whoever_knows_that_neither_is_0() -> None:
    answers = table({"huong": (1, 1, 50), "thang": (1, 1, 70)})
    assert shown(answers, protect(answers), "huong") == [None, None, None, 52]


def test_an_officer_alone_in_a_field_is_hidden_by_field_too() -> None:
    groups = [
        Group(("huong", "papers"), (0, 20, 80)),
        Group(("thang", "land"), (0, 30, 70)),
        Group(("bich", "land"), (0, 1, 2)),
    ]
    answers = AnswerSet(groups)
    disclosure = protect(answers, rule=Rule.ROWS)
    assert shown(answers, disclosure, "bich") == [0, None, None, None]
    # Thắng is hidden with her: their field may be shown, and Hương as well.
    assert shown(answers, disclosure, "thang") == [0, None, None, None]
    assert shown(answers, disclosure, "land", breakdown=1) == [0, 31, 72, 103]
    assert shown(answers, disclosure, "huong") == [0, 20, 80, 100]


def test_of_a_very_small_answer_set_nothing_is_shown() -> None:
    answers = table({"huong": (0, 1, 3)})
    disclosure = protect(answers)
    assert disclosure.nothing
    assert shown(answers, disclosure, "huong") == [None, None, None, None]


def test_an_office_of_one_officer_shows_what_the_office_shows() -> None:
    answers = table({"huong": (1, 1, 50)})
    assert shown(answers, protect(answers), "huong") == [1, 1, 50, 52]


def test_without_answers_there_is_nothing_to_hide() -> None:
    assert protect(AnswerSet([])) == Disclosure(nothing=False, hidden=frozenset())


def test_groups_in_the_same_rows_are_one() -> None:
    answers = AnswerSet([Group(("huong",), (1, 2)), Group(("huong",), (3, 4))])
    assert answers.groups == (Group(("huong",), (4, 6)),)
    assert answers.votes == 10


@pytest.mark.parametrize(
    ("groups", "sums", "why"),
    [
        ([Group(("a",), (1, 2)), Group(("a", "b"), (1, 2))], [], "same breakdowns and levels"),
        ([Group(("a",), (1, 2)), Group(("b",), (1, 2, 3))], [], "same breakdowns and levels"),
        ([Group(("a",), (1, -2))], [], "not negative"),
        ([Group(("a",), (1, 2))], [frozenset({2})], "by their place"),
        ([Group(("a",), (1, 2))], [frozenset()], "by their place"),
    ],
)
def test_what_is_no_answer_set_is_refused(groups: list[Group], sums: list[Column], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        AnswerSet(groups, sums)


@given(st.one_of(one_table, one_table_with_satisfied, several_tables))
def test_whatever_is_moved_one_of_the_ways_tells_which_columns_of_both_rows_differ(answers: AnswerSet) -> None:
    for cell in answers.cells():
        ways = columns_changed(answers, cell)
        for row in answers.breakdowns[cell.breakdown]:
            if row != cell.row:
                for changes in others(answers, cell, row):
                    assert changes[cell] in (-1, 1)
                    differing = {
                        each: frozenset(changed.column for changed in changes if changed[:2] == (cell.breakdown, each))
                        for each in (cell.row, row)
                    }
                    assert differing[cell.row] == differing[row]
                    assert differing[row] in ways
