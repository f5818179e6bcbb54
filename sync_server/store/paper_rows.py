"""Votes on paper one by one, as rows of an export; of forms that were only counted, a row of how many each.

A form that answers nothing is no vote, and no row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, case, cast, func, select

from protocol.visits import VisitOutcome
from sync_server.core.exports.votes import About, Said
from sync_server.store.paper_cells import COUNTED, LINES
from sync_server.store.schema import paper_answers, paper_batches, paper_lines, paper_reasons

_ABOUT = (paper_batches.c.channel, *(paper_lines.c[name] for name in ("counter", "officer", "field", "procedure")))
_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class PaperRow:
    """The three groups of a row, as the database has them."""

    when: tuple[date, None, date, None]
    about: About
    said: Said


def rows_on_paper(connection: Connection, site: str, first: date, last: date) -> int:
    """Return how many rows there are, counted by the database."""
    within = _within(site, first, last)
    lines = connection.scalar(select(func.count()).select_from(LINES).where(within)) or 0
    levels = LINES.join(paper_answers, paper_answers.c.line == paper_lines.c.line)
    tallied = select(func.count()).select_from(levels).where(within, paper_lines.c.votes > 1, paper_answers.c.forms > 0)
    return lines + (connection.scalar(tallied) or 0)


def each_on_paper(connection: Connection, site: str, first: date, last: date) -> Iterator[PaperRow]:
    """Yield the rows, in the order of days, and by chance within a day."""
    reasons = _reasons(connection, _within(site, first, last))
    answered = LINES.outerjoin(paper_answers, paper_answers.c.line == paper_lines.c.line)
    query = (
        select(
            *(paper_lines.c[name] for name in ("line", "day", "until_day", "votes")),
            *(paper_batches.c.survey, *_ABOUT, paper_answers.c.criterion, paper_answers.c.level, paper_answers.c.forms),
        )
        .select_from(answered)
        .where(_within(site, first, last))
        .order_by(paper_lines.c.day, paper_lines.c.line, paper_answers.c.criterion, paper_answers.c.level)
    )
    result = connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE})
    for line, grouped in groupby(result, key=lambda row: row.line):
        answers = list(grouped)
        yield from _rows(answers, reasons.get(line))


def comments_on_paper(site: str, first: date, last: date) -> Select[Any]:
    """Return a query of the month and text of each comment; its forms need not answer anything."""
    day, until_day = cast(paper_lines.c.day, String), cast(paper_lines.c.until_day, String)
    month, until_month = func.substr(day, 1, 7), func.substr(until_day, 1, 7)
    shown = case((month == until_month, month), else_="").label("shown")
    said = (paper_lines.c.comment.is_not(None)) & (func.trim(paper_lines.c.comment) != "")
    return select(shown, paper_lines.c.comment.label("text")).select_from(LINES).where(_dated(site, first, last), said)


def _rows(answers: list[Any], reasons: str | None) -> Iterator[PaperRow]:
    head = answers[0]
    when = (head.day, None, head.until_day, None)
    about: About = (head.channel, None, head.counter, head.officer, head.field, head.procedure)
    start = (head.survey, str(VisitOutcome.ANSWERED), None)
    chosen = [(f"{row.criterion}={row.level}", int(row.forms)) for row in answers if row.forms]
    if head.votes == 1:
        yield PaperRow(when, about, (*start, 1, 1, ",".join(words for words, _ in chosen) or None, None, reasons))
        return
    yield PaperRow(when, about, (*start, int(head.votes), 0, None, None, reasons))
    for words, forms in chosen:
        yield PaperRow(when, about, (*start, 0, forms, words, None, None))


def _reasons(connection: Connection, within: ColumnElement[bool]) -> dict[str, str]:
    joined = LINES.join(paper_reasons, paper_reasons.c.line == paper_lines.c.line)
    query = select(paper_lines.c.line, paper_reasons.c.reason).select_from(joined).where(within)
    found: dict[str, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.line, []).append(row.reason)
    return {line: ",".join(reasons) for line, reasons in found.items()}


def _dated(site: str, first: date, last: date) -> ColumnElement[bool]:
    in_time = (paper_lines.c.day >= first) & (paper_lines.c.until_day <= last)
    return COUNTED & (paper_lines.c.site == site) & in_time


def _within(site: str, first: date, last: date) -> ColumnElement[bool]:
    return _dated(site, first, last) & (paper_lines.c.votes > 0)
