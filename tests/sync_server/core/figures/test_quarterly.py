"""A quarter's figures, named."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.quarterly import Entry, Figures, Line, alphabetical
from sync_server.core.figures.verdict import Verdict
from sync_server.core.rounding import Mode, Rounding
from sync_server.core.rules import USUAL_RULES, Rules
from sync_server.core.surveys import SURVEYS, Criterion, Survey, Surveys
from tests.fakes.quarter_figures import Count, counted

OFFICERS = {"huong": Entry("Nguyễn Thị Hương Giang", "Hộ tịch"), "thang": Entry("Trần Đức Thắng", "Đất đai")}
FIELDS = {"ho-tich": Entry("Hộ tịch"), "dat-dai": Entry("Đất đai")}
SHOWS_ALL = Rules(least_shown=1)
PROCEDURES = {"1.1": Entry("Khai sinh", "Hộ tịch", present=False), "1.2": Entry("Kết hôn", "Hộ tịch", present=False)}

counts = st.lists(
    st.builds(
        Count,
        level=st.integers(1, 5),
        votes=st.integers(1, 1000),
        officer=st.sampled_from([None, "huong", "thang", "left"]),
        field=st.sampled_from([None, "ho-tich", "dat-dai"]),
        procedure=st.sampled_from([None, "1.1", "1.2"]),
    ),
    max_size=8,
)


def added(*of: Count, refused: int = 0, rules: Rules = SHOWS_ALL, surveys: Surveys = SURVEYS) -> Figures:
    return counted(
        *of, officers=OFFICERS, fields=FIELDS, procedures=PROCEDURES, rules=rules, surveys=surveys, refused=refused
    )


def votes(line: Line) -> int:
    return line.row.answered or 0


@given(counts)
def test_every_table_holds_every_vote_once(these: list[Count]) -> None:
    figures = added(*these)
    assert figures.total.answered == figures.raw.answered == sum(count.votes for count in these)
    for table in (figures.by_officer, figures.by_field, figures.by_procedure, figures.by_channel):
        assert sum(map(votes, table)) == figures.total.answered
        assert sum(line.row.satisfied or 0 for line in table) == figures.total.satisfied


@given(counts)
def test_rows_are_ordered_by_votes_and_the_unknown_is_last(these: list[Count]) -> None:
    for table in (added(*these).by_officer, added(*these).by_procedure):
        known = [votes(line) for line in table if line.row.key is not None]
        assert known == sorted(known, reverse=True)
        assert all(line.row.key is not None for line in table[:-1])


def test_nothing_counted_has_no_share() -> None:
    figures = added()
    assert (figures.survey, figures.elsewhere, figures.total.answered, figures.total.share) == (None, 0, 0, None)


def test_a_line_is_judged_by_the_target_of_the_rules() -> None:
    figures = added(
        Count(5, 60, "huong"),
        Count(1, 40, "huong"),
        Count(5, 3, "thang"),
        rules=Rules(target=Decimal(50), least_shown=3),
    )
    judged = {line.row.key: line.verdict for line in figures.by_officer}
    assert judged == {"huong": Verdict.MET, "thang": Verdict.TOO_FEW}
    assert {line.verdict for line in added(rules=USUAL_RULES).by_officer} == {None}


def test_what_the_rules_leave_out_counts_in_the_raw_figure_alone() -> None:
    figures = added(Count(5, 50), Count(1, 8, labels=("hasty",)), rules=Rules(excluded=("hasty",)))
    assert (figures.total.answered, figures.raw.answered, figures.total.share) == (50, 58, Fraction(1))


def test_percentages_are_rounded_as_the_office_says() -> None:
    figures = added(rules=Rules(rounding=Mode.TRUNCATE, decimals=2))
    assert figures.rounding == Rounding(Mode.TRUNCATE, 2)


def test_officers_and_fields_without_votes_are_shown_and_procedures_are_not() -> None:
    figures = added()
    assert [row.name for row in figures.by_officer] == ["Nguyễn Thị Hương Giang", "Trần Đức Thắng"]
    assert [row.name for row in figures.by_field] == ["Đất đai", "Hộ tịch"]
    assert figures.by_procedure == ()


def test_rows_carry_names_and_notes() -> None:
    line = added(Count(5, procedure="1.1")).by_procedure[0]
    assert (line.row.key, line.name, line.note) == ("1.1", "Khai sinh", "Hộ tịch")


def test_votes_that_know_no_procedure_have_a_row_of_their_own() -> None:
    line = added(Count(5)).by_procedure[0]
    assert (line.row.key, line.name, votes(line)) == (None, "Không rõ", 1)


def test_a_key_that_nothing_names_is_shown_as_it_is() -> None:
    line = added(Count(5, officer="left")).by_officer[0]
    assert (line.row.key, line.name, line.note) == ("left", "left", "")


def test_refused_votes_are_not_counted_but_told() -> None:
    assert added(refused=3).uncounted == 3


def test_votes_for_a_survey_that_is_not_known_here_are_not_counted_but_told() -> None:
    figures = added(Count(5), Count(5, 4, survey=99), refused=1)
    assert figures.total.answered == 1
    assert figures.uncounted == 5


def test_vietnamese_names_are_sorted_by_their_letters() -> None:
    names = ["Vũ", "Đặng", "Ông", "Dương", "Đất", "Ánh", "Trần", "An"]
    assert sorted(names, key=alphabetical) == ["An", "Ánh", "Đặng", "Đất", "Dương", "Ông", "Trần", "Vũ"]


def test_surveys_are_not_mixed_and_the_newest_that_was_answered_is_shown() -> None:
    both = {"vi": "Có", "en": "Yes"}
    three = Survey((Criterion("time", both, (both, both, both), (3,)),))
    voted = [Count(5, 10), Count(1, 2), Count(3, 4, survey=2), Count(2, 1, survey=2), Count(4, 7, survey=9)]
    figures = added(*voted, surveys=SURVEYS | {2: three}, rules=USUAL_RULES)
    assert (figures.asked, figures.total.levels, figures.total.satisfied) == (three.criteria[0], (0, 1, 4), 4)
    assert (figures.elsewhere, figures.uncounted) == (12, 7)


@given(counts, st.integers(1, 10))
def test_no_row_of_too_few_is_shown_and_no_single_hidden_one_can_be_subtracted(these: list[Count], least: int) -> None:
    figures = added(*these, rules=Rules(least_shown=least))
    for table in (figures.by_officer, figures.by_field, figures.by_procedure):
        voted = [line for line in table if line.row.answered != 0]
        if len(voted) > 1:
            assert all(line.hidden or votes(line) >= least for line in voted)
            assert sum(line.hidden for line in voted) != 1


def test_officers_are_told_apart_only_where_the_office_says_so() -> None:
    figures = added(Count(5, 50, "huong"), rules=Rules(by_officer=False))
    assert figures.by_officer == ()
    assert figures.total.answered == 50
