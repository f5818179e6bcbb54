"""The week hour by hour holds every vote once, in Vietnamese time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.beside_text import week_as_text
from sync_server.core.figures.hours import HourCount, week_of_hours
from sync_server.core.surveys import FIRST_SURVEY
from tests.sync_server.core.figures.attacker import certain

ASKED = FIRST_SURVEY.criteria[0]
MONDAY = datetime(2026, 11, 22, 17, tzinfo=UTC)  # midnight in Vietnam

counts = st.lists(
    st.builds(
        HourCount,
        st.integers(0, 24 * 21).map(lambda hours: MONDAY + timedelta(hours=hours)),
        st.integers(1, 5),
        st.integers(1, 9),
    )
)


@given(counts)
def test_every_vote_stands_in_one_hour_of_the_week(these: list[HourCount]) -> None:
    week = week_of_hours(ASKED, these, 5)
    assert sum(each.answered for each in week.answers.values()) == sum(count.votes for count in these)
    for count in these:
        answers = week.at((count.hour + timedelta(hours=7)).isoweekday(), (count.hour + timedelta(hours=7)).hour)
        assert answers is not None
        assert answers.levels[count.level - 1] >= count.votes


@given(counts)
def test_it_has_a_line_for_each_day_on_which_somebody_voted(these: list[HourCount]) -> None:
    week = week_of_hours(ASKED, these, 5)
    lines = week_as_text(week, 5).splitlines()
    days, notes = len({weekday for weekday, _ in week.answers}), bool(week.hidden)
    assert len(lines) == (2 + days + notes if these else 0)


@given(counts)
def test_nothing_hidden_can_be_worked_out_of_the_week(these: list[HourCount]) -> None:
    week = week_of_hours(ASKED, these, 5)
    assert certain(week.answers, week.hidden) == []


def test_the_only_hour_of_few_votes_is_not_left_alone() -> None:
    hours = [(5, 4), (1, 5), (3, 9), (5, 9)]  # of the first 4 votes, which the office's own figure would tell
    these = [HourCount(MONDAY + timedelta(hours=place), level, votes) for place, (level, votes) in enumerate(hours)]
    lines = week_as_text(week_of_hours(ASKED, these, 5), 5).splitlines()
    assert lines[2].split() == ["Thứ", "Hai", "•", "•", "9:", "0,0%", "9:", "100,0%"]
    assert lines[3].startswith("• = ẩn")
