"""How a kiosk is, judged by its last report: presence never depends on a broker's word."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from protocol.messages import ClockSource, Count, KioskStatus
from sync_server.core.completeness import Kind

# A kiosk reports every minute: one report missed is no news yet.
SILENT_AFTER = timedelta(seconds=150)
# Votes are dated right all the same, but people read the clock on the screen, and certificates have dates.
CLOCK_WRONG_FROM = 120.0  # seconds
# Far more than votes need; logs and the next update begin to fail below.
DISK_LOW_BELOW = 500_000_000  # bytes


class Condition(StrEnum):
    """What an administrator should know first."""

    WELL = "well"
    NEEDS_HELP = "needs-help"  # it reports, and something is wrong with it or its votes
    SILENT = "silent"
    NEVER_HEARD = "never-heard"
    REVOKED = "revoked"  # nothing is expected of it


class Concern(StrEnum):
    """Something wrong with a kiosk, or with what is held of its votes."""

    TWO_MACHINES = "two-machines"  # one identity
    COPIED = "copied"  # other votes came under numbers that are taken
    LOST = "lost"  # votes that nobody keeps any more, and nobody has accepted that
    NOT_CLOSED = "not-closed"  # a card was replaced, and its stream is open
    SCANNER = "scanner"
    STORAGE = "storage"
    QUEUE = "queue"
    CLOCK_UNKNOWN = "clock-unknown"
    CLOCK_WRONG = "clock-wrong"
    DISK_LOW = "disk-low"
    SETUP_REFUSED = "setup-refused"


_FROM_THE_LEDGER = {
    Kind.TWO_MACHINES: Concern.TWO_MACHINES,
    Kind.COPIED: Concern.COPIED,
    Kind.LOST: Concern.LOST,
    Kind.NOT_CLOSED: Concern.NOT_CLOSED,
}
# What of the ledger needs a person. What is merely on its way is shown as waiting, and silence as silence.
OF_THE_LEDGER = frozenset(_FROM_THE_LEDGER.values())


@dataclass(frozen=True)
class Presence:
    """A kiosk, its last report if there is one, and what of its votes is open."""

    kiosk: str
    reported_at: datetime | None = None
    report: KioskStatus | None = None
    gone_at: datetime | None = None  # a broker's word that the connection ended: a hint, no more
    open: frozenset[Kind] = frozenset()  # findings because of which votes may be missing
    revoked: bool = False
    setup: Count = 0  # the revision in force at its site; 0: none

    @property
    def waiting(self) -> int:
        """Votes that the kiosk said it still has to send."""
        return 0 if self.report is None else self.report.waiting


def condition(presence: Presence, now: datetime) -> Condition:
    """Judge a kiosk at a moment."""
    if presence.revoked:
        return Condition.REVOKED
    if presence.reported_at is None:
        return Condition.NEVER_HEARD
    if now - presence.reported_at > SILENT_AFTER:
        return Condition.SILENT
    return Condition.NEEDS_HELP if concerns(presence) else Condition.WELL


def concerns(presence: Presence) -> tuple[Concern, ...]:
    """Return what is wrong, as far as the last report and the ledger tell; the gravest first."""
    found = {concern for kind, concern in _FROM_THE_LEDGER.items() if kind in presence.open}
    if presence.report is not None:
        found.update(_of_the_report(presence.report))
        # Who follows the one in force has refused a late, older one: no matter.
        if presence.report.setup_refused and presence.report.setup < presence.setup:
            found.add(Concern.SETUP_REFUSED)
    return tuple(concern for concern in Concern if concern in found)


def _of_the_report(report: KioskStatus) -> Iterator[Concern]:
    if report.scanner != "up":
        yield Concern.SCANNER
    if report.storage != "ok":
        yield Concern.STORAGE
    if report.queue not in ("", "up"):
        yield Concern.QUEUE
    if report.clock.source is ClockSource.NONE:
        yield Concern.CLOCK_UNKNOWN
    elif abs(report.clock.offset) > CLOCK_WRONG_FROM:
        yield Concern.CLOCK_WRONG
    if report.disk_free is not None and report.disk_free < DISK_LOW_BELOW:
        yield Concern.DISK_LOW
