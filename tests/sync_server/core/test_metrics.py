"""What monitors are told is about machines and amounts, complete and bounded."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.delays import BUCKETS
from protocol.messages import ClockReport, ClockSource
from sync_server.core.metrics import (
    DELAY_BUCKETS,
    MOST_REASONS,
    Measured,
    Metric,
    MetricKind,
    Sample,
    SiteMeasured,
    metrics,
)
from sync_server.core.presence import Condition, Presence
from tests.fakes.kiosk_says import a_status
from tests.protocol.strategies import statuses

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
NOTHING = Measured({}, {}, ())


def told(measured: Measured) -> dict[str, Metric]:
    return {metric.name: metric for metric in metrics(measured, NOW)}


def samples(measured: Measured, name: str) -> dict[tuple[str, ...], float]:
    return {sample.labels: sample.value for sample in told(measured)[name].samples}


def kiosks(*presences: Presence, setup: int = 0, incomplete: int = 0) -> Measured:
    return Measured({}, {}, (SiteMeasured("sia", presences, setup, incomplete),))


def test_a_server_that_has_done_nothing_says_so() -> None:
    assert samples(NOTHING, "hailong_ingest_messages") == {(): 0}
    assert samples(NOTHING, "hailong_ingest_votes") == {
        ("stored",): 0,
        ("repeated",): 0,
        ("refused",): 0,
        ("stored already",): 0,
    }
    assert samples(NOTHING, "hailong_refusals") == {}
    assert set(samples(NOTHING, "hailong_vote_delay_seconds").values()) == {0}


@pytest.mark.parametrize(
    ("counted", "name", "labels"),
    [
        ("messages", "hailong_ingest_messages", ()),
        ("messages set apart", "hailong_ingest_messages_set_apart", ()),
        ("messages without room", "hailong_ingest_messages_without_room", ()),
        ("batches beyond a gap", "hailong_ingest_batches_beyond_gap", ()),
        ("votes stored", "hailong_ingest_votes", ("stored",)),
        ("votes repeated", "hailong_ingest_votes", ("repeated",)),
        ("votes refused", "hailong_ingest_votes", ("refused",)),
        ("votes stored already", "hailong_ingest_votes", ("stored already",)),
    ],
)
def test_everything_that_the_ingest_counts_is_told(counted: str, name: str, labels: tuple[str, ...]) -> None:
    assert samples(Measured({counted: 7}, {}, ()), name)[labels] == 7


def test_each_kiosk_tells_how_it_is() -> None:
    report = a_status(highest=20, waiting=14, setup=3, clock=ClockReport(ClockSource.NTP, 0.5, -3.5))
    measured = kiosks(Presence("quay-1", NOW - timedelta(seconds=42), report), setup=4, incomplete=2)
    for name, value in {
        "hailong_kiosk_seconds_since_report": 42,
        "hailong_kiosk_waiting_votes": 14,
        "hailong_kiosk_clock_offset_seconds": -3.5,
        "hailong_kiosk_clock_error_seconds": 0.5,
        "hailong_kiosk_setup_revision": 3,
    }.items():
        assert samples(measured, name) == {("sia", "quay-1"): value}, name
    assert samples(measured, "hailong_setup_revision") == {("sia",): 4}
    assert samples(measured, "hailong_streams_incomplete") == {("sia",): 2}


def test_kiosks_are_counted_by_how_they_are() -> None:
    measured = kiosks(Presence("a"), Presence("b", NOW, a_status()), Presence("c", NOW, a_status(storage="full")))
    counted = samples(measured, "hailong_kiosks")
    assert {condition: counted["sia", condition] for condition in Condition} == {
        Condition.WELL: 1,
        Condition.NEEDS_HELP: 1,
        Condition.SILENT: 0,
        Condition.NEVER_HEARD: 1,
        Condition.REVOKED: 0,
    }


def test_nothing_is_expected_of_a_kiosk_that_was_revoked_or_never_heard_of_or_cannot_be_read() -> None:
    measured = kiosks(Presence("a"), Presence("b", NOW, a_status(), revoked=True), Presence("c", NOW))
    assert samples(measured, "hailong_kiosk_waiting_votes") == {}
    assert samples(measured, "hailong_kiosk_seconds_since_report") == {("sia", "c"): 0}


def test_a_clock_set_back_makes_no_report_come_from_the_future() -> None:
    measured = kiosks(Presence("a", NOW + timedelta(hours=1), a_status()))
    assert samples(measured, "hailong_kiosk_seconds_since_report") == {("sia", "a"): 0}


def test_delays_are_cumulative_and_of_all_kiosks_together() -> None:
    first = a_status(delays={"1": 30, "10": 9, "3600": 1, "more": 2})
    second = a_status(delays={"1": 1, "60": 5})
    measured = kiosks(Presence("a", NOW, first), Presence("b", NOW, second))
    assert samples(measured, "hailong_vote_delay_seconds") == {
        ("1.0",): 31,
        ("10.0",): 40,
        ("60.0",): 45,
        ("3600.0",): 46,
        ("86400.0",): 46,
        ("+Inf",): 48,
    }


@pytest.mark.parametrize(
    ("bucket", "up_to"),
    [
        ("0.5", "1.0"),
        ("5", "10.0"),
        ("90000", "+Inf"),
        ("nan", "+Inf"),
        ("1e999", "+Inf"),
        ("-3", "1.0"),
        ("x", "+Inf"),
    ],
)
def test_a_bucket_of_another_version_goes_where_it_is_certain_to_belong(bucket: str, up_to: str) -> None:
    counted = samples(kiosks(Presence("a", NOW, a_status(delays={bucket: 1}))), "hailong_vote_delay_seconds")
    assert next(labels for labels, value in counted.items() if value == 1) == (up_to,)


def test_reasons_are_bounded_and_the_rest_is_told_as_one() -> None:
    refusals = {f"reason {number}": number for number in range(1, MOST_REASONS + 11)}
    counted = samples(Measured({}, refusals, ()), "hailong_refusals")
    assert len(counted) == MOST_REASONS + 1
    assert counted[("others",)] == sum(range(1, 11))
    assert sum(counted.values()) == sum(refusals.values())
    assert samples(Measured({}, {"a\x1b": 1, "a\x1c": 2}, ()), "hailong_refusals") == {("a?",): 3}


@given(st.lists(statuses, max_size=4))
def test_nothing_that_a_kiosk_writes_becomes_a_label_and_buckets_only_grow(reports: list[object]) -> None:
    presences = tuple(Presence(f"kiosk-{place}", NOW, report) for place, report in enumerate(reports))  # type: ignore[arg-type]
    for metric in metrics(kiosks(*presences), NOW):
        assert len({sample.labels for sample in metric.samples}) == len(metric.samples)
        for sample in metric.samples:
            assert all(re.fullmatch(r"[a-z0-9-]+|[0-9.]+|\+Inf|stored already", label) for label in sample.labels)
        if metric.kind is MetricKind.BUCKETS:
            values = [sample.value for sample in metric.samples]
            assert all(one <= other for one, other in pairwise(values))


def test_the_families_are_always_the_same() -> None:
    measured = kiosks(Presence("quay-1", NOW, a_status()))
    assert list(told(NOTHING)) == list(told(measured))
    assert all(metric.help for metric in told(NOTHING).values())
    assert Sample((), 0) in told(NOTHING)["hailong_ingest_messages"].samples


def test_our_kiosks_count_by_the_same_buckets() -> None:
    assert BUCKETS == DELAY_BUCKETS
