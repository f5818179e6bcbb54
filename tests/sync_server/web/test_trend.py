"""A line of weeks is drawn within its frame, and broken where a week is left out."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.answers import Answers
from sync_server.core.figures.trend import Point
from sync_server.core.rounding import Mode, Rounding
from sync_server.web.trend import trend_chart

FIRST = date(2026, 10, 5)
TENTHS = Rounding(Mode.HALF_UP, 1)


def week(number: int, counts: tuple[int, int] | None) -> Point:
    answers = None if counts is None else Answers(counts, frozenset({1}))
    return Point(FIRST + timedelta(weeks=number), answers)


numbers = st.tuples(st.integers(0, 50), st.integers(1, 50))
weeks = st.dictionaries(st.integers(0, 13), st.none() | numbers, max_size=14).map(
    lambda told: [week(number, counts) for number, counts in sorted(told.items())]
)


@given(weeks, st.integers(0, 100))
def test_everything_is_drawn_within_its_frame(points: list[Point], target: int) -> None:
    chart = trend_chart(points, Fraction(target, 100), TENTHS)
    shown = [point for point in points if point.answers is not None]
    if chart is None:
        assert not shown
        return
    assert len(chart.weeks) == len(shown) == len(points) - chart.hidden
    corners = [corner for line in (*chart.lines, *chart.bands) for corner in line.split()]
    drawn = [float(part) for corner in corners for part in corner.split(",")]
    drawn += [float(place[:-1]) for each in chart.weeks for place in (each.x, each.y)]
    drawn += [float(place[:-1]) for place, _ in (*chart.scale, *chart.days)] + [float(chart.target[:-1])]
    assert all(0 <= place <= 100 for place in drawn)


def test_a_line_is_broken_where_a_week_is_hidden_or_without_votes() -> None:
    points = [week(0, (2, 8)), week(1, (1, 9)), week(2, None), week(3, (5, 5)), week(5, (0, 9))]
    chart = trend_chart(points, Fraction(8, 10), TENTHS)
    assert chart is not None
    assert [line.count(",") for line in chart.lines] == [2, 1, 1]
    assert [each.meets for each in chart.weeks] == [True, True, False, True]
    assert [name for _, name in chart.days] == ["12/10", "26/10", "09/11"]
    assert chart.words.startswith("4 tuần đủ lượt. Gần nhất (tuần từ 09/11): 100,0%.")
    assert chart.words.endswith("thấp nhất 50,0% (tuần từ 26/10); 1 tuần dưới mục tiêu.")


def test_a_single_week_stands_in_the_middle() -> None:
    chart = trend_chart([week(0, (0, 9))], Fraction(1), TENTHS)
    assert chart is not None
    assert chart.weeks[0].x == "50.00%"
