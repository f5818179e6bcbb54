"""The case register: under tokens, never under codes."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from protocol.tokens import case_token
from sync_server.core.attribution import RegisteredCase, of_case
from sync_server.core.book import Kind
from sync_server.core.office_data import Case
from sync_server.store.among import among
from sync_server.store.cells import touch
from sync_server.store.changes import bump
from sync_server.store.database import insert_or_update
from sync_server.store.records import books
from sync_server.store.schema import cases, votes
from sync_server.store.unjudged import mark_unjudged


def register_cases(connection: Connection, site: str, key: bytes, received: Iterable[Case], now: datetime) -> int:
    """Add cases or bring them up to date; return how many votes, cast before, now know what they are about."""
    rows: list[dict[str, Any]] = [
        {
            "site": site,
            "case_token": case_token(key, case.code),
            "procedure": case.procedure,
            "officer": case.officer,
            "received": case.received,
        }
        for case in received
    ]
    if not rows:
        return 0
    served_on = _days_served_differently(connection, site, rows)
    insert_or_update(connection, cases, rows, ["site", "case_token"])
    catalogue = books(connection, [site], [Kind.PROCEDURE])[site]
    tokens = [row["case_token"] for row in rows]
    rated = select(votes.c.day).where(votes.c.site == site, among(connection, votes.c.case_token, tokens)).distinct()
    days = [(site, day) for day in connection.execute(rated).scalars()]
    # All days at once, in order, then the half months: everybody marks so, for else two would wait for each other.
    mark_unjudged(connection, [*days, *((site, day) for day in served_on)], now)
    touch(connection, days, now)
    told = connection.execute(
        update(votes)
        .where(votes.c.site == bindparam("of_site"), votes.c.case_token == bindparam("of_case"))
        .values(procedure=bindparam("its_procedure"), officer=bindparam("its_officer"), field=bindparam("its_field")),
        [
            {
                "of_site": site,
                "of_case": row["case_token"],
                "its_procedure": row["procedure"],
                "its_officer": row["officer"],
                "its_field": of_case(
                    RegisteredCase(row["procedure"], row["officer"]), catalogue, row["received"]
                ).field,
            }
            for row in rows
        ],
    )
    bump(connection)
    return told.rowcount


def _days_served_differently(connection: Connection, site: str, rows: list[dict[str, Any]]) -> set[date]:
    """Return the days on which, by these cases, an officer has served more or fewer than was known."""
    told = {row["case_token"]: (row["officer"], row["received"]) for row in rows}
    query = select(cases.c.case_token, cases.c.officer, cases.c.received)
    query = query.where(cases.c.site == site, among(connection, cases.c.case_token, told))
    known = {row.case_token: (row.officer, row.received) for row in connection.execute(query)}
    differing = [token for token, case in told.items() if known.get(token) != case]
    return {day for token in differing for _, day in (told[token], known.get(token, told[token]))}
