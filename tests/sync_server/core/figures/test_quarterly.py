"""Adding counts up to figures."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.quarterly import Count, Entry, Figures, Office, Tally, add_up, alphabetical
from sync_server.core.quarter import Quarter
from sync_server.core.rules import USUAL_RULES, Rules
from sync_server.core.surveys import SURVEYS, Criterion, Survey

QUARTER = Quarter(2026, 4)
OFFICE = Office("sia", "Bộ phận Một cửa", "UBND thị trấn Sịa")
OFFICERS = {"huong": Entry("Nguyễn Thị Hương Giang", "Hộ tịch"), "thang": Entry("Trần Đức Thắng", "Đất đai")}
FIELDS = {"ho-tich": Entry("Hộ tịch"), "dat-dai": Entry("Đất đai")}
SHOWS_ALL = Rules(least_shown=1)
PROCEDURES = {"1.1": Entry("Khai sinh", "Hộ tịch", present=False), "1.2": Entry("Kết hôn", "Hộ tịch", present=False)}

counts = st.lists(
    st.builds(
        Count,
        survey=st.just(1),
        level=st.integers(1, 5),
        officer=st.sampled_from([None, "huong", "thang", "left"]),
        field=st.sampled_from([None, "ho-tich", "dat-dai"]),
        procedure=st.sampled_from([None, "1.1", "1.2"]),
        votes=st.integers(1, 1000),
    )
)


def added(*of: Count, refused: int = 0) -> Figures:
    return add_up(
        QUARTER,
        OFFICE,
        of,
        officers=OFFICERS,
        fields=FIELDS,
        procedures=PROCEDURES,
        surveys=SURVEYS,
        in_force=1,
        rules=SHOWS_ALL,
        refused=refused,
    )


def vote(
    level: int, votes: int = 1, officer: str | None = None, procedure: str | None = None, survey: int = 1
) -> Count:
    return Count(survey, level, officer, None, procedure, votes)


@given(counts)
def test_every_table_holds_every_vote_once(these: list[Count]) -> None:
    figures = added(*these)
    assert figures.total.total == sum(count.votes for count in these)
    for table in (figures.by_officer, figures.by_field, figures.by_procedure):
        together = Tally((0,) * 5)
        for row in table:
            together += row.tally
        assert together == figures.total


@given(counts)
def test_each_level_is_counted_and_the_upper_two_satisfy(these: list[Count]) -> None:
    total = added(*these).total
    assert total.levels == tuple(sum(c.votes for c in these if c.level == level) for level in (1, 2, 3, 4, 5))
    assert total.satisfied == total.levels[3] + total.levels[4]


@given(counts)
def test_rows_are_ordered_by_votes_and_the_unknown_is_last(these: list[Count]) -> None:
    for table in (added(*these).by_officer, added(*these).by_procedure):
        known = [row.tally.total for row in table if row.key is not None]
        assert known == sorted(known, reverse=True)
        assert all(row.key is not None for row in table[:-1])


def test_shares_are_exact() -> None:
    total = added(vote(5, 2), vote(4), vote(1, 3)).total
    assert total.share == Fraction(1, 2)
    assert total.share_of(5) == Fraction(1, 3)
    assert total.share_of(2) == 0


def test_nothing_counted_has_no_share() -> None:
    total = added().total
    assert (total.total, total.share, total.share_of(5), total.interval) == (0, None, None, None)


def test_the_interval_belongs_to_the_share() -> None:
    interval = Tally((0, 0, 2, 4, 4), 8).interval
    assert interval is not None
    assert interval.low < 0.8 < interval.high


def test_officers_and_fields_without_votes_are_shown_and_procedures_are_not() -> None:
    figures = added()
    assert [row.name for row in figures.by_officer] == ["Nguyễn Thị Hương Giang", "Trần Đức Thắng"]
    assert [row.name for row in figures.by_field] == ["Đất đai", "Hộ tịch"]
    assert figures.by_procedure == ()


def test_rows_carry_names_and_notes() -> None:
    row = added(vote(5, procedure="1.1")).by_procedure[0]
    assert (row.key, row.name, row.note) == ("1.1", "Khai sinh", "Hộ tịch")


def test_votes_that_know_no_procedure_have_a_row_of_their_own() -> None:
    row = added(vote(5)).by_procedure[0]
    assert (row.key, row.name, row.tally.total) == (None, "Không rõ", 1)


def test_a_key_that_nothing_names_is_shown_as_it_is() -> None:
    row = added(vote(5, officer="left")).by_officer[0]
    assert (row.key, row.name, row.note) == ("left", "left", "")


def test_refused_votes_are_not_counted_but_told() -> None:
    assert added(refused=3).uncounted == 3


def test_votes_for_a_survey_that_is_not_known_here_are_not_counted_but_told() -> None:
    figures = added(vote(5), vote(5, 4, survey=99), refused=1)
    assert figures.total.total == 1
    assert figures.uncounted == 5


def test_vietnamese_names_are_sorted_by_their_letters() -> None:
    names = ["Vũ", "Đặng", "Ông", "Dương", "Đất", "Ánh", "Trần", "An"]
    assert sorted(names, key=alphabetical) == ["An", "Ánh", "Đặng", "Đất", "Dương", "Ông", "Trần", "Vũ"]


def test_surveys_are_not_mixed_and_the_newest_that_was_answered_is_shown() -> None:
    both = {"vi": "Có", "en": "Yes"}
    three = Survey((Criterion("time", both, (both, both, both), (3,)),))
    figures = add_up(
        QUARTER,
        OFFICE,
        [vote(5, 10), vote(1, 2), vote(3, 4, survey=2), vote(2, 1, survey=2), vote(4, 7, survey=9)],
        officers=OFFICERS,
        fields=FIELDS,
        procedures=PROCEDURES,
        surveys=SURVEYS | {2: three},
        in_force=1,
        rules=USUAL_RULES,
        refused=0,
    )
    assert (figures.asked, figures.total.levels, figures.total.satisfied) == (three.criteria[0], (0, 1, 4), 4)
    assert (figures.elsewhere, figures.uncounted) == (12, 7)


@given(counts, st.integers(1, 10))
def test_no_row_of_too_few_is_shown_and_no_single_hidden_one_can_be_subtracted(these: list[Count], least: int) -> None:
    names = {"officers": OFFICERS, "fields": FIELDS, "procedures": PROCEDURES}
    figures = add_up(
        QUARTER,
        OFFICE,
        these,
        officers=names["officers"],
        fields=names["fields"],
        procedures=names["procedures"],
        surveys=SURVEYS,
        in_force=1,
        rules=Rules(least_shown=least),
        refused=0,
    )
    for table in (figures.by_officer, figures.by_field, figures.by_procedure):
        voted = [row for row in table if row.tally.total]
        if len(voted) > 1:
            assert all(row.hidden for row in voted if row.tally.total < least)
            assert sum(row.hidden for row in voted) != 1


def test_officers_are_told_apart_only_where_the_office_says_so() -> None:
    figures = add_up(
        QUARTER,
        OFFICE,
        [vote(5, 50, "huong")],
        officers=OFFICERS,
        fields=FIELDS,
        procedures=PROCEDURES,
        surveys=SURVEYS,
        in_force=1,
        rules=Rules(by_officer=False),
        refused=0,
    )
    assert figures.by_officer == ()
    assert figures.total.total == 50
