"""Days and times as people write them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.messages import OpeningHours
from sync_server.core.opening import Opening, mistakes_in_openings


@pytest.mark.parametrize(
    ("days", "weekdays"),
    [
        ("1-5", [1, 2, 3, 4, 5]),
        ("7", [7]),
        ("1,3,6", [1, 3, 6]),
        ("6,1-3,2", [1, 2, 3, 6]),
        ("4-4", [4]),
    ],
)
def test_days_are_spans_and_lists(days: str, weekdays: list[int]) -> None:
    assert Opening(days, "07:30", "11:30").hours == tuple(OpeningHours(day, 450, 690) for day in weekdays)


@pytest.mark.parametrize(
    ("values", "mistake"),
    [
        (("5-1", "07:30", "11:30"), "days: expected days of the week"),
        (("0", "07:30", "11:30"), "days: "),
        (("8", "07:30", "11:30"), "days: "),
        (("", "07:30", "11:30"), "days: "),
        (("1, 2", "07:30", "11:30"), "days: "),
        (("1-2-3", "07:30", "11:30"), "days: "),
        (("Monday", "07:30", "11:30"), "days: "),
        (("1", "7:30", "11:30"), "opens: expected a time like"),
        (("1", "07:60", "11:30"), "opens: "),
        (("1", "07:30", "25:00"), "closes: expected a time like"),
        (("1", "07:30", "24:01"), "closes: "),
        (("1", "07:30", "07:30"), "closes: expected a time after that in opens"),
        (("1", "24:00", "24:00"), "closes: expected a time after that in opens"),
    ],
)
def test_what_is_not_usable_is_named(values: tuple[str, str, str], mistake: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=mistake):
        msgspec.convert(dict(zip(("days", "opens", "closes"), values, strict=True)), Opening)


def test_a_day_may_end_at_midnight() -> None:
    assert Opening("1", "00:00", "24:00").hours == (OpeningHours(1, 0, 1440),)


def test_times_of_one_day_must_not_overlap_and_there_are_only_so_many() -> None:
    morning, afternoon = Opening("1-5", "07:30", "11:30"), Opening("1-5", "11:30", "17:00")
    assert list(mistakes_in_openings([morning, afternoon, Opening("6", "08:00", "11:00")])) == []
    assert list(mistakes_in_openings([morning, afternoon, Opening("4-7", "11:00", "12:00")])) == [
        "opening_hours[2]: overlaps with opening_hours[0]",
        "opening_hours[2]: overlaps with opening_hours[1]",
    ]
    quarters = [Opening("1-7", f"{hour:02}:00", f"{hour:02}:30") for hour in range(5)]
    assert list(mistakes_in_openings(quarters)) == [
        "opening_hours: expected at most 28 times of opening in a week, found 35"
    ]


times = st.integers(0, 24 * 60)


@given(st.sets(st.integers(1, 7), min_size=1), times, times)
def test_every_day_and_time_can_be_written(days: set[int], one: int, other: int) -> None:
    opens, closes = sorted((one, other))
    if opens == closes:
        return
    written = Opening(",".join(map(str, days)), *(f"{time // 60:02}:{time % 60:02}" for time in (opens, closes)))
    assert written.hours == tuple(OpeningHours(day, opens, closes) for day in sorted(days))
