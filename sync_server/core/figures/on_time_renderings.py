"""How cases keep their dates, as text for a person and as plain values for JSON. Pure.

Values: `on` (the day it stood so), the counts of `OnTime` by their names, `percent` and `average_days` as texts,
`item_54_of_766` (complaints are not known, so its rate and points are the most that they can be), and `tables`, of
which each row has the same counts and `key` and `name`.
"""

from collections.abc import Iterator

from sync_server.core.columns import aligned
from sync_server.core.figures.national import DECIMALS, item_54
from sync_server.core.figures.on_time import CaseBreakdown, OnTime, OnTimeFigures, OnTimeRow
from sync_server.core.figures.on_time_wording import (
    AT_MOST,
    AVERAGE,
    AVERAGE_SHORT,
    CHANNELS,
    EARLY,
    ITEM_54,
    ITEM_54_CASES,
    ITEM_54_COMPLAINED_OF,
    ITEM_54_OVERDUE,
    ITEM_54_POINTS,
    ITEM_54_RATE,
    LATE,
    NO_DATA,
    ON_TIME,
    ON_TIME_SHORT,
    OPEN,
    OVERDUE,
    OVERDUE_SHORT,
    PUNCTUAL,
    RECEIVED,
    RETURNED,
    TITLE,
    TITLES,
    UNPROMISED,
    WITHIN,
)
from sync_server.core.figures.period import Breakdown
from sync_server.core.figures.period_names import PeriodNames
from sync_server.core.figures.period_wording import UNKNOWN
from sync_server.core.rounding import NO_NUMBER, Rounding, count_text, decimal_text
from sync_server.core.wording import NAME

DAYS_DECIMALS = 1


def on_time_as_text(figures: OnTimeFigures, names: PeriodNames, rounding: Rounding) -> str:
    """Return tables, each under its title, after an empty line; nothing at all where no case has any such day."""
    if figures.is_silent:
        return ""
    lines = ["", TITLE.format(figures.on), *aligned(list(_summary(figures.total, rounding)))]
    for breakdown, rows in figures.tables.items():
        if breakdown is CaseBreakdown.CHANNEL and all(row.key is None for row in rows):
            continue
        heading = [NAME, RECEIVED, EARLY, PUNCTUAL, LATE, ON_TIME_SHORT, AVERAGE_SHORT, OVERDUE_SHORT]
        table = [heading, *(_line(row, breakdown, names, rounding) for row in rows)]
        lines += ["", f"{TITLES[breakdown]}", *aligned(table)]
    lines += ["", ITEM_54, *aligned(list(_item_54(figures.total, rounding)))]
    return "\n".join(lines) + "\n"


def on_time_values(figures: OnTimeFigures, names: PeriodNames, rounding: Rounding) -> dict[str, object]:
    """Return what JSON holds of them; the keys stand in this module's docstring."""
    return {
        "on": figures.on.isoformat(),
        **_values(figures.total, rounding),
        "item_54_of_766": _item_54_values(figures.total, rounding),
        "tables": {
            breakdown: [
                {"key": row.key, "name": _name(row, breakdown, names), **_values(row.counted, rounding)} for row in rows
            ]
            for breakdown, rows in figures.tables.items()
        },
    }


def _summary(counted: OnTime, rounding: Rounding) -> Iterator[list[str]]:
    yield [RECEIVED, count_text(counted.received)]
    for name, number in ((EARLY, counted.early), (PUNCTUAL, counted.punctual), (LATE, counted.late)):
        yield [RETURNED.format(name.lower()), count_text(number)]
    if counted.unpromised:
        yield [RETURNED.format(UNPROMISED), count_text(counted.unpromised)]
    yield [ON_TIME, rounding.percent_text(counted.share)]
    yield [AVERAGE, _days(counted, rounding)]
    yield [OPEN.format(WITHIN), count_text(counted.open_within)]
    yield [OPEN.format(OVERDUE), count_text(counted.open_overdue)]
    if counted.open_unpromised:
        yield [OPEN.format(UNPROMISED), count_text(counted.open_unpromised)]


def _item_54(counted: OnTime, rounding: Rounding) -> Iterator[list[str]]:
    item, exact = item_54(counted), Rounding(rounding.mode, DECIMALS)
    yield [ITEM_54_CASES, count_text(item.cases)]
    yield [ITEM_54_OVERDUE, count_text(item.overdue)]
    yield [ITEM_54_COMPLAINED_OF, NO_DATA]
    if item.rate is not None and item.points is not None:
        yield [AT_MOST.format(ITEM_54_RATE), exact.percent_text(item.rate)]
        yield [AT_MOST.format(ITEM_54_POINTS), decimal_text(exact.number(item.points))]


def _item_54_values(counted: OnTime, rounding: Rounding) -> dict[str, object]:
    item, exact = item_54(counted), Rounding(rounding.mode, DECIMALS)
    return {
        "cases": item.cases,
        "overdue": item.overdue,
        "complained_of": item.complained_of,
        "percent_at_most": None if item.rate is None else str(exact.percent(item.rate)),
        "points_at_most": None if item.points is None else str(exact.number(item.points)),
    }


def _line(row: OnTimeRow, breakdown: CaseBreakdown, names: PeriodNames, rounding: Rounding) -> list[str]:
    counted = row.counted
    numbers = (counted.received, counted.early, counted.punctual, counted.late)
    return [
        _name(row, breakdown, names),
        *map(count_text, numbers),
        rounding.percent_text(counted.share),
        _days(counted, rounding),
        count_text(counted.open_overdue),
    ]


def _name(row: OnTimeRow, breakdown: CaseBreakdown, names: PeriodNames) -> str:
    if row.key is None:
        return UNKNOWN
    if breakdown is CaseBreakdown.CHANNEL:
        return {str(channel): name for channel, name in CHANNELS.items()}.get(row.key, row.key)
    return names.of[Breakdown(breakdown.value)](row.key)


def _days(counted: OnTime, rounding: Rounding) -> str:
    average = counted.average_days
    return NO_NUMBER if average is None else decimal_text(Rounding(rounding.mode, DAYS_DECIMALS).number(average))


def _values(counted: OnTime, rounding: Rounding) -> dict[str, object]:
    share, average = counted.share, counted.average_days
    return {
        "received": counted.received,
        "early": counted.early,
        "punctual": counted.punctual,
        "late": counted.late,
        "unpromised": counted.unpromised,
        "open_within": counted.open_within,
        "open_overdue": counted.open_overdue,
        "open_unpromised": counted.open_unpromised,
        "percent": None if share is None else str(rounding.percent(share)),
        "average_days": None if average is None else str(Rounding(rounding.mode, DAYS_DECIMALS).number(average)),
    }
