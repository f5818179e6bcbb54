"""What keeps a quarter from being closed, in words, each with what to do."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from sync_server.core.completeness import Finding, Kind, KioskLedger, LastReport, StreamLedger
from sync_server.core.decisions.readiness import Looked, OpenBatch, Topic, lacking
from sync_server.core.decisions.readiness_wording import of_kiosk

LAST = date(2026, 12, 31)
NOW = datetime(2027, 1, 5, 2, tzinfo=UTC)
HEARD = LastReport(NOW, "a" * 32, 0, None)


def words(looked: Looked) -> list[tuple[Topic, str]]:
    return [(lack.topic, lack.words) for lack in lacking(looked, NOW)]


def stream(held: int, announced: int) -> StreamLedger:
    return StreamLedger("a" * 32, held, announced, NOW - timedelta(days=90), NOW)


def test_nothing_is_lacking_where_all_is_here() -> None:
    kiosk = KioskLedger("quay-1", (stream(5, 5),), HEARD)
    assert lacking(Looked("2026-Q4", LAST, [kiosk], newest_case=LAST), NOW) == ()


def test_kiosks_that_are_silent_or_hold_votes_are_named() -> None:
    silent = LastReport(datetime(2026, 12, 20, 2, 5, tzinfo=UTC), "a" * 32, 0, None)
    kiosks = [KioskLedger("quay-1", (stream(5, 9),), HEARD), KioskLedger("quay-2", (stream(5, 5),), silent)]
    assert words(Looked("2026-Q4", LAST, kiosks)) == [
        (
            Topic.KIOSK,
            "Kiosk quay-1: còn thiếu 4 lượt đánh giá của chuỗi aaaaaaaa: đang ở kiosk, hoặc mất cùng thẻ nhớ",
        ),
        (
            Topic.KIOSK,
            "Kiosk quay-2: mất liên lạc từ 09:05 ngày 20/12/2026; không biết sau đó có lượt đánh giá nào không",
        ),
    ]


def test_votes_that_wait_but_are_of_the_next_quarter_do_not_matter() -> None:
    report = LastReport(NOW, "a" * 32, 4, datetime(2027, 1, 4, 2, tzinfo=UTC))
    assert words(Looked("2026-Q4", LAST, [KioskLedger("quay-1", (stream(5, 9),), report)])) == []


@pytest.mark.parametrize(
    ("looked", "expected"),
    [
        (
            Looked("2026-Q4", LAST, batches=[OpenBatch("hop-thu"), OpenBatch("lo-2", 3)]),
            ["Lô phiếu giấy “hop-thu” chưa đóng", "Lô phiếu giấy “lo-2”: hai lần nhập khác nhau ở 3 phiếu"],
        ),
        (
            Looked("2026-Q4", LAST, unreviewed={"burst": 12, "hasty": 3, "top-run": 60}, excluded=("hasty",)),
            [
                "12 lượt đánh giá mang nhãn “Quá nhiều lượt trong một giờ”",
                "3 lượt đánh giá bị loại vì nhãn “Bấm quá nhanh”",
                "60 lượt đánh giá mang nhãn “Chuỗi lượt cùng mức cao nhất”",
            ],
        ),
        (
            # What a kiosk notes beside is no reason to wait.
            Looked("2026-Q4", LAST, unreviewed={"uncontexted": 200}),
            [],
        ),
        (
            Looked("2026-Q4", LAST, unjudged_days=2, undated=1_500),
            ["2 ngày có lượt đánh giá", "1.500 lượt đánh giá chưa rõ thuộc kỳ này"],
        ),
        (Looked("2026-Q4", LAST, newest_case=date(2026, 12, 28), cases_unknown=4), ["mới nhập đến ngày", "4 lượt"]),
    ],
)
def test_what_else_is_lacking(looked: Looked, expected: Sequence[str]) -> None:
    found = lacking(looked, NOW)
    assert len(found) == len(expected)
    for lack, part in zip(found, expected, strict=True):
        assert part in lack.words
        assert lack.cure


def test_a_register_is_up_to_date_with_a_case_on_one_of_the_last_three_working_days() -> None:
    # 31, 30 and 29 December 2026 are working days; an office without cases keeps no register.
    assert words(Looked("2026-Q4", LAST, newest_case=date(2026, 12, 29))) == []
    assert len(words(Looked("2026-Q4", LAST, newest_case=date(2026, 12, 28)))) == 1
    assert words(Looked("2026-Q4", LAST, newest_case=None, cases_unknown=9)) == []


@pytest.mark.parametrize("kind", Kind)
def test_there_are_words_for_whatever_may_be_found_of_a_kiosk(kind: Kind) -> None:
    what, _ = of_kiosk(
        "quay-1", Finding(kind, "in English", missing=True, streams=("a" * 32, "b" * 32), votes=7, at=NOW)
    )
    assert what.startswith("Kiosk quay-1: ")
    assert "{" not in what
