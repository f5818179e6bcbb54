"""The case register: under tokens, never under codes. Registering again what is known already changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from protocol.messages import CaseToken
from protocol.tokens import case_token
from sync_server.core.attribution import Attribution, RegisteredCase, of_case
from sync_server.core.book import Kind
from sync_server.core.cases import Case
from sync_server.store.among import among
from sync_server.store.cells import mark_stale
from sync_server.store.changes import bump
from sync_server.store.database import insert_or_update
from sync_server.store.postgres import add_cases_alone
from sync_server.store.records import books
from sync_server.store.schema import cases, votes
from sync_server.store.unjudged import mark_unjudged

_COLUMNS = ("procedure", "officer", "received", "due", "returned", "channel")


@dataclass(frozen=True)
class Registered:
    """What became of cases, and how many votes, cast before, now know what they are about."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    votes: int = 0

    def __add__(self, other: "Registered") -> "Registered":
        return Registered(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.votes + other.votes,
        )


def register_cases(
    connection: Connection, site: str, key: bytes, received: Iterable[Case], now: datetime
) -> Registered:
    """Add cases or bring them up to date, and tell the votes that were cast for them; of one code the last counts.

    Thousands at a time are best: everything is held in memory, and votes wait meanwhile.
    """
    by_token = {case_token(key, case.code): case for case in received}
    if not by_token:
        return Registered()
    if connection.dialect.name != "sqlite":  # there only one writes at a time
        add_cases_alone(connection)
    known = {
        row.case_token: row._asdict()
        for row in connection.execute(
            select(cases).where(cases.c.site == site, among(connection, cases.c.case_token, by_token))
        )
    }
    rows = {token: _row(site, token, case, known.get(token)) for token, case in by_token.items()}
    different = [row for token, row in rows.items() if row != known.get(token)]
    served_on = _days_served_differently(different, known)
    insert_or_update(connection, cases, different, ["site", "case_token"])
    told = _tell(connection, site, rows, served_on, now)
    if different or told:
        bump(connection)
    new = len(rows) - len(known)
    return Registered(new, len(different) - new, len(rows) - len(different), told)


def _days_served_differently(different: Iterable[dict[str, Any]], known: dict[str, dict[str, Any]]) -> set[date]:
    """Return the days on which, by these cases, an officer has served more or fewer than was known."""
    days: set[date] = set()
    for row in different:
        before = known.get(row["case_token"])
        if before is None:
            days.add(row["received"])
        elif (before["officer"], before["received"]) != (row["officer"], row["received"]):
            days |= {before["received"], row["received"]}
    return days


def _row(site: str, token: CaseToken, case: Case, known: dict[str, Any] | None) -> dict[str, Any]:
    said = {name: getattr(case, name) for name in _COLUMNS}
    said["channel"] = None if case.channel is None else str(case.channel)
    kept = {} if known is None else {name: known[name] for name in case.silent}
    return {"site": site, "case_token": token, **said, **kept}


def _tell(
    connection: Connection, site: str, rows: dict[CaseToken, dict[str, Any]], served_on: set[date], now: datetime
) -> int:
    """Tell the votes of cases what they are about, as the ingest tells those that come later; return how many."""
    asked = (votes.c.vote_id, votes.c.case_token, votes.c.day, votes.c.procedure, votes.c.officer, votes.c.field)
    theirs = (votes.c.site == site) & among(connection, votes.c.case_token, rows)
    cast = connection.execute(select(*asked).where(theirs)).all()
    needed = {rows[vote.case_token]["procedure"] for vote in cast}
    catalogue = books(connection, [site], [Kind.PROCEDURE], needed)[site]
    ids: list[dict[str, Any]] = []
    days: set[date] = set()
    for vote in cast:
        case = rows[vote.case_token]
        about = of_case(RegisteredCase(case["procedure"], case["officer"]), catalogue, vote.day)
        if about != Attribution(vote.officer, vote.field, vote.procedure):
            days.add(vote.day)
            ids.append(
                {
                    "this": vote.vote_id,
                    "its_procedure": about.procedure,
                    "its_officer": about.officer,
                    "its_field": about.field,
                }
            )
    # All days at once, in order, then the half months: everybody marks so, for else two would wait for each other.
    changed = [(site, day) for day in days | served_on]
    mark_unjudged(connection, changed, now)
    mark_stale(connection, changed, now)
    if not ids:
        return 0
    connection.execute(
        update(votes)
        .where(votes.c.vote_id == bindparam("this"))
        .values(procedure=bindparam("its_procedure"), officer=bindparam("its_officer"), field=bindparam("its_field")),
        ids,
    )
    return len(ids)
