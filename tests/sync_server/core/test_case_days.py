"""Days are read as offices write them, and never as Americans do."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.case_days import EXPECTED, read_day
from sync_server.core.quarter import VIETNAM, local_day

BOUNDS = datetime.fromisoformat("2001-01-01"), datetime.fromisoformat("2099-01-01")
DAYS = st.dates(date(2000, 1, 1), date(2199, 12, 31))


@given(DAYS, st.times(), st.booleans())
def test_iso_with_and_without_a_time(day: date, clock: time, with_time: bool) -> None:
    assert read_day(datetime.combine(day, clock).isoformat() if with_time else day.isoformat()) == day


@given(DAYS, st.times(), st.sampled_from(["{d}", "{d} {t}", "{t} {d}", "{d}, {t}"]), st.sampled_from("/-"))
def test_vietnamese_with_and_without_a_time(day: date, clock: time, form: str, sign: str) -> None:
    written = f"{day.day}{sign}{day.month:02}{sign}{day.year}"
    assert read_day(form.format(d=written, t=f"{clock:%H:%M}")) == day


@given(st.datetimes(*BOUNDS, timezones=st.just(UTC)))
def test_another_zone_is_taken_to_vietnam(moment: datetime) -> None:
    assert read_day(moment.isoformat()) == local_day(moment) == read_day(moment.astimezone(VIETNAM).isoformat())


@given(st.text(max_size=30))
def test_any_other_text_is_refused_and_not_quoted(text: str) -> None:
    try:
        assert read_day(text).year >= 2000
    except ValueError as error:
        assert str(error) == EXPECTED


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "yesterday",
            "10/30/2026",
            "31/02/2026",
            "2026-02-31",
            "02/10/26",
            "20261002",
            "1999-12-31",
            "2200-01-01",
        ),
        *("02/10/2026 3:00 PM", "02.10.2026", "2026-10-02T25:00", "９/10/2026", "2026-10-02x"),
    ],
)
def test_what_is_no_day_or_not_clear_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a day like"):
        read_day(text)
