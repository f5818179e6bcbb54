"""How a kiosk is, judged by its last status: presence never depends on a broker's word."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A kiosk reports every minute: one report missed is no news yet.
SILENT_AFTER = timedelta(seconds=150)


class Condition(StrEnum):
    """What an administrator should know first."""

    WELL = "well"
    NEEDS_HELP = "needs-help"  # it reports, and what it reports is a fault
    SILENT = "silent"
    NEVER_HEARD = "never-heard"


@dataclass(frozen=True)
class Presence:
    """A kiosk and its last status; no moment when it never sent one."""

    kiosk: str
    reported_at: datetime | None = None
    waiting: int = 0
    scanner: str = "up"
    storage: str = "ok"


def condition(presence: Presence, now: datetime) -> Condition:
    """Judge a kiosk at a moment."""
    if presence.reported_at is None:
        return Condition.NEVER_HEARD
    if now - presence.reported_at > SILENT_AFTER:
        return Condition.SILENT
    if presence.scanner != "up" or presence.storage != "ok":
        return Condition.NEEDS_HELP
    return Condition.WELL
