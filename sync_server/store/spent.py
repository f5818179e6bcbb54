"""Cases that were rated by votes which do not tell any more for which case they were cast."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import Connection, select, update

from protocol.messages import CaseToken
from sync_server.core.labelling.duplicates import Spent
from sync_server.core.quarter import VIETNAM, local_day
from sync_server.store.among import among
from sync_server.store.bulk import bulk_insert
from sync_server.store.schema import decisions, spent_tokens, votes


@dataclass(frozen=True)
class Days:
    """The first and last day of a time whose votes forget, or have forgotten."""

    first: date
    last: date


def spent_among(connection: Connection, site: str, tokens: Iterable[CaseToken]) -> list[Spent]:
    """Return within which times those of these cases were rated that votes have forgotten."""
    named = (spent_tokens.c.site == site) & among(connection, spent_tokens.c.case_token, sorted(tokens))
    rows = connection.execute(select(spent_tokens).where(named))
    return [Spent(row.case_token, row.first, row.last) for row in rows]


def forgetting_on(connection: Connection, site: str, day: date) -> Days | None:
    """Return the time around a day whose votes forget, or have forgotten; None where they do not."""
    around = (decisions.c.site == site) & (decisions.c.first <= day) & (decisions.c.last >= day)
    begun = select(decisions.c.first, decisions.c.last).where(around, decisions.c.forgetting_at.is_not(None))
    row = connection.execute(begun.order_by(decisions.c.first).limit(1)).one_or_none()
    return None if row is None else Days(row.first, row.last)


def forget_day(connection: Connection, site: str, day: date, days: Days) -> int:
    """Have the votes that were certainly cast within these days, and begun on one of them, forget; return how many."""
    of_day = (votes.c.site == site) & (votes.c.day == day) & (votes.c.until_day <= days.last)
    named = of_day & votes.c.case_token.is_not(None)
    tokens = connection.execute(select(votes.c.case_token).where(named).distinct()).scalars().all()
    rows = [(site, token, days.first, days.last) for token in sorted(tokens)]
    bulk_insert(connection, spent_tokens, ("site", "case_token", "first", "last"), rows)
    done = connection.execute(update(votes).where(named).values(case_token=None)).rowcount
    for hour in connection.execute(select(votes.c.received_hour).where(of_day).distinct()).scalars().all():
        if hour != (begun := _day_of(hour)):
            these = of_day & (votes.c.received_hour == hour)
            connection.execute(update(votes).where(these).values(received_hour=begun))
    return done


def _day_of(hour: datetime) -> datetime:
    return datetime.combine(local_day(hour), time(), VIETNAM).astimezone(UTC)
