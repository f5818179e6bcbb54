"""From figures to what is drawn: positions in percent, and sentences chosen. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sync_server.core.figures import LEVELS, Figures, Tally
from sync_server.core.presence import Condition, Presence, condition
from sync_server.core.quarter import VIETNAM
from sync_server.core.rounding import count_text
from sync_server.web import wording

# Below this many votes an interval is so wide that a share says little (the usual rule of thumb).
MANY = 30


@dataclass(frozen=True)
class Strip:
    """A share and its interval on a line from 0 to 100 %, as SVG takes them."""

    dot: str
    low: str
    width: str
    sure: bool


@dataclass(frozen=True)
class Segment:
    """One level of the distribution bar."""

    level: int
    start: str
    width: str


@dataclass(frozen=True)
class KioskLine:
    """A kiosk as the page shows it."""

    name: str
    condition: Condition
    words: str
    heard: str
    waiting: str
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """How many votes know their procedure, out of all."""

    known: int
    total: int


def strip(tally: Tally) -> Strip | None:
    """Return where to draw a share; None when nothing was counted."""
    share, interval = tally.share, tally.interval
    if share is None or interval is None:
        return None
    return Strip(
        dot=_percent(share),
        low=_percent(interval.low),
        width=_percent(interval.high - interval.low),
        sure=tally.total >= MANY,
    )


def segments(tally: Tally) -> tuple[Segment, ...]:
    """Return the parts of the distribution bar, best level first; levels nobody chose have none."""
    drawn = []
    before = 0
    for level in reversed(LEVELS):
        votes = tally.levels[level - 1]
        if votes:
            start, width = Fraction(before, tally.total), Fraction(votes, tally.total)
            drawn.append(Segment(level, _percent(start), _percent(width)))
        before += votes
    return tuple(drawn)


def coverage(figures: Figures) -> Coverage:
    """Say of how many votes the procedure is known."""
    unknown = sum(row.tally.total for row in figures.by_procedure if row.key is None)
    return Coverage(figures.total.total - unknown, figures.total.total)


def kiosk_line(presence: Presence, now: datetime) -> KioskLine:
    """Return a kiosk's line at a moment."""
    faults = []
    if presence.scanner != "up":
        faults.append(wording.SCANNER_FAULT.format(presence.scanner))
    if presence.storage != "ok":
        faults.append(wording.STORAGE_FAULT.format(presence.storage))
    judged = condition(presence, now)
    return KioskLine(
        name=presence.kiosk,
        condition=judged,
        words=wording.CONDITIONS[judged],
        heard="" if presence.reported_at is None else ago(presence.reported_at, now),
        waiting=wording.WAITING.format(count_text(presence.waiting)) if presence.waiting else "",
        faults=tuple(faults),
    )


def ago(moment: datetime, now: datetime) -> str:
    """Say how long ago a moment was, or since when, where it is long past."""
    passed = now - moment
    if passed < timedelta(minutes=2):
        return wording.SECONDS_AGO.format(max(0, int(passed.total_seconds())))
    if passed < timedelta(hours=1):
        return wording.MINUTES_AGO.format(int(passed.total_seconds()) // 60)
    local = moment.astimezone(VIETNAM)
    same_day = local.date() == now.astimezone(VIETNAM).date()
    return wording.SINCE.format(f"{local:%H:%M}" if same_day else f"{local:%H:%M %d/%m/%Y}")


def _percent(share: Fraction | float) -> str:
    return f"{float(share) * 100:.3f}%"
