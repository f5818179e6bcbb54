"""What is missing is said by number, and what nobody can know is said as such."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.completeness import (
    HEARD_LATELY,
    Finding,
    Kind,
    KioskLedger,
    LastReport,
    StreamLedger,
    assess,
    incomplete_streams,
)
from sync_server.core.gaps import Gap

NOW = datetime(2026, 10, 3, 2, 30, tzinfo=UTC)
UNTIL = date(2026, 9, 30)
END = datetime(2026, 9, 30, 17, tzinfo=UTC)  # midnight in Vietnam
ONE, TWO = "1a" * 16, "2b" * 16


def a_stream(
    stream: str = ONE,
    stored_up_to: int = 40,
    highest_announced: int = 40,
    first_seen: datetime = NOW - timedelta(days=90),
    last_seen: datetime = NOW,
    gaps: tuple[Gap, ...] = (),
    conflicts: int = 0,
    refused: int = 0,
    replaces: str | None = None,
    carried: int | None = None,
    closed_by: str | None = None,
    closed_because: str | None = None,
    closed_at: datetime | None = None,
) -> StreamLedger:
    return StreamLedger(
        *(stream, stored_up_to, highest_announced, first_seen, last_seen, gaps, conflicts, refused, replaces, carried),
        *(closed_by, closed_because, closed_at),
    )


def a_report(
    at: datetime = NOW, waiting: int = 0, oldest_waiting: datetime | None = None, stream: str = ONE
) -> LastReport:
    return LastReport(at, stream, waiting, oldest_waiting)


def findings(
    *streams: StreamLedger, report: LastReport | None = None, revoked: bool = False, until: date = UNTIL
) -> list[Finding]:
    return list(assess(KioskLedger("quay-1", streams, report, revoked), until, NOW).findings)


def open_words(*streams: StreamLedger, report: LastReport | None = None, until: date = UNTIL) -> list[str]:
    return [finding.words for finding in findings(*streams, report=report, until=until) if finding.missing]


def test_a_kiosk_whose_votes_are_all_here_is_complete() -> None:
    found = assess(KioskLedger("quay-1", (a_stream(),), a_report()), UNTIL, NOW)
    assert (found.kiosk, found.complete, found.held, found.findings) == ("quay-1", True, 40, ())


def test_missing_numbers_are_named() -> None:
    assert findings(a_stream(highest_announced=54), report=a_report()) == [
        Finding(
            Kind.MISSING,
            "votes 41 to 54 (14) of stream 1a1a1a1a missing: still at the kiosk, or lost with its card",
            missing=True,
        )
    ]
    assert open_words(a_stream(highest_announced=41), report=a_report()) == [
        "vote 41 of stream 1a1a1a1a missing: still at the kiosk, or lost with its card"
    ]


def test_votes_that_wait_but_were_cast_later_do_not_matter() -> None:
    stream = a_stream(highest_announced=54)
    [later] = findings(stream, report=a_report(waiting=14, oldest_waiting=END))
    assert later == Finding(
        Kind.LATER,
        "votes 41 to 54 (14) of stream 1a1a1a1a still at the kiosk, cast later than asked for",
        missing=False,
    )
    assert open_words(stream, report=a_report(waiting=14, oldest_waiting=END - timedelta(hours=1)))


def test_a_kiosk_that_was_not_heard_of_since_is_not_called_complete() -> None:
    silent = END - HEARD_LATELY - timedelta(seconds=1)
    assert open_words(a_stream(), report=a_report(silent)) == [
        "it was last heard of on 2026-09-30 23:49; whether it took votes after that is not known"
    ]
    assert open_words(a_stream(), report=a_report(END - HEARD_LATELY)) == []
    assert open_words(a_stream(), report=a_report(NOW - HEARD_LATELY), until=date(2026, 12, 31)) == []
    assert open_words(a_stream()) == ["it has sent votes but never said how many there are"]
    assert open_words() == ["it was never heard of"]
    assert [found.kind for found in findings(a_stream(), report=a_report(silent))] == [Kind.SILENT]
    assert [found.kind for found in findings(a_stream())] == [Kind.NEVER_HEARD]
    assert findings(revoked=True) == [Finding(Kind.NEVER_HEARD, "it was never heard of", missing=False)]


def test_what_is_lost_stays_open_until_a_person_accepts_it() -> None:
    lost = a_stream(gaps=(Gap(3, 5),))
    found = assess(KioskLedger("quay-1", (lost,), a_report()), UNTIL, NOW)
    assert (found.held, found.complete) == (37, False)
    accepted = a_stream(gaps=(Gap(3, 5, "Lê Ví Dụ", "it broke"),))
    assert findings(accepted, report=a_report()) == [
        Finding(
            Kind.LOST,
            "votes 3 to 5 (3) of stream 1a1a1a1a lost: nobody keeps them any more; accepted by Lê Ví Dụ: it broke",
            missing=False,
        )
    ]


def test_a_closed_stream_keeps_what_is_missing_on_record() -> None:
    closed = a_stream(highest_announced=54, closed_by="Lê Ví Dụ", closed_because="stolen")
    assert findings(closed, report=a_report(stream=TWO)) == [
        Finding(
            Kind.CLOSED,
            "votes 41 to 54 (14) of stream 1a1a1a1a never came; closed by Lê Ví Dụ: stolen",
            missing=False,
        )
    ]


def test_a_stream_that_one_machine_gave_up_and_another_goes_on_with_is_not_over() -> None:
    given_up = a_stream(highest_announced=54, closed_by="the kiosk", closed_because="copied")
    [words] = open_words(given_up, report=a_report())
    assert words == "votes 41 to 54 (14) of stream 1a1a1a1a missing: still at the kiosk, or lost with its card"


def test_a_stream_is_over_when_it_was_not_heard_of_for_a_while_after_it_was_closed() -> None:
    def kind(last_seen: datetime) -> Kind:
        closed_at = NOW - timedelta(hours=1)
        closed = a_stream(
            highest_announced=54, last_seen=last_seen, closed_by="x", closed_because="y", closed_at=closed_at
        )
        return findings(closed, report=a_report(stream=TWO))[0].kind

    assert kind(NOW - timedelta(hours=1)) is Kind.CLOSED
    assert kind(NOW - timedelta(hours=1) + HEARD_LATELY) is Kind.CLOSED
    assert kind(NOW - timedelta(hours=1) + HEARD_LATELY + timedelta(seconds=1)) is Kind.MISSING


def test_a_copied_card_is_told() -> None:
    assert findings(a_stream(conflicts=2), report=a_report()) == [
        Finding(
            Kind.COPIED,
            "2 times a vote came under the number of another in stream 1a1a1a1a: a copied or restored card; these votes"
            " are set apart",
            missing=True,
        )
    ]
    [words] = open_words(a_stream(conflicts=1), report=a_report())
    assert words.startswith("once a vote came")


def test_refusals_and_carried_votes_are_told_without_alarm() -> None:
    assert findings(a_stream(refused=1, replaces=TWO, carried=3), report=a_report()) == [
        Finding(Kind.REFUSED, "1 vote of stream 1a1a1a1a refused and kept in the quarantine", missing=False),
        Finding(Kind.CONTINUES, "stream 1a1a1a1a continues 2b2b2b2b, with 3 votes carried over", missing=False),
    ]
    [unknown] = findings(a_stream(replaces=TWO), report=a_report())
    assert unknown.words == "stream 1a1a1a1a continues 2b2b2b2b, with 0 votes carried over"


def test_two_open_streams_are_a_replaced_card_or_two_machines() -> None:
    newer = a_stream(TWO, first_seen=NOW - timedelta(days=1))
    replaced = a_stream(last_seen=NOW - timedelta(days=2))
    assert findings(replaced, newer, report=a_report()) == [
        Finding(
            Kind.NOT_CLOSED,
            "stream 1a1a1a1a ended on 2026-10-01 09:30 without being closed; when its card was replaced, close it:"
            " stream close",
            missing=True,
        )
    ]
    assert findings(newer, a_stream(), report=a_report()) == [
        Finding(
            Kind.TWO_MACHINES,
            "streams 1a1a1a1a and 2b2b2b2b were sent at the same time: two machines with one identity",
            missing=True,
        )
    ]
    overlapping = a_stream(last_seen=newer.first_seen + HEARD_LATELY)
    assert [found.kind for found in findings(overlapping, newer, report=a_report())] == [Kind.NOT_CLOSED]
    closed = a_stream(last_seen=NOW - timedelta(days=2), closed_by="x", closed_because="y")
    assert open_words(closed, newer, report=a_report()) == []


def test_the_stream_that_was_heard_of_last_is_the_one_that_goes_on() -> None:
    went_on = a_stream(first_seen=NOW - timedelta(days=3))
    visitor = a_stream(TWO, first_seen=NOW - timedelta(days=1), last_seen=NOW - timedelta(days=1))
    [words] = open_words(went_on, visitor, report=a_report())
    assert words.startswith("stream 2b2b2b2b ended on")
    given_up = a_stream(first_seen=NOW - timedelta(days=3), closed_by="the kiosk", closed_because="copied")
    [words] = open_words(given_up, visitor, report=a_report())
    assert words.startswith("stream 2b2b2b2b ended on")


def test_a_stream_that_goes_on_after_its_copy_gave_it_up_is_told() -> None:
    closed_at = NOW - timedelta(hours=1)
    newer = a_stream(TWO, first_seen=closed_at)
    copied = a_stream(closed_by="the kiosk", closed_because="copied", closed_at=closed_at)
    assert open_words(copied, newer, report=a_report(stream=TWO)) == [
        "streams 1a1a1a1a and 2b2b2b2b were sent at the same time: two machines with one identity"
    ]
    quiet = a_stream(closed_by="x", closed_because="y", closed_at=closed_at, last_seen=closed_at + HEARD_LATELY)
    assert open_words(quiet, newer, report=a_report(stream=TWO)) == []


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_stream_is_complete_exactly_when_nothing_announced_is_missing(stored: int, announced: int) -> None:
    found = assess(
        KioskLedger("quay-1", (a_stream(stored_up_to=stored, highest_announced=announced),), a_report()), UNTIL, NOW
    )
    assert found.complete == (announced <= stored)


@pytest.mark.parametrize(
    ("stream", "incomplete"),
    [
        (a_stream(), 0),
        (a_stream(highest_announced=41), 1),
        (a_stream(highest_announced=41, closed_by="x"), 0),
        (a_stream(conflicts=1), 1),
        (a_stream(conflicts=1, closed_by="x"), 0),
        (a_stream(gaps=(Gap(3, 5, "x", "y"), Gap(7, 7)), highest_announced=41), 1),
        (a_stream(gaps=(Gap(3, 5),), closed_by="x"), 1),
        (a_stream(gaps=(Gap(3, 5, "x", "y"),)), 0),
    ],
)
def test_streams_with_something_open_are_counted(stream: StreamLedger, incomplete: int) -> None:
    whole = a_stream(TWO, first_seen=NOW - timedelta(days=1))
    assert incomplete_streams(KioskLedger("quay-1", (stream, whole), a_report(stream=TWO)), NOW) == incomplete


def test_what_was_cast_after_the_moment_in_question_is_not_incomplete() -> None:
    waiting = a_stream(highest_announced=54)

    def incomplete(oldest_waiting: datetime) -> int:
        report = a_report(waiting=14, oldest_waiting=oldest_waiting)
        return incomplete_streams(KioskLedger("quay-1", (waiting,), report), NOW)

    assert incomplete(NOW - timedelta(hours=1)) == 1
    assert incomplete(NOW) == 0
