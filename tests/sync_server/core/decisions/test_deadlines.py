"""Until when a Decision is due, and whether it was on time."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.deadlines import (
    MOST_DAYS_AHEAD,
    Deadline,
    Standing,
    doubt_about_paper_day,
    due_day,
    forgotten_from,
    quarters,
)
from sync_server.core.rules import Period, Rules
from sync_server.core.spans import Span
from sync_server.core.working_days import is_working_day

LAST = date(2026, 12, 31)
DUE = date(2027, 1, 15)
DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


def test_working_days_leave_out_weekends_and_holidays() -> None:
    assert due_day(LAST, Rules()) == DUE  # 1 January is a holiday, then two weekends
    assert due_day(LAST, Rules(decision_days=1)) == date(2027, 1, 4)
    assert is_working_day(DUE)


@pytest.mark.parametrize(
    ("today", "issued", "standing"),
    [
        (LAST, None, Standing.RUNNING),
        (LAST + timedelta(days=1), None, Standing.AHEAD),
        (DUE, None, Standing.AHEAD),
        (DUE + timedelta(days=1), None, Standing.LATE),
        (DUE, DUE, Standing.ON_TIME),
        (DUE + timedelta(days=9), DUE, Standing.ON_TIME),
        (DUE, DUE + timedelta(days=1), Standing.TOO_LATE),
    ],
)
def test_how_a_time_stands(today: date, issued: date | None, standing: Standing) -> None:
    assert Deadline(LAST, DUE, issued).standing(today) is standing


@pytest.mark.parametrize(
    ("issued", "entered", "rests"),
    [
        (None, None, False),
        (DUE, DUE, False),
        (DUE, DUE + timedelta(days=1), True),
        (DUE + timedelta(days=1), DUE + timedelta(days=1), False),
        (DUE + timedelta(days=1), DUE, False),
    ],
)
def test_a_paper_dated_in_time_is_told_from_one_that_was_issued_in_time(
    issued: date | None, entered: date | None, rests: bool
) -> None:
    assert Deadline(LAST, DUE, issued, entered).rests_on_the_paper is rests


@pytest.mark.parametrize(
    ("day", "amended", "doubt"),
    [
        (LAST, None, "lasted until 2026-12-31"),
        (date(1999, 1, 1), None, "lasted until 2026-12-31"),
        (LAST + timedelta(days=1), None, None),
        (DUE + timedelta(days=MOST_DAYS_AHEAD), None, None),
        (DUE + timedelta(days=MOST_DAYS_AHEAD + 1), None, "days ahead"),
        (date(2072, 1, 6), None, "days ahead"),
        (date(2027, 1, 4), date(2027, 1, 5), "what it changes is of 2027-01-05"),
        (date(2027, 1, 5), date(2027, 1, 5), None),
    ],
)
def test_a_day_that_no_paper_can_bear_is_doubted(day: date, amended: date | None, doubt: str | None) -> None:
    said = doubt_about_paper_day(day, LAST, DUE, amended)
    assert said is None if doubt is None else doubt in (said or "")


def test_whom_to_remind() -> None:
    deadline = Deadline(LAST, DUE)
    assert not deadline.is_to_be_reminded_of(LAST, 99)
    assert not deadline.is_to_be_reminded_of(date(2027, 1, 9), 5)
    assert deadline.is_to_be_reminded_of(date(2027, 1, 10), 5)
    assert deadline.is_to_be_reminded_of(date(2027, 3, 1), 5)
    assert not Deadline(LAST, DUE, DUE).is_to_be_reminded_of(DUE, 5)
    assert deadline.days_left(date(2027, 1, 18)) == -3


def test_votes_forget_once_the_last_day_to_complain_is_over() -> None:
    assert forgotten_from(date(2027, 1, 1), Rules(complaint_days=30)) == date(2027, 2, 1)


@given(DAYS, DAYS, st.sampled_from(Period))
def test_every_quarter_from_the_first_vote_to_today_the_newest_first(one: date, other: date, period: Period) -> None:
    first, today = sorted((one, other))
    rules = Rules(period=period)
    found = quarters(first, today, rules)
    assert found[0] == Span.quarter_of(today, period)
    assert found[-1] == Span.quarter_of(first, period)
    assert all(later.previous() == earlier for later, earlier in pairwise(found))


def test_a_first_vote_of_tomorrow_is_in_a_quarter_all_the_same() -> None:
    assert quarters(date(2027, 1, 1), date(2026, 12, 31), Rules()) == (Span.parse("2027-Q1"),)
