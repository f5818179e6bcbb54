"""How a kiosk is, by its last status."""

from datetime import UTC, datetime, timedelta

import pytest

from sync_server.core.presence import SILENT_AFTER, Condition, Presence, condition

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("presence", "expected"),
    [
        (Presence("k"), Condition.NEVER_HEARD),
        (Presence("k", NOW), Condition.WELL),
        (Presence("k", NOW - SILENT_AFTER), Condition.WELL),
        (Presence("k", NOW - SILENT_AFTER - timedelta(seconds=1)), Condition.SILENT),
        (Presence("k", NOW, scanner="cannot open"), Condition.NEEDS_HELP),
        (Presence("k", NOW, storage="full"), Condition.NEEDS_HELP),
        (Presence("k", NOW - timedelta(days=1), scanner="cannot open"), Condition.SILENT),
        (Presence("k", NOW, waiting=14), Condition.WELL),
    ],
)
def test_the_first_thing_to_know(presence: Presence, expected: Condition) -> None:
    assert condition(presence, NOW) == expected
