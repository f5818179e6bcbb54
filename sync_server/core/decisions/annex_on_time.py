"""Phụ lục: how cases kept their dates, in all, by field and by procedure. Pure."""

from collections.abc import Iterator

from sync_server.core.decisions import wording
from sync_server.core.decisions.document import Align, Block, Column, Paragraph, Row, Subtitle, Table
from sync_server.core.decisions.facts import Facts
from sync_server.core.decisions.fields import literal
from sync_server.core.decisions.lines import field
from sync_server.core.decisions.values import escaped
from sync_server.core.figures.on_time import CaseBreakdown, OnTime, OnTimeRow
from sync_server.core.figures.on_time_renderings import DAYS_DECIMALS
from sync_server.core.figures.on_time_wording import (
    AVERAGE_SHORT,
    EARLY,
    LATE,
    ON_TIME_SHORT,
    OVERDUE_SHORT,
    PUNCTUAL,
    RECEIVED,
)
from sync_server.core.figures.period import Breakdown
from sync_server.core.rounding import NO_NUMBER, Rounding, count_text, decimal_text

_NUMBERS = {
    "received": RECEIVED,
    "early": EARLY,
    "punctual": PUNCTUAL,
    "late": LATE,
    "percent": ON_TIME_SHORT,
    "days": AVERAGE_SHORT,
    "open_overdue": OVERDUE_SHORT,
}


def has_any(facts: Facts) -> bool:
    """Whether there is anything to tell."""
    return facts.on_time is not None and not facts.on_time.is_silent


def blocks(facts: Facts) -> Iterator[Block]:
    """Yield the blocks; nothing where no case has any such day."""
    if facts.on_time is None:
        return
    yield Paragraph(wording.CASES_UNTIL)
    for breakdown, title in wording.CASE_TABLES.items():
        rows = facts.on_time.tables.get(breakdown, ())
        if rows:
            yield Subtitle(title)
            yield _table(facts, breakdown, title, rows)
    yield Paragraph(wording.CASES_NOTE, italic=True)


def stated(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the values of these fields; those of all cases also where there is no register."""
    counted = OnTime() if facts.on_time is None else facts.on_time.total
    for name, text in _values(counted, facts.rounding):
        yield f"stated.cases.{name}", text
    if facts.on_time is None:
        return
    yield "stated.cases.on", f"{facts.on_time.on:%d/%m/%Y}"
    for breakdown in wording.CASE_TABLES:
        for row in facts.on_time.tables.get(breakdown, ()):
            for name, text in _values(row.counted, facts.rounding):
                yield f"stated.cases.by.{breakdown}.{escaped(row.key)}.{name}", text


def _table(facts: Facts, breakdown: CaseBreakdown, title: str, rows: tuple[OnTimeRow, ...]) -> Table:
    return Table(
        (Column(wording.ORDER, 2), Column(title, 9, Align.LEFT), *(Column(name, 4) for name in _NUMBERS.values())),
        (
            *(
                Row(
                    (
                        f"{place}",
                        literal(facts.names.row(Breakdown(breakdown.value), row.key)),
                        *(field("stated.cases.by", breakdown, escaped(row.key), name) for name in _NUMBERS),
                    )
                )
                for place, row in enumerate(rows, start=1)
            ),
            Row(("", wording.TOTAL, *(field("stated.cases", name) for name in _NUMBERS)), bold=True),
        ),
    )


def _values(counted: OnTime, rounding: Rounding) -> Iterator[tuple[str, str]]:
    for name in ("received", "early", "punctual", "late", "unpromised", "open_within", "open_overdue"):
        yield name, count_text(getattr(counted, name))
    yield "percent", rounding.percent_text(counted.share)
    average = counted.average_days
    days = NO_NUMBER if average is None else decimal_text(Rounding(rounding.mode, DAYS_DECIMALS).number(average))
    yield "days", days
