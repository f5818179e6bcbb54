"""Looking at everything that a time must have before it may be closed."""

from collections import Counter
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

from protocol.visits import VisitOutcome
from sync_server.core.decisions.readiness import Looked, OpenBatch
from sync_server.core.rules import Rules
from sync_server.store.cells import cells
from sync_server.store.ledger import read_ledgers
from sync_server.store.paper_lines import undecided
from sync_server.store.reviews import labels_there
from sync_server.store.schema import cases, paper_batches, paper_lines, unjudged_days, votes


def look(connection: Connection, site: str, span: str, days: tuple[date, date], rules: Rules) -> Looked:
    """Return what is known of a time, in the view of this connection."""
    first, last = days
    newest = connection.scalar(select(func.max(cases.c.received)).where(cases.c.site == site, cases.c.received <= last))
    return Looked(
        span=span,
        last=last,
        kiosks=read_ledgers(connection, site),
        undated=_undated(connection, site, first, last),
        unreviewed=_unreviewed(connection, site, first, last),
        excluded=rules.excluded,
        newest_case=newest,
        cases_unknown=_cases_unknown(connection, site, first, last),
        batches=_open_batches(connection, site, first, last),
        unjudged_days=_unjudged(connection, site, first, last),
    )


def first_vote(connection: Connection, site: str) -> date | None:
    """Return the day of the first vote of a site, on a kiosk or on paper."""
    found = [connection.scalar(select(func.min(table.c.day)).where(table.c.site == site)) for table in _WITH_DAYS]
    return min((day for day in found if day is not None), default=None)


_WITH_DAYS = (votes, paper_lines)


def _undated(connection: Connection, site: str, first: date, last: date) -> int:
    found = cells(connection, site, first, last)
    return sum(cell.votes for cell in found if cell.is_whole_votes and not cell.lies_within(first, last))


def _unreviewed(connection: Connection, site: str, first: date, last: date) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for there in labels_there(connection, site, first, last, unreviewed=True):
        counted[there.label] += there.votes
    return dict(counted)


def _cases_unknown(connection: Connection, site: str, first: date, last: date) -> int:
    registered = select(cases.c.case_token).where(cases.c.site == site, cases.c.case_token == votes.c.case_token)
    unknown = _within(site, first, last) & votes.c.case_token.is_not(None) & ~registered.exists()
    return connection.scalar(select(func.count()).select_from(votes).where(unknown)) or 0


def _within(site: str, first: date, last: date) -> ColumnElement[bool]:
    within = (votes.c.site == site) & (votes.c.day >= first) & (votes.c.until_day <= last)
    return within & (votes.c.outcome == VisitOutcome.ANSWERED)


def _open_batches(connection: Connection, site: str, first: date, last: date) -> tuple[OpenBatch, ...]:
    reaching = (paper_batches.c.site == site) & (paper_batches.c.first <= last) & (paper_batches.c.last >= first)
    still = reaching & paper_batches.c.closed_at.is_(None) & paper_batches.c.withdrawn_at.is_(None)
    names = connection.execute(select(paper_batches.c.batch).where(still).order_by(paper_batches.c.batch)).scalars()
    return tuple(OpenBatch(name, len(undecided(connection, site, name))) for name in names.all())


def _unjudged(connection: Connection, site: str, first: date, last: date) -> int:
    marked = (unjudged_days.c.site == site) & (unjudged_days.c.day >= first) & (unjudged_days.c.day <= last)
    return connection.scalar(select(func.count()).select_from(unjudged_days).where(marked)) or 0
