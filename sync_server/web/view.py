"""From figures to what is drawn: positions in percent, and sentences chosen. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sync_server.core.figures.answers import Answers
from sync_server.core.figures.period import Row
from sync_server.core.figures.period_wording import LABELS
from sync_server.core.figures.quarterly import Figures
from sync_server.core.figures.verdict import MANY
from sync_server.core.names import printable
from sync_server.core.presence import OF_THE_LEDGER, Condition, Presence, concerns, condition
from sync_server.core.quarter import VIETNAM
from sync_server.core.rounding import count_text, decimal_text
from sync_server.core.surveys import Criterion
from sync_server.web import wording

# The shades of levels, by how many of either kind there are.
_UNSATISFIED = {1: (2,), 2: (2, 3), 3: (1, 2, 3), 4: (1, 2, 2, 3)}
_SATISFIED = {1: (5,), 2: (4, 5), 3: (4, 4, 5), 4: (4, 4, 5, 5)}

MOST_SECONDS = 1e9  # that a clock is said to be wrong by; it is as wrong beyond


@dataclass(frozen=True)
class Strip:
    """A share and its interval on a line from 0 to 100 %, as SVG takes them."""

    dot: str
    low: str
    width: str
    sure: bool


@dataclass(frozen=True)
class Segment:
    """One level of the distribution bar; its shade is one of five, worst first."""

    shade: int
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
    oldest_waiting: str
    faults: tuple[str, ...]
    hints: tuple[str, ...]  # where to look, and what a broker said, on which nothing depends


@dataclass(frozen=True)
class Coverage:
    """How many votes know their procedure, out of all."""

    known: int | None  # None where the others are so few that nobody is to know how many
    total: int


@dataclass(frozen=True)
class LeftOut:
    """Why votes are not in the official figure, and how many for that reason."""

    why: str
    votes: int


def strip(tally: Answers | Row) -> Strip | None:
    """Return where to draw a share; None when nothing was counted."""
    share, interval = tally.share, tally.interval
    if share is None or interval is None or tally.answered is None:
        return None
    return Strip(
        dot=_percent(share),
        low=_percent(interval.low),
        width=_percent(interval.high - interval.low),
        sure=tally.answered >= MANY,
    )


def shades(asked: Criterion) -> tuple[int, ...]:
    """Return the shade of each level, worst first: satisfied ones look so, however many levels there are."""
    satisfied = len(asked.satisfied)
    return (*_UNSATISFIED[len(asked.levels) - satisfied], *_SATISFIED[satisfied])


def segments(tally: Answers, asked: Criterion) -> tuple[Segment, ...]:
    """Return the parts of the distribution bar, best level first; levels nobody chose have none."""
    drawn = []
    before = 0
    for votes, shade in reversed(list(zip(tally.levels, shades(asked), strict=True))):
        if votes:
            start, width = Fraction(before, tally.answered), Fraction(votes, tally.answered)
            drawn.append(Segment(shade, _percent(start), _percent(width)))
        before += votes
    return tuple(drawn)


def coverage(figures: Figures) -> Coverage:
    """Say of how many votes the procedure is known."""
    total = figures.total.answered
    unknown: int | None = 0
    for line in figures.by_procedure:
        if line.row.key is None:
            unknown = line.row.answered
    return Coverage(None if unknown is None else total - unknown, total)


def left_out(figures: Figures) -> tuple[LeftOut, ...]:
    """Say why votes are not in the official figure, in the order of the rules."""
    return tuple(LeftOut(LABELS.get(label, label), votes) for label, votes in figures.period.excluded.items())


def judged(figures: Figures) -> str:
    """Say in words how sure the share is of its target; empty when nothing was answered."""
    if figures.survey is None:
        return ""
    said = wording.VERDICT_SENTENCES[figures.survey.main.verdict]
    return said.format(target=target_text(figures), votes=count_text(figures.total.answered))


def target_text(figures: Figures) -> str:
    """Return the target as "80%"."""
    return f"{decimal_text(figures.period.rules.target)}%"


def kiosk_line(presence: Presence, now: datetime) -> KioskLine:
    """Return a kiosk's line at a moment."""
    judged = condition(presence, now)
    report = presence.report
    oldest = None if report is None or not report.waiting else report.oldest_waiting
    return KioskLine(
        name=presence.kiosk,
        condition=judged,
        words=wording.CONDITIONS[judged],
        heard="" if presence.reported_at is None else ago(presence.reported_at, now),
        waiting=wording.WAITING.format(count_text(presence.waiting)) if presence.waiting else "",
        oldest_waiting="" if oldest is None else wording.OLDEST_WAITING.format(since(oldest, now)),
        faults=_faults(presence),
        hints=tuple(_hints(presence, now)),
    )


def _port(said: str) -> str:
    """What a kiosk says of a port; what has no words here is an error of its system."""
    return {str(trouble): words for trouble, words in wording.PORT_TROUBLES.items()}.get(said, said)


def _faults(presence: Presence) -> tuple[str, ...]:
    report = presence.report
    told = {
        "report": report,
        "scanner": "" if report is None else _port(report.scanner),
        "queue": "" if report is None else _port(report.queue),
        "clock": "" if report is None else _clock(report.clock.offset),
        "megabytes": "" if report is None or report.disk_free is None else count_text(report.disk_free // 1_000_000),
    }
    return tuple(printable(wording.CONCERNS[concern].format_map(told)) for concern in concerns(presence))


def _hints(presence: Presence, now: datetime) -> Iterator[str]:
    if OF_THE_LEDGER.intersection(concerns(presence)):
        yield wording.SEE_COMPLETENESS
    if presence.gone_at is not None:
        yield wording.GONE.format(ago(presence.gone_at, now))


def _clock(offset: float) -> str:
    minutes = round(min(abs(offset), MOST_SECONDS) / 60)
    if minutes < 2 * 60:
        span = wording.MINUTES.format(minutes)
    elif minutes < 2 * 24 * 60:
        span = wording.HOURS.format(round(minutes / 60))
    else:
        span = wording.DAYS.format(count_text(round(minutes / 24 / 60)))
    return (wording.CLOCK_AHEAD if offset > 0 else wording.CLOCK_BEHIND).format(span)


def ago(moment: datetime, now: datetime) -> str:
    """Say how long ago a moment was, or since when, where it is long past."""
    passed = now - moment
    if passed < timedelta(minutes=2):
        return wording.SECONDS_AGO.format(max(0, int(passed.total_seconds())))
    if passed < timedelta(hours=1):
        return wording.MINUTES_AGO.format(int(passed.total_seconds()) // 60)
    return since(moment, now)


def since(moment: datetime, now: datetime) -> str:
    """Say since when, with the day where it is not today."""
    local = moment.astimezone(VIETNAM)
    same_day = local.date() == now.astimezone(VIETNAM).date()
    return wording.SINCE.format(f"{local:%H:%M}" if same_day else f"{local:%H:%M %d/%m/%Y}")


def _percent(share: Fraction | float) -> str:
    return f"{float(share) * 100:.3f}%"
