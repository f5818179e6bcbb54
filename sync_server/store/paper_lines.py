"""The lines of a batch: entered, entered again, compared and decided; each function inside its transaction."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select

from sync_server.core.paper import FIRST_ENTRY, SECOND_ENTRY, Difference, Line, differences
from sync_server.store.bulk import bulk_insert
from sync_server.store.schema import paper_answers, paper_decisions, paper_lines, paper_reasons

_OF_LINE = ("day", "until_day", "counter", "officer", "field", "procedure", "forms", "votes")
_COLUMNS = ("line", "site", "batch", "entry", "number", *_OF_LINE, "comment", "entered_at", "entered_by")


def lines_of(connection: Connection, site: str, batch: str, entry: int) -> dict[int, Line]:
    """Return the lines of an entry by their numbers."""
    within = _of(site, batch) & (paper_lines.c.entry == entry)
    answers: defaultdict[str, dict[tuple[str, int], int]] = defaultdict(dict)
    joined = select(paper_answers).join(paper_lines, paper_lines.c.line == paper_answers.c.line)
    for row in connection.execute(joined.where(within)):
        answers[row.line][row.criterion, row.level] = row.forms
    reasons: defaultdict[str, set[str]] = defaultdict(set)
    joined = select(paper_reasons).join(paper_lines, paper_lines.c.line == paper_reasons.c.line)
    for row in connection.execute(joined.where(within)):
        reasons[row.line].add(row.reason)
    return {
        row.number: Line(
            number=row.number,
            **{name: getattr(row, name) for name in _OF_LINE},
            answers=answers[row.line],
            reasons=frozenset(reasons[row.line]),
            comment=row.comment,
        )
        for row in connection.execute(select(paper_lines).where(within))
    }


def add_lines(
    connection: Connection, site: str, batch: str, entry: int, lines: Sequence[Line], by: str, now: datetime
) -> None:
    """Add lines under numbers that the entry does not have yet."""
    keys = [secrets.token_hex(16) for _ in lines]
    rows = [
        (
            *(key, site, batch, entry, line.number),
            *(getattr(line, name) for name in _OF_LINE),
            *(line.comment, now, by),
        )
        for key, line in zip(keys, lines, strict=True)
    ]
    bulk_insert(connection, paper_lines, _COLUMNS, rows, all_new=True)
    answers = [
        (key, criterion, level, forms)
        for key, line in zip(keys, lines, strict=True)
        for (criterion, level), forms in line.answers.items()
    ]
    bulk_insert(connection, paper_answers, ("line", "criterion", "level", "forms"), answers, all_new=True)
    reasons = [(key, reason) for key, line in zip(keys, lines, strict=True) for reason in sorted(line.reasons)]
    bulk_insert(connection, paper_reasons, ("line", "reason"), reasons, all_new=True)


def compared(connection: Connection, site: str, batch: str) -> tuple[Difference, ...]:
    """Return in what the two entries differ; nothing when there is only one."""
    second = lines_of(connection, site, batch, SECOND_ENTRY)
    if not second:
        return ()
    return tuple(differences(lines_of(connection, site, batch, FIRST_ENTRY).values(), second.values()))


def undecided(connection: Connection, site: str, batch: str) -> tuple[Difference, ...]:
    """Return those differences of which nobody has decided."""
    done = decisions(connection, site, batch)
    return tuple(each for each in compared(connection, site, batch) if each.number not in done)


def decisions(connection: Connection, site: str, batch: str) -> dict[int, int]:
    """Return which entry counts of each number that was decided."""
    within = (paper_decisions.c.site == site) & (paper_decisions.c.batch == batch)
    rows = connection.execute(select(paper_decisions.c.number, paper_decisions.c.entry).where(within))
    return {row.number: row.entry for row in rows}


def add_decision(
    connection: Connection, site: str, batch: str, number: int, entry: int, by: str, because: str, now: datetime
) -> None:
    """Note which entry of a number counts; there must be no decision of it yet."""
    what = {"site": site, "batch": batch, "number": number, "entry": entry}
    done = {"decided_at": now, "decided_by": by, "decided_because": because}
    connection.execute(insert(paper_decisions).values(**what, **done))


def _of(site: str, batch: str) -> ColumnElement[bool]:
    return (paper_lines.c.site == site) & (paper_lines.c.batch == batch)
