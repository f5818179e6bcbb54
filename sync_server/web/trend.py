"""How the share moved week by week, as it is drawn and told in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sync_server.core.figures.trend import Point
from sync_server.core.rounding import Rounding, count_text, interval_text
from sync_server.web import wording

WEEK_DAYS = 7
EVERY = 2  # of so many weeks one is named below, so that names do not touch on a phone
STEP = 10  # between two lines of the scale, in percent


@dataclass(frozen=True)
class Week:
    """A week with enough votes: where it is drawn, from 0 to 100 of either side, and its numbers as texts."""

    x: str
    y: str
    meets: bool
    day: str
    votes: str
    share: str
    interval: str


@dataclass(frozen=True)
class TrendChart:
    """The chart: a line and a band for each run of weeks without a gap, a scale, and what it says in words."""

    weeks: tuple[Week, ...]
    lines: tuple[str, ...]
    bands: tuple[str, ...]
    scale: tuple[tuple[str, str], ...]  # where, and how much
    days: tuple[tuple[str, str], ...]  # where, and the first day of a week
    target: str
    words: str
    hidden: int  # weeks of too few votes, or that would tell of such a one


def trend_chart(points: Sequence[Point], target: Fraction, rounding: Rounding) -> TrendChart | None:
    """Return the chart of the weeks in which somebody voted; None when none may be shown."""
    shown = [(point, point.answers) for point in points if point.answers is not None]
    if not shown:
        return None
    first, last = points[0].first, points[-1].first
    weeks = (last - first).days // WEEK_DAYS
    lows = [answers.interval.low for _, answers in shown if answers.interval is not None]
    bottom = int(min([*lows, float(target)]) * 100) // STEP * STEP
    bottom = min(bottom, 100 - STEP)

    def across(point: Point) -> float:
        return 50.0 if not weeks else (point.first - first).days / WEEK_DAYS / weeks * 100

    def down(share: float | Fraction) -> float:
        return (100 - float(share) * 100) / (100 - bottom) * 100

    drawn: list[Week] = []
    lines: list[str] = []
    bands: list[str] = []
    for run in _runs(points):
        line: list[str] = []
        upper: list[str] = []
        lower: list[str] = []
        for point in run:
            answers = point.answers
            if answers is None or answers.share is None or answers.interval is None:
                continue
            x, y = across(point), down(answers.share)
            line.append(f"{x:.2f},{y:.2f}")
            upper.append(f"{x:.2f},{down(answers.interval.high):.2f}")
            lower.insert(0, f"{x:.2f},{down(answers.interval.low):.2f}")
            drawn.append(
                Week(
                    f"{x:.2f}%",
                    f"{y:.2f}%",
                    answers.share >= target,
                    f"{point.first:%d/%m}",
                    count_text(answers.answered),
                    rounding.percent_text(answers.share),
                    interval_text(answers.interval),
                )
            )
        lines.append(" ".join(line))
        bands.append(" ".join(upper + lower))
    return TrendChart(
        tuple(drawn),
        tuple(lines),
        tuple(bands),
        tuple((f"{down(Fraction(each, 100)):.2f}%", f"{each}%") for each in range(bottom, 101, STEP)),
        tuple((f"{across(point):.2f}%", f"{point.first:%d/%m}") for point in points if _is_named(point, last)),
        f"{down(target):.2f}%",
        _words(drawn),
        len(points) - len(shown),
    )


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """Part the weeks where one is hidden or nobody voted in it."""
    runs: list[list[Point]] = []
    before = None
    for point in points:
        if point.answers is None:
            continue
        if before is None or (point.first - before.first).days != WEEK_DAYS:
            runs.append([])
        runs[-1].append(point)
        before = point
    return runs


def _is_named(point: Point, last: date) -> bool:
    return (last - point.first).days // WEEK_DAYS % EVERY == 0


def _words(drawn: Sequence[Week]) -> str:
    best, worst = min(drawn, key=lambda week: float(week.y[:-1])), max(drawn, key=lambda week: float(week.y[:-1]))
    below = sum(not week.meets for week in drawn)
    return wording.TREND.format(
        weeks=len(drawn),
        last=drawn[-1].share,
        last_day=drawn[-1].day,
        best=best.share,
        best_day=best.day,
        worst=worst.share,
        worst_day=worst.day,
        below=below,
    )
