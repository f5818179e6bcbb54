"""Months, quarters, half-years and years follow each other without a gap, however they begin."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.half_months import is_made_of_halves
from sync_server.core.rules import Period
from sync_server.core.spans import EXPECTED, Kind, Span

texts = st.builds(
    "{}{}".format,
    st.integers(2001, 2998),
    st.sampled_from(["", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4", *(f"-{month:02}" for month in range(1, 13))]),
)
periods = st.sampled_from(Period)


@given(texts, periods)
def test_spans_follow_each_other_day_by_day(text: str, period: Period) -> None:
    span = Span.parse(text)
    assert str(span) == text
    first, last = span.days(period)
    assert first < last
    assert is_made_of_halves(first, last)
    assert span.next().days(period)[0] == last + timedelta(days=1)
    assert span.previous().days(period)[1] == first - timedelta(days=1)
    assert span.next().previous() == span


@given(st.dates(date(2001, 1, 1), date(2900, 1, 1)), periods)
def test_every_day_lies_in_its_quarter(day: date, period: Period) -> None:
    first, last = Span.quarter_of(day, period).days(period)
    assert first <= day <= last


@given(st.integers(2001, 2900), periods)
def test_a_year_is_its_halves_its_quarters_and_its_months(year: int, period: Period) -> None:
    whole = Span(Kind.YEAR, year).days(period)
    for kind, number in ((Kind.HALF_YEAR, 2), (Kind.QUARTER, 4), (Kind.MONTH, 12)):
        assert (Span(kind, year, 1).days(period)[0], Span(kind, year, number).days(period)[1]) == whole


@pytest.mark.parametrize(
    ("text", "period", "first", "last", "label"),
    [
        ("2026-Q1", Period.CALENDAR, date(2026, 1, 1), date(2026, 3, 31), "Quý I năm 2026"),
        ("2026-Q1", Period.FIFTEENTH, date(2025, 12, 15), date(2026, 3, 14), "Quý I năm 2026"),
        ("2026-Q4", Period.FIFTEENTH, date(2026, 9, 15), date(2026, 12, 14), "Quý IV năm 2026"),
        ("2026-H1", Period.CALENDAR, date(2026, 1, 1), date(2026, 6, 30), "6 tháng đầu năm 2026"),
        ("2026-H2", Period.FIFTEENTH, date(2026, 6, 15), date(2026, 12, 14), "6 tháng cuối năm 2026"),
        ("2028-02", Period.CALENDAR, date(2028, 2, 1), date(2028, 2, 29), "Tháng 2 năm 2028"),
        ("2026", Period.FIFTEENTH, date(2025, 12, 15), date(2026, 12, 14), "Năm 2026"),
    ],
)
def test_the_days_of_a_span_are_those_of_the_rule(
    text: str, period: Period, first: date, last: date, label: str
) -> None:
    span = Span.parse(text)
    assert span.days(period) == (first, last)
    assert span.label == label


@pytest.mark.parametrize("text", ["", "26-Q1", "2026-Q5", "2026-H3", "2026-13", "2026-1", "2026-Q1 ", "quý I"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=EXPECTED.replace("(", r"\(").replace(")", r"\)")):
        Span.parse(text)


def test_a_year_has_no_thirteenth_month() -> None:
    with pytest.raises(ValueError, match="a year has no month 13"):
        Span(Kind.MONTH, 2026, 13)
