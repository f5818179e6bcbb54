"""From figures to what is drawn."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures import Tally
from sync_server.core.presence import Presence
from sync_server.web.view import ago, kiosk_line, segments, strip

NOW = datetime(2026, 11, 20, 3, 47, 20, tzinfo=UTC)  # 10:47:20 in Vietnam
tallies = st.builds(
    lambda levels: Tally(tuple(levels), levels[3] + levels[4]),
    st.lists(st.integers(0, 10**6), min_size=5, max_size=5),
)


def number(percent: str) -> float:
    assert percent.endswith("%")
    return float(percent[:-1])


@given(tallies)
def test_the_bar_is_filled_from_end_to_end_without_overlap(tally: Tally) -> None:
    drawn = segments(tally)
    assert bool(drawn) == bool(tally.total)
    end = 0.0
    for part in drawn:
        assert number(part.start) == pytest.approx(end, abs=0.01)
        end = number(part.start) + number(part.width)
    assert end == pytest.approx(100 if tally.total else 0, abs=0.01)
    assert [part.level for part in drawn] == [level for level in (5, 4, 3, 2, 1) if tally.levels[level - 1]]


@given(tallies)
def test_the_dot_lies_on_its_interval_within_the_line(tally: Tally) -> None:
    drawn = strip(tally)
    if drawn is None:
        assert tally.total == 0
        return
    low, dot, high = number(drawn.low), number(drawn.dot), number(drawn.low) + number(drawn.width)
    assert 0 <= low <= dot + 0.001
    assert dot - 0.002 <= high <= 100.002
    assert drawn.sure == (tally.total >= 30)


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (timedelta(seconds=-3), "0 giây trước"),
        (timedelta(seconds=12), "12 giây trước"),
        (timedelta(seconds=119), "119 giây trước"),
        (timedelta(minutes=2), "2 phút trước"),
        (timedelta(minutes=59, seconds=59), "59 phút trước"),
        (timedelta(hours=3), "từ 07:47"),
        (timedelta(hours=11), "từ 23:47 19/11/2026"),
    ],
)
def test_how_long_ago(passed: timedelta, expected: str) -> None:
    assert ago(NOW - passed, NOW) == expected


def test_a_kiosks_faults_are_told_in_words() -> None:
    line = kiosk_line(Presence("k", NOW, waiting=1200, scanner="cannot open", storage="full"), NOW)
    assert line.faults == ("Máy quét: cannot open", "Bộ nhớ: full")
    assert line.waiting == "1.200 lượt chờ gửi"


def test_a_kiosk_never_heard_says_no_time() -> None:
    line = kiosk_line(Presence("k"), NOW)
    assert (line.heard, line.waiting, line.faults) == ("", "", ())
