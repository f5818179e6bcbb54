"""How a share moves, day by day and week by week."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.beside_text import trend_as_text
from sync_server.core.figures.trend import DayCount, Step, trend
from sync_server.core.rounding import Rounding
from sync_server.core.surveys import FIRST_SURVEY
from tests.sync_server.core.figures.attacker import certain

ASKED = FIRST_SURVEY.criteria[0]
MONDAY = date(2026, 11, 16)
counts = st.lists(
    st.builds(
        DayCount,
        st.integers(0, 30).map(lambda days: MONDAY + timedelta(days=days)),
        st.integers(1, 5),
        st.integers(1, 9),
    )
)


@given(counts, st.sampled_from(Step))
def test_every_vote_is_in_one_day_and_one_week(these: list[DayCount], step: Step) -> None:
    points = trend(ASKED, these, step, 1)
    assert sum(point.answers.answered for point in points if point.answers) == sum(each.votes for each in these)
    assert [point.first for point in points] == sorted({point.first for point in points})
    if step is Step.WEEK:
        assert all(point.first.weekday() == 0 for point in points)


@given(counts, st.sampled_from(Step), st.integers(2, 10))
def test_no_small_number_is_shown_nor_can_a_hidden_one_be_worked_out(
    these: list[DayCount], step: Step, least: int
) -> None:
    points = trend(ASKED, these, step, least)
    assert all(point.answers.answered >= least for point in points if point.answers)
    everything = {point.first: point.answers for point in trend(ASKED, these, step, 1) if point.answers}
    assert certain(everything, [point.first for point in points if point.answers is None]) == []


def test_days_that_are_hidden_do_not_all_say_the_same() -> None:
    # Of the two small days everybody was satisfied: so one more is hidden, in which somebody was not.
    these = [DayCount(MONDAY + timedelta(days=place), *each) for place, each in enumerate([(5, 2), (5, 3), (5, 7)])]
    these += [DayCount(MONDAY + timedelta(days=3), 5, 8), DayCount(MONDAY + timedelta(days=3), 1, 9)]
    points = trend(ASKED, these, Step.DAY, 5)
    assert [point.answers is None for point in points] == [True, True, False, True]


def test_the_text_has_a_line_each_and_says_what_a_hidden_one_is() -> None:
    these = [DayCount(MONDAY, 5, 9), DayCount(MONDAY + timedelta(days=1), 1, 6), DayCount(MONDAY, 1, 3)]
    told = trend_as_text(trend(ASKED, these, Step.DAY, 5), Step.DAY, Rounding(), 5)
    assert told.splitlines()[1].split() == [
        "Ngày",
        "Lượt",
        "Hài",
        "lòng",
        "trở",
        "lên",
        "Tỷ",
        "lệ",
        *["Khoảng", "tin", "cậy", "95%"],
    ]
    assert told.splitlines()[2].split()[:4] == ["16/11/2026", "12", "9", "75,0%"]
    assert "•" not in told
    week = trend_as_text(trend(ASKED, these[1:2], Step.WEEK, 10), Step.WEEK, Rounding(), 10)
    assert "Tuần từ" in week
    assert "16/11/2026" in week
    assert "• = ẩn" in week
    assert trend_as_text((), Step.DAY, Rounding(), 5) == ""
