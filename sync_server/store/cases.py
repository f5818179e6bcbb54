"""The case register: tokens, never codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select, update

from protocol.messages import CaseToken
from sync_server.store.changes import bump
from sync_server.store.database import insert_or_update
from sync_server.store.schema import cases, votes
from sync_server.store.votes import case_attributions

CHUNK = 500  # below every database's limit of parameters


@dataclass(frozen=True)
class RegisteredCase:
    """A case under its token."""

    token: CaseToken
    procedure: str
    officer: str
    received: date


def register_cases(connection: Connection, site: str, registered: Sequence[RegisteredCase]) -> int:
    """Insert or replace cases; votes that came before their case learn what they are about. Return how many did."""
    learned = 0
    for start in range(0, len(registered), CHUNK):
        chunk = registered[start : start + CHUNK]
        insert_or_update(
            connection,
            cases,
            [
                {
                    "site": site,
                    "case_token": case.token,
                    "procedure": case.procedure,
                    "officer": case.officer,
                    "received": case.received,
                }
                for case in chunk
            ],
            ["site", "case_token"],
        )
        learned += _teach_votes(connection, site, [case.token for case in chunk])
    bump(connection)
    return learned


def _teach_votes(connection: Connection, site: str, tokens: Sequence[CaseToken]) -> int:
    voted = connection.execute(
        select(votes.c.case_token).where(votes.c.site == site, votes.c.case_token.in_(tokens)).distinct()
    )
    waiting = list(voted.scalars())
    if not waiting:
        return 0
    connection.execute(
        update(votes)
        .where(votes.c.site == site, votes.c.case_token == bindparam("token"))
        .values(officer=bindparam("its_officer"), field=bindparam("its_field"), procedure=bindparam("its_procedure")),
        [
            {"token": token, "its_officer": about.officer, "its_field": about.field, "its_procedure": about.procedure}
            for token, about in case_attributions(connection, site, waiting).items()
        ],
    )
    return len(waiting)
