"""A server that wakes up in another year says so instead of dating votes."""

from datetime import UTC, datetime, timedelta

import pytest

from sync_server.core.clock import EARLIEST_NOW, TOLERANCE, clock_objection

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "newest", "objection"),
    [
        (NOW, None, None),
        (NOW, NOW, None),
        (NOW, NOW + TOLERANCE, None),
        (EARLIEST_NOW, None, None),
        (NOW, NOW + TOLERANCE + timedelta(seconds=1), "it has received something at 2026-11-24 03:10"),
        (NOW - timedelta(days=200), NOW, "clock trust"),
        (datetime(1970, 1, 1, tzinfo=UTC), None, "stands at 1970-01-01 00:00 UTC, before this program was written"),
    ],
)
def test_a_clock_is_believed_unless_it_cannot_be_right(
    now: datetime, newest: datetime | None, objection: str | None
) -> None:
    found = clock_objection(now, newest)
    assert (found is None) == (objection is None)
    assert objection is None or objection in str(found)
