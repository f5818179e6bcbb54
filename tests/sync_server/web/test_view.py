"""From figures to what is drawn."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from protocol.messages import ClockReport, ClockSource, KioskStatus
from sync_server.core.completeness import Kind
from sync_server.core.figures.answers import Answers
from sync_server.core.presence import Concern, Condition, Presence
from sync_server.core.surveys import FIRST_SURVEY, Criterion
from sync_server.web import wording
from sync_server.web.view import KioskLine, ago, kiosk_line, segments, shades, strip
from tests.fakes.kiosk_says import a_status

NOW = datetime(2026, 11, 20, 3, 47, 20, tzinfo=UTC)  # 10:47:20 in Vietnam
ASKED = FIRST_SURVEY.criteria[0]
tallies = st.builds(
    lambda levels: Answers(tuple(levels), frozenset({3, 4})),
    st.lists(st.integers(0, 10**6), min_size=5, max_size=5),
)


def number(percent: str) -> float:
    assert percent.endswith("%")
    return float(percent[:-1])


@given(tallies)
def test_the_bar_is_filled_from_end_to_end_without_overlap(tally: Answers) -> None:
    drawn = segments(tally, ASKED)
    assert bool(drawn) == bool(tally.answered)
    end = 0.0
    for part in drawn:
        assert number(part.start) == pytest.approx(end, abs=0.01)
        end = number(part.start) + number(part.width)
    assert end == pytest.approx(100 if tally.answered else 0, abs=0.01)
    assert [part.shade for part in drawn] == [level for level in (5, 4, 3, 2, 1) if tally.levels[level - 1]]


@given(tallies)
def test_the_dot_lies_on_its_interval_within_the_line(tally: Answers) -> None:
    drawn = strip(tally)
    if drawn is None:
        assert tally.answered == 0
        return
    low, dot, high = number(drawn.low), number(drawn.dot), number(drawn.low) + number(drawn.width)
    assert 0 <= low <= dot + 0.001
    assert dot - 0.002 <= high <= 100.002
    assert drawn.sure == (tally.answered >= 30)


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


def shown(status: KioskStatus, *still_open: Kind, gone_at: datetime | None = None) -> KioskLine:
    return kiosk_line(Presence("k", NOW, status, gone_at, frozenset(still_open), setup=5), NOW)


def test_every_concern_has_its_words() -> None:
    assert set(wording.CONCERNS) == set(Concern)
    assert set(wording.CONDITIONS) == set(Condition)


def test_a_kiosks_faults_are_told_in_words() -> None:
    line = shown(
        a_status(
            highest=1200,
            waiting=1200,
            scanner="cannot open {0}\x1b[2J",
            storage="full",
            queue="silent",
            disk_free=123_456_789,
            setup_refused="revision 5: no",
        )
    )
    assert line.faults == (
        "Máy quét: cannot open {0}?[2J",
        "Bộ nhớ: full",
        "Hệ thống gọi số: silent",
        "Thẻ nhớ sắp đầy: còn 123 MB",
        "Không áp dụng cấu hình mới: revision 5: no",
    )
    assert (line.waiting, line.oldest_waiting) == ("1.200 lượt chờ gửi", "")


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (121.0, "Đồng hồ chạy nhanh 2 phút"),
        (-3600.0, "Đồng hồ chạy chậm 60 phút"),
        (-3 * 3600.0, "Đồng hồ chạy chậm 3 giờ"),
        (3 * 86400.0, "Đồng hồ chạy nhanh 3 ngày"),
        (-1e300, "Đồng hồ chạy chậm 11.574 ngày"),
    ],
)
def test_a_wrong_clock_is_told_with_how_wrong_it_is(offset: float, words: str) -> None:
    assert shown(a_status(clock=ClockReport(ClockSource.NTP, 0.1, offset))).faults == (words,)


def test_a_clock_that_nobody_set_is_told() -> None:
    assert shown(a_status(clock=ClockReport(ClockSource.NONE, 0, 0))).faults == ("Đồng hồ: chưa biết giờ đúng",)


def test_what_the_ledger_says_comes_with_where_to_look() -> None:
    line = shown(a_status(), Kind.TWO_MACHINES, Kind.LOST)
    assert line.faults == (
        "Hai máy đang gửi dưới cùng một tên kiosk",
        "Có lượt đánh giá bị mất, chưa ai xác nhận",
    )
    assert line.hints == ("Xem chi tiết trên máy chủ: python -m sync_server completeness",)


def test_what_waits_is_told_with_its_oldest() -> None:
    waits = a_status(highest=14, waiting=14, oldest_waiting=NOW.replace(hour=1, minute=0, second=0))
    assert (shown(waits).waiting, shown(waits).oldest_waiting) == ("14 lượt chờ gửi", "cũ nhất từ 08:00")
    nothing = a_status(oldest_waiting=NOW)
    assert (shown(nothing).waiting, shown(nothing).oldest_waiting) == ("", "")


def test_a_brokers_word_is_a_hint() -> None:
    line = shown(a_status(), gone_at=NOW - timedelta(seconds=5))
    assert (line.condition, line.hints) == (Condition.WELL, ("Có tin kết nối đã ngắt 5 giây trước",))
    assert shown(a_status()).hints == ()


def test_a_kiosk_never_heard_says_no_time() -> None:
    line = kiosk_line(Presence("k"), NOW)
    assert (line.heard, line.waiting, line.oldest_waiting, line.faults, line.hints) == ("", "", "", (), ())


@given(st.integers(2, 5), st.integers(1, 4))
def test_satisfied_levels_look_so_however_many_there_are(number: int, satisfied: int) -> None:
    assume(satisfied < number)
    text = {"vi": "Có"}
    upper = tuple(range(number - satisfied + 1, number + 1))
    drawn = shades(Criterion("time", text, (text,) * number, upper))
    assert list(drawn) == sorted(drawn)
    assert [shade > 3 for shade in drawn] == [level in upper for level in range(1, number + 1)]


def test_five_levels_have_a_shade_each() -> None:
    assert shades(ASKED) == (1, 2, 3, 4, 5)
