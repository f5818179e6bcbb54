"""The panel rests when nobody is there, wakes for whoever comes, and wears no pixel out."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.opening import VIETNAM, is_closed, is_open
from kiosk.core.resting import AWAKE_SECONDS, REACH, WIDE_AWAKE, Habits, Rest, Resting, is_night, wandering
from protocol.messages import OpeningHours

MORNINGS = tuple(OpeningHours(weekday, 7 * 60, 11 * 60 + 30) for weekday in range(1, 6))
HALF_AN_HOUR = timedelta(minutes=30)
PERIOD = 2 * ((2 * REACH + 1) ** 2 - 1)

moments = st.integers(0, 527_040).map(lambda minute: datetime(2026, 1, 1, tzinfo=VIETNAM) + timedelta(minutes=minute))
spans = st.builds(
    lambda weekday, opens, lasts: OpeningHours(weekday, opens, min(opens + lasts, 24 * 60)),
    st.integers(1, 7),
    st.integers(0, 23 * 60),
    st.integers(1, 12 * 60),
)
margins = st.integers(0, 12 * 60).map(lambda minutes: timedelta(minutes=minutes))


def a_monday(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=VIETNAM)


def is_now(resting: Resting, rest: Rest) -> bool:
    return resting.rest is rest


def test_a_panel_that_nobody_touches_is_dimmed_after_its_minutes() -> None:
    resting = Resting(Habits(dim_after=timedelta(minutes=10)), at=0.0)
    resting.look(599.0, closed=False)
    assert is_now(resting, Rest.AWAKE)
    resting.look(600.0, closed=False)
    assert is_now(resting, Rest.DIM)


def test_when_the_office_is_closed_the_panel_is_dark() -> None:
    resting = Resting(Habits(), at=0.0)
    resting.look(AWAKE_SECONDS, closed=True)
    assert is_now(resting, Rest.DARK)


def test_whoever_wakes_a_dark_panel_has_time_to_read() -> None:
    resting = Resting(Habits(), at=0.0)
    resting.look(3600.0, closed=True)
    resting.attended(3600.0)
    resting.look(3600.0 + AWAKE_SECONDS - 1, closed=True)
    assert is_now(resting, Rest.AWAKE)
    resting.look(3600.0 + AWAKE_SECONDS, closed=True)
    assert is_now(resting, Rest.DARK)


def test_the_touch_that_wakes_counts_for_nothing_and_the_next_one_counts() -> None:
    resting = Resting(Habits(), at=0.0)
    resting.look(3600.0, closed=False)
    assert not resting.attended(3600.0)
    assert resting.attended(3600.5)


def test_the_panel_is_awake_when_the_office_opens() -> None:
    resting = Resting(Habits(dim_after=None), at=0.0)
    resting.look(3600.0, closed=True)
    resting.look(3601.0, closed=False)
    assert is_now(resting, Rest.AWAKE)


@given(st.lists(st.tuples(st.floats(0, 5000), st.booleans()), max_size=20))
def test_without_habits_it_is_dark_only_when_closed_and_never_moves(times: list[tuple[float, bool]]) -> None:
    resting, at = Resting(WIDE_AWAKE, at=0.0), 0.0
    for passed, closed in times:
        at += passed
        resting.look(at, closed=closed)
        assert resting.rest is not Rest.DIM
        assert closed or resting.rest is Rest.AWAKE
        assert resting.place == 0


@given(st.lists(st.one_of(st.none(), st.tuples(st.floats(0, 5000), st.booleans())), max_size=30))
def test_whatever_happens_a_visitor_finds_it_awake_and_alone_it_does_not_wake_up(
    happens: list[tuple[float, bool] | None],
) -> None:
    resting, at = Resting(Habits(dim_after=timedelta(minutes=5)), at=0.0), 0.0
    for look in happens:
        before = resting.rest
        if look is None:
            assert resting.attended(at) is (before is Rest.AWAKE)
            assert is_now(resting, Rest.AWAKE)
        else:
            at += look[0]
            resting.look(at, closed=look[1])
            assert not (before is Rest.DIM and resting.rest is Rest.AWAKE)


def test_the_picture_moves_only_when_its_time_has_come() -> None:
    resting = Resting(Habits(shift_every=timedelta(minutes=10)), at=0.0)
    assert resting.offset == (0, 0)
    resting.look(599.0, closed=False)
    assert resting.place == 0
    resting.look(600.0, closed=False)
    resting.look(601.0, closed=False)
    assert resting.place == 1


@given(st.integers(0, 10_000))
def test_the_picture_moves_by_one_pixel_at_a_time(place: int) -> None:
    (x, y), (later_x, later_y) = wandering(place), wandering(place + 1)
    assert abs(later_x - x) + abs(later_y - y) == 1
    assert max(abs(x), abs(y)) <= REACH


def test_the_picture_stands_everywhere_and_nowhere_twice_as_long_as_elsewhere() -> None:
    places = [wandering(place) for place in range(PERIOD)]
    assert len(set(places)) == (2 * REACH + 1) ** 2
    assert max(places.count(place) for place in set(places)) == 2
    assert [sum(place[axis] for place in places) for axis in (0, 1)] == [0, 0]
    assert wandering(0) == wandering(PERIOD) == (0, 0)


@pytest.mark.parametrize(
    ("now", "closed"),
    [
        (a_monday(6, 29), True),
        (a_monday(6, 30), False),
        (a_monday(9), False),
        (a_monday(11, 59), False),
        (a_monday(12), True),
        (a_monday(9) - timedelta(days=1), True),
    ],
)
def test_the_office_is_closed_beyond_its_hours_and_a_margin(now: datetime, closed: bool) -> None:
    assert is_closed(MORNINGS, now, HALF_AN_HOUR) is closed


def test_the_margin_reaches_over_midnight() -> None:
    sunday_night = a_monday(0) - timedelta(minutes=10)
    assert not is_closed([OpeningHours(1, 0, 60)], sunday_night, HALF_AN_HOUR)
    assert not is_closed([OpeningHours(7, 23 * 60, 24 * 60)], a_monday(0, 10), HALF_AN_HOUR)


@given(st.lists(spans, max_size=4), moments)
def test_without_a_margin_closed_is_what_is_not_open(hours: list[OpeningHours], now: datetime) -> None:
    assert is_closed(hours, now, timedelta(0)) is not is_open(hours, now)


@given(st.lists(spans, max_size=4), moments, margins, margins)
def test_a_wider_margin_never_closes(
    hours: list[OpeningHours], now: datetime, margin: timedelta, more: timedelta
) -> None:
    if not is_closed(hours, now, margin):
        assert not is_closed(hours, now, margin + more)


@pytest.mark.parametrize(("hour", "night"), [(5, True), (6, False), (19, False), (20, True)])
def test_where_no_hours_are_known_the_night_is_quiet(hour: int, night: bool) -> None:
    assert is_night((), a_monday(hour)) is night


def test_where_hours_are_known_it_is_quiet_outside_of_them() -> None:
    assert not is_night(MORNINGS, a_monday(9))
    assert is_night(MORNINGS, a_monday(12))
