"""Whether the server's own clock can be believed. Pure.

Kiosks date their votes by it, and what lies ahead of it is refused; so a server that wakes up in another year (an empty
battery, a virtual machine set back) must take nothing, and say why, rather than date and refuse wrongly.
"""

from datetime import UTC, datetime, timedelta

# No server of this version runs earlier.
EARLIEST_NOW = datetime(2026, 1, 1, tzinfo=UTC)
# A correction by NTP goes back by no more.
TOLERANCE = timedelta(minutes=10)


def clock_objection(now: datetime, newest: datetime | None) -> str | None:
    """Say why *now* cannot be the time, *newest* being when something was received last; None when it can."""
    if now < EARLIEST_NOW:
        return f"the server's clock stands at {now:%Y-%m-%d %H:%M} UTC, before this program was written: set it"
    if newest is not None and now < newest - TOLERANCE:
        return (
            f"the server's clock stands at {now:%Y-%m-%d %H:%M} UTC, but it has received something at"
            f" {newest:%Y-%m-%d %H:%M} UTC: set it; if it is right now, run: python -m sync_server clock trust"
        )
    return None
