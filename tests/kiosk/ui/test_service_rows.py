"""Every fact of the service page has a row in words of the language, and what is amiss is marked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.scans import kind_of
from kiosk.controller import NOT_A_CASE, TOO_MANY
from kiosk.exporting import Progress, Stage
from kiosk.service_desk import UP, Fact, Facts, Said
from kiosk.ui.service_rows import LONGEST_VALUE, Row, Sign, export_words, heard_words, rows
from kiosk.ui.wording import LANGUAGES, ServicePage, wording
from protocol.badges import Badge
from protocol.codes import Refused, RefusedReason
from protocol.messages import ClockReport, ClockSource

VI, EN = wording("vi").service, wording("en").service
UNCONFIRMED = ClockReport(ClockSource.NONE, 9e9, 0.0)
WELL = Facts(
    kiosk="quay-1",
    scanner=UP,
    queue=None,
    online=True,
    trouble="",
    storage="",
    clock=ClockReport(ClockSource.SERVER, 0.25, 0.4),
    waiting=45,
    oldest_waiting=datetime(2026, 11, 23, 1, tzinfo=UTC),
    disk_free=83_600_000_000,
    temperature=48.3,
    setup=7,
    refused_scans={"identity-card": 2, NOT_A_CASE: 5},
    uptime=90_000.0,
    versions=(("kiosk", "0.1.0"), ("Python", "3.11.7")),
)


def row(fact: Fact, facts: Facts, words: ServicePage = VI) -> Row:
    return rows(facts, words)[tuple(Fact).index(fact)]


def test_a_kiosk_that_is_well_says_so_in_every_row() -> None:
    assert [(each.label, each.value.replace("\u00a0", " ")) for each in rows(WELL, VI)] == [
        ("Máy quét", "Sẵn sàng"),
        ("Hệ thống xếp hàng", "Không có"),
        ("Máy chủ", "Đã kết nối"),
        ("Lưu trữ", "Tốt"),
        ("Đĩa còn trống", "83,6 GB"),
        ("Nhiệt độ", "48 °C"),
        ("Đã chạy", "1 ngày 1 giờ"),
        ("Đánh giá chờ gửi", "45"),
        ("Chờ lâu nhất từ", "08:00 23/11/2026"),
        ("Đồng hồ", "Theo máy chủ, sai số 0,25 s"),
        ("Giờ của máy", "Đúng"),
        ("Cấu hình", "Bản số 7 của máy chủ"),
        ("Mã bị từ chối", "Mã khác 5 · Thẻ căn cước 2"),
        ("Phiên bản", "kiosk 0.1.0 · Python 3.11.7"),
    ]
    assert all(each.sign is not Sign.AMISS for each in rows(WELL, VI))


@pytest.mark.parametrize(
    ("fact", "facts", "value", "sign"),
    [
        (Fact.SCANNER, replace(WELL, scanner="unplugged"), "unplugged", Sign.AMISS),
        (Fact.QUEUE, replace(WELL, queue=UP), "Ready", Sign.FINE),
        (Fact.QUEUE, replace(WELL, queue="silent"), "silent", Sign.AMISS),
        (Fact.NETWORK, replace(WELL, online=False), "Not connected", Sign.AMISS),
        (Fact.NETWORK, replace(WELL, online=False, trouble="no route"), "Not connected: no route", Sign.AMISS),
        (Fact.STORAGE, replace(WELL, storage="the disk is full"), "Not storing: the disk is full", Sign.AMISS),
        (Fact.DISK, replace(WELL, disk_free=499_999_999), "500 MB", Sign.AMISS),
        (Fact.DISK, replace(WELL, disk_free=None), "Unknown", Sign.AMISS),
        (Fact.TEMPERATURE, replace(WELL, temperature=81.2), "81 °C", Sign.AMISS),
        (Fact.TEMPERATURE, replace(WELL, temperature=None), "Unknown", Sign.NONE),
        (Fact.UPTIME, replace(WELL, uptime=59.9), "0 min", Sign.NONE),
        (Fact.UPTIME, replace(WELL, uptime=7260.0), "2 h 1 min", Sign.NONE),
        (Fact.WAITING, replace(WELL, waiting=None), "Unknown", Sign.AMISS),
        (Fact.OLDEST, replace(WELL, oldest_waiting=None, waiting=0), "None", Sign.NONE),
        (Fact.OLDEST, replace(WELL, oldest_waiting=None, waiting=None), "Unknown", Sign.NONE),
        (Fact.OLDEST, replace(WELL, oldest_waiting=None, waiting=3), "Unknown", Sign.NONE),
        (Fact.CLOCK, replace(WELL, clock=None), "Unknown", Sign.AMISS),
        (
            Fact.CLOCK,
            replace(WELL, clock=UNCONFIRMED),
            "Confirmed by nobody yet",
            Sign.AMISS,
        ),
        (Fact.CLOCK, replace(WELL, clock=ClockReport(ClockSource.NTP, 0.5, 0.0)), "By NTP, within 0.50 s", Sign.FINE),
        (Fact.OFFSET, replace(WELL, clock=None), "Unknown", Sign.NONE),
        (Fact.OFFSET, replace(WELL, clock=ClockReport(ClockSource.NONE, 9e9, 0.0)), "Unknown", Sign.NONE),
        (Fact.OFFSET, replace(WELL, clock=ClockReport(ClockSource.NTP, 0.5, 90.0)), "90 s fast", Sign.FINE),
        (Fact.OFFSET, replace(WELL, clock=ClockReport(ClockSource.NTP, 0.5, -3600.0)), "3600 s slow", Sign.AMISS),
        (Fact.SETUP, replace(WELL, setup=0), "None", Sign.NONE),
        (Fact.REFUSED, replace(WELL, refused_scans={}), "None", Sign.NONE),
    ],
)
def test_what_is_amiss_is_marked_and_what_is_not_known_is_not_invented(
    fact: Fact, facts: Facts, value: str, sign: Sign
) -> None:
    assert (row(fact, facts, EN).value, row(fact, facts, EN).sign) == (value, sign)


@given(
    st.builds(
        Facts,
        kiosk=st.text(),
        scanner=st.text(max_size=300),
        queue=st.none() | st.text(max_size=300),
        online=st.booleans(),
        trouble=st.text(max_size=300),
        storage=st.text(max_size=300),
        clock=st.none()
        | st.builds(ClockReport, st.sampled_from(ClockSource), st.floats(0, 1e12), st.floats(-1e12, 1e12)),
        waiting=st.none() | st.integers(0, 10**9),
        oldest_waiting=st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        disk_free=st.none() | st.integers(0, 10**15),
        temperature=st.none() | st.floats(-60, 200),
        setup=st.integers(0, 10**6),
        refused_scans=st.dictionaries(st.sampled_from([*RefusedReason, NOT_A_CASE, TOO_MANY]), st.integers(1, 10**6)),
        uptime=st.floats(0, 1e10),
        versions=st.just((("kiosk", "0.1.0"),)),
    ),
    st.sampled_from(LANGUAGES),
)
def test_whatever_the_facts_are_each_has_a_row_of_bounded_length(facts: Facts, language: str) -> None:
    told = rows(facts, wording(language).service)
    assert len(told) == len(Fact)
    assert all(each.label and len(each.value) <= LONGEST_VALUE for each in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_scan_end_of_an_export_and_fact_has_words(language: str) -> None:
    words = wording(language).service
    for kind in [
        *(kind_of(Refused(reason)) for reason in RefusedReason),
        kind_of(Badge("0012")),
        f"refused: {NOT_A_CASE}",
        f"refused: {TOO_MANY}",
    ]:
        assert heard_words(kind, words) != kind
    assert set(words.exports) == set(Stage)
    assert set(words.facts) == set(Fact)
    assert set(words.values) == set(Said)


def test_a_kind_without_words_is_given_as_it_is() -> None:
    assert heard_words("a riddle", VI) == "a riddle"


def test_an_export_is_told_with_its_numbers() -> None:
    assert "3 / 9" in export_words(Progress(Stage.WRITING, 3, 9), VI)
    written = export_words(Progress(Stage.WRITTEN, 9, 9, confirmed=4), EN)
    assert written.startswith("9 ratings are on the stick.")
    assert written.endswith("The server has confirmed 4 more.")
    amiss = export_words(Progress(Stage.WRITTEN, 9, 9, reason="the disk is full"), EN)
    assert amiss.endswith("Receipts on the stick: the disk is full.")
    assert export_words(Progress(Stage.FAILED, reason="it is write-protected"), EN).endswith("it is write-protected")
