"""Quarters: calendar quarters, in Vietnamese time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.quarter import Quarter, local_day

quarters = st.builds(Quarter, st.integers(2000, 2999), st.integers(1, 4))
days = st.dates(date(2000, 1, 1), date(2999, 12, 31))


@given(quarters)
def test_what_is_written_is_read_again(quarter: Quarter) -> None:
    assert Quarter.parse(str(quarter)) == quarter


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-Q5",
        "2026-Q0",
        "2026Q4",
        "2026-q4",
        " 2026-Q4",
        "2026-Q4\n",
        "1999-Q4",
        "２０２６-Q4",
        "3026-Q1",
    ],
)
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="expected a quarter like 2026-Q4"):
        Quarter.parse(text)


@pytest.mark.parametrize("number", [0, 5, -1])
def test_there_are_four_quarters(number: int) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        Quarter(2026, number)


@given(days)
def test_a_day_lies_in_its_quarter_and_in_no_neighbour(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.contains(day)
    assert quarter.first <= day <= quarter.last
    assert not quarter.next().contains(day)
    assert not quarter.previous().contains(day)


@given(quarters)
def test_quarters_follow_each_other_without_a_gap(quarter: Quarter) -> None:
    assert quarter.next().previous() == quarter
    assert quarter.last + timedelta(days=1) == quarter.next().first
    assert quarter.previous() < quarter < quarter.next()


def test_the_first_and_last_day() -> None:
    assert (Quarter(2026, 4).first, Quarter(2026, 4).last) == (date(2026, 10, 1), date(2026, 12, 31))
    assert (Quarter(2028, 1).first, Quarter(2028, 1).last) == (date(2028, 1, 1), date(2028, 3, 31))


def test_the_label_is_what_a_document_says() -> None:
    assert [Quarter(2026, number).label for number in (1, 2, 3, 4)] == [
        "Quý I năm 2026",
        "Quý II năm 2026",
        "Quý III năm 2026",
        "Quý IV năm 2026",
    ]


def test_a_day_begins_at_midnight_in_vietnam() -> None:
    assert local_day(datetime(2026, 9, 30, 16, 59, tzinfo=UTC)) == date(2026, 9, 30)
    assert local_day(datetime(2026, 9, 30, 17, 0, tzinfo=UTC)) == date(2026, 10, 1)


def test_a_naive_moment_has_no_day() -> None:
    with pytest.raises(ValueError, match="naive"):
        local_day(datetime(2026, 9, 30, 17, 0))  # noqa: DTZ001 – that is the point
