"""Times beside each other, and the week hour by hour, as text for a person. Pure."""

from collections.abc import Sequence

from sync_server.core.columns import aligned
from sync_server.core.figures.hours import WEEKDAYS, WeekOfHours
from sync_server.core.figures.period import PeriodFigures
from sync_server.core.figures.period_wording import HIDDEN, HIDDEN_NOTE, SURVEY, TIME, TREND, WEEKDAY_NAMES
from sync_server.core.figures.trend import Point, Step
from sync_server.core.rounding import NO_NUMBER, Rounding, count_text, interval_text, percent_text
from sync_server.core.wording import INTERVAL, SATISFIED, SHARE, VOTES_SHORT


def times_as_text(times: Sequence[tuple[str, PeriodFigures]]) -> str:
    """Return a table a survey, a line a time, in the order given; each time by its own rules. Ends in a newline."""
    revisions = sorted({survey.revision for _, figures in times for survey in figures.surveys})
    lines: list[str] = []
    for revision in revisions:
        rows = [[TIME, VOTES_SHORT, SATISFIED, SHARE, INTERVAL]]
        for label, figures in times:
            rounding = Rounding(figures.rules.rounding, figures.rules.decimals)
            for survey in figures.surveys:
                if survey.revision == revision:
                    answers = survey.main.official
                    rows.append(
                        [
                            label,
                            count_text(answers.answered),
                            count_text(answers.satisfied),
                            rounding.percent_text(answers.share),
                            interval_text(answers.interval),
                        ]
                    )
        lines += ["", *([SURVEY.format(revision)] if len(revisions) > 1 else []), *aligned(rows)]
    return "\n".join(lines) + "\n" if lines else ""


def trend_as_text(points: Sequence[Point], step: Step, rounding: Rounding, least_shown: int) -> str:
    """Return a line a day or week: votes, share and interval, where there are enough. Ends in a newline."""
    rows = [[TREND[step], VOTES_SHORT, SATISFIED, SHARE, INTERVAL]]
    for point in points:
        answers = point.answers
        rows.append(
            [f"{point.first:%d/%m/%Y}", *[HIDDEN] * 4]
            if answers is None
            else [
                f"{point.first:%d/%m/%Y}",
                count_text(answers.answered),
                count_text(answers.satisfied),
                rounding.percent_text(answers.share),
                interval_text(answers.interval),
            ]
        )
    note = [HIDDEN_NOTE.format(HIDDEN, least_shown)] if any(point.answers is None for point in points) else []
    return "\n".join(["", *aligned(rows), *note]) + "\n" if points else ""


def week_as_text(week: WeekOfHours, least_shown: int) -> str:
    """Return a line a weekday and a column an hour: votes and share, where they are not hidden. Ends in a newline."""
    if not week.hours:
        return ""
    rows = [["", *(f"{hour}–{hour + 1} giờ" for hour in week.hours)]]
    for weekday in WEEKDAYS:
        cells = [_hour(week, weekday, hour) for hour in week.hours]
        if any(cell != NO_NUMBER for cell in cells):
            rows.append([WEEKDAY_NAMES[weekday], *cells])
    note = [HIDDEN_NOTE.format(HIDDEN, least_shown)] if week.hidden else []
    return "\n".join(["", *aligned(rows), *note]) + "\n"


def _hour(week: WeekOfHours, weekday: int, hour: int) -> str:
    answers = week.at(weekday, hour)
    if answers is None:
        return NO_NUMBER
    if (weekday, hour) in week.hidden:
        return HIDDEN
    return f"{count_text(answers.answered)}: {percent_text(answers.share)}"
