"""The week hour by hour holds every vote once, in Vietnamese time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.beside_text import week_as_text
from sync_server.core.figures.hours import HourCount, week_of_hours
from sync_server.core.surveys import FIRST_SURVEY

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
    week = week_of_hours(ASKED, these)
    assert sum(each.answered for each in week.answers.values()) == sum(count.votes for count in these)
    for count in these:
        answers = week.at((count.hour + timedelta(hours=7)).isoweekday(), (count.hour + timedelta(hours=7)).hour)
        assert answers is not None
        assert answers.levels[count.level - 1] >= count.votes


@given(counts)
def test_it_has_a_line_for_each_day_on_which_somebody_voted(these: list[HourCount]) -> None:
    week = week_of_hours(ASKED, these)
    lines = week_as_text(week, 5).splitlines()
    assert len(lines) == (2 + len({weekday for weekday, _ in week.answers}) if these else 0)


def test_an_hour_of_few_votes_is_hidden() -> None:
    week = week_of_hours(ASKED, [HourCount(MONDAY, 5, 4), HourCount(MONDAY + timedelta(hours=1), 1, 5)])
    lines = week_as_text(week, 5).splitlines()
    assert lines[2].split() == ["Thứ", "Hai", "•", "5:", "0,0%"]
