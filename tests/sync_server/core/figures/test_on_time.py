"""Every case is counted once, where it belongs, and an old time keeps its figures."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.on_time import CaseBreakdown, CaseCell, OnTime, on_time
from tests.sync_server.core.figures.case_cells import FIRST, LAST, cell, cells_by_chance

A_DAY = timedelta(days=1)


def counted(cells: list[CaseCell], first: date = FIRST, last: date = LAST, today: date = date(2027, 6, 1)) -> OnTime:
    return on_time(cells, first, last, today, by_officer=True).total


@pytest.mark.parametrize(
    ("due", "returned", "expected"),
    [
        (9, 8, OnTime(received=1, early=1, days=6)),
        (9, 9, OnTime(received=1, punctual=1, days=7)),
        (9, 10, OnTime(received=1, late=1, days=8)),
        (None, 2, OnTime(received=1, unpromised=1)),
        (9, None, OnTime(received=1, open_overdue=1)),
        (None, None, OnTime(received=1, open_unpromised=1)),
    ],
)
def test_a_case_is_what_its_days_say(due: int | None, returned: int | None, expected: OnTime) -> None:
    on_due, on_returned = (None if day is None else date(2026, 10, day) for day in (due, returned))
    assert counted([cell(date(2026, 10, 2), on_due, on_returned)]) == expected


def test_a_case_is_overdue_only_when_its_day_has_passed() -> None:
    waiting = [cell(date(2026, 10, 2), date(2026, 10, 9))]
    assert counted(waiting, today=date(2026, 10, 9)) == OnTime(received=1, open_within=1)
    assert counted(waiting, today=date(2026, 10, 10)) == OnTime(received=1, open_overdue=1)


def test_what_was_returned_later_was_open_at_the_end_of_the_time() -> None:
    late = [cell(date(2026, 12, 2), date(2026, 12, 9), date(2027, 1, 4))]
    assert counted(late) == OnTime(received=1, open_overdue=1)
    assert counted(late, date(2027, 1, 1), date(2027, 3, 31)) == OnTime(late=1, days=33)


def test_share_and_average_are_exact() -> None:
    day = date(2026, 10, 1)
    cells = [
        cell(day, day + 5 * A_DAY, day + 4 * A_DAY, 2),
        cell(day, day + 5 * A_DAY, day + 6 * A_DAY),
        cell(day, None, day),
    ]
    total = counted(cells)
    assert (total.share, total.average_days) == (Fraction(2, 3), Fraction(14, 4))
    assert (OnTime().share, OnTime().average_days) == (None, None)


@given(cells_by_chance, st.dates(date(2026, 9, 1), date(2027, 6, 1)))
def test_nothing_is_lost_from_one_time_to_the_next(cells: list[CaseCell], middle: date) -> None:
    first, last = date(2026, 8, 1), date(2027, 12, 31)
    today = last
    whole = counted(cells, first, last, today)
    before, after = counted(cells, first, middle, today), counted(cells, middle + A_DAY, last, today)
    for name in ("received", "early", "punctual", "late", "unpromised", "days"):
        assert getattr(before, name) + getattr(after, name) == getattr(whole, name)
    assert waiting(before) + after.received == after.returned + waiting(after)
    assert whole.received == sum(each.cases for each in cells) == whole.returned + waiting(whole)


def waiting(told: OnTime) -> int:
    return told.open_within + told.open_overdue + told.open_unpromised


@given(cells_by_chance, st.booleans())
def test_every_breakdown_adds_up_to_the_whole(cells: list[CaseCell], by_officer: bool) -> None:
    figures = on_time(cells, FIRST, LAST, LAST, by_officer=by_officer)
    assert (CaseBreakdown.OFFICER in figures.tables) == by_officer
    for rows in figures.tables.values():
        assert sum((row.counted for row in rows), OnTime()) == figures.total
        assert len({row.key for row in rows}) == len(rows)
        assert [row.key is None for row in rows] == sorted(row.key is None for row in rows)


@given(cells_by_chance, st.dates(LAST, date(2028, 1, 1)))
def test_an_old_time_stays_as_it_was_whenever_it_is_asked_for(cells: list[CaseCell], today: date) -> None:
    assert counted(cells, today=today) == counted(cells, today=LAST)
    then = [each for each in cells if each.received <= LAST]
    unreturned = [each if (each.returned or LAST) <= LAST else replace(each, returned=None) for each in then]
    assert counted(unreturned, today=today) == counted(cells, today=LAST)


@given(cells_by_chance)
def test_it_is_silent_where_no_case_has_such_a_day(cells: list[CaseCell]) -> None:
    without = [replace(each, due=None, returned=None) for each in cells]
    assert on_time(without, FIRST, LAST, LAST, by_officer=True).is_silent
    figures = on_time(cells, FIRST, LAST, LAST, by_officer=True)
    told = figures.total.returned + figures.total.open_within + figures.total.open_overdue
    assert figures.is_silent == (told == 0)
