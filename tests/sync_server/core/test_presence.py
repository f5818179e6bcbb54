"""How a kiosk is, by its last report and what is held of its votes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.messages import ClockReport, ClockSource, KioskStatus
from sync_server.core.completeness import Kind
from sync_server.core.presence import (
    CLOCK_WRONG_FROM,
    DISK_LOW_BELOW,
    OF_THE_LEDGER,
    SILENT_AFTER,
    Concern,
    Condition,
    Presence,
    concerns,
    condition,
)
from tests.fakes.kiosk_says import a_status
from tests.protocol.strategies import statuses

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def heard(
    status: KioskStatus | None = None,
    at: datetime = NOW,
    still_open: tuple[Kind, ...] = (),
    revoked: bool = False,
    gone_at: datetime | None = None,
) -> Presence:
    return Presence("k", at, status or a_status(), gone_at, frozenset(still_open), revoked, setup=5)


def clock(offset: float, source: ClockSource = ClockSource.NTP) -> ClockReport:
    return ClockReport(source, 0.1, offset)


@pytest.mark.parametrize(
    ("presence", "expected"),
    [
        (Presence("k"), Condition.NEVER_HEARD),
        (Presence("k", revoked=True), Condition.REVOKED),
        (heard(), Condition.WELL),
        (heard(revoked=True), Condition.REVOKED),
        (heard(at=NOW - SILENT_AFTER), Condition.WELL),
        (heard(at=NOW - SILENT_AFTER - timedelta(seconds=1)), Condition.SILENT),
        (heard(a_status(scanner="cannot open")), Condition.NEEDS_HELP),
        (heard(a_status(scanner="cannot open"), at=NOW - timedelta(days=1)), Condition.SILENT),
        (heard(a_status(highest=14, waiting=14)), Condition.WELL),
        (heard(still_open=(Kind.MISSING, Kind.SILENT)), Condition.WELL),
        (heard(still_open=(Kind.LOST,)), Condition.NEEDS_HELP),
        # A broker's word alone says nothing: the report is as fresh as before.
        (heard(gone_at=NOW), Condition.WELL),
        # A report that another version kept, and this one cannot read.
        (Presence("k", NOW), Condition.WELL),
    ],
)
def test_the_first_thing_to_know(presence: Presence, expected: Condition) -> None:
    assert condition(presence, NOW) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (a_status(), []),
        (a_status(queue="up"), []),
        (a_status(scanner="cannot open"), [Concern.SCANNER]),
        (a_status(storage="full"), [Concern.STORAGE]),
        (a_status(queue="silent"), [Concern.QUEUE]),
        (a_status(clock=clock(0, ClockSource.NONE)), [Concern.CLOCK_UNKNOWN]),
        (a_status(clock=clock(1e6, ClockSource.NONE)), [Concern.CLOCK_UNKNOWN]),
        (a_status(clock=clock(CLOCK_WRONG_FROM)), []),
        (a_status(clock=clock(CLOCK_WRONG_FROM + 1)), [Concern.CLOCK_WRONG]),
        (a_status(clock=clock(-CLOCK_WRONG_FROM - 1)), [Concern.CLOCK_WRONG]),
        (a_status(disk_free=DISK_LOW_BELOW), []),
        (a_status(disk_free=DISK_LOW_BELOW - 1), [Concern.DISK_LOW]),
        (a_status(setup=4), []),
        (a_status(setup=4, setup_refused="revision 5: no"), [Concern.SETUP_REFUSED]),
        (a_status(setup=5, setup_refused="revision 4: revision 5 is in force"), []),
    ],
)
def test_what_a_report_tells(status: KioskStatus, expected: list[Concern]) -> None:
    assert list(concerns(heard(status))) == expected


def test_what_the_ledger_tells_is_named_first() -> None:
    found = concerns(heard(a_status(scanner="x", storage="y"), still_open=tuple(Kind)))
    assert found == (
        *(Concern.TWO_MACHINES, Concern.COPIED, Concern.LOST, Concern.NOT_CLOSED),
        *(Concern.SCANNER, Concern.STORAGE),
    )
    assert set(found[:4]) == OF_THE_LEDGER
    assert concerns(Presence("k", open=frozenset({Kind.LOST}))) == (Concern.LOST,)


@given(statuses, st.sets(st.sampled_from(Kind)))
def test_each_concern_is_named_once_and_help_is_needed_exactly_when_there_is_one(
    status: KioskStatus, still_open: set[Kind]
) -> None:
    presence = heard(status, still_open=tuple(still_open))
    found = concerns(presence)
    assert len(set(found)) == len(found)
    assert condition(presence, NOW) == (Condition.NEEDS_HELP if found else Condition.WELL)
    assert presence.waiting == status.waiting


def test_nothing_waits_at_a_kiosk_that_said_nothing() -> None:
    assert Presence("k").waiting == 0
