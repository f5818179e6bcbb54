"""Votes and what they are about: what the ingest reads and writes, each function inside its transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from protocol.messages import CaseToken, StreamId, Vote, VoteId, whole_hour
from protocol.topics import Address
from sync_server.core.attribution import Attribution
from sync_server.core.quarter import local_day
from sync_server.store.among import among
from sync_server.store.bulk import bulk_insert
from sync_server.store.schema import answers, cases, counters, officers, procedures, votes


def known_ids(connection: Connection, ids: Iterable[VoteId]) -> set[VoteId]:
    """Return those of the ids that are stored already."""
    stored = select(votes.c.vote_id).where(among(connection, votes.c.vote_id, ids))
    return set(connection.execute(stored).scalars())


def case_attributions(
    connection: Connection, tokens: Mapping[str, Collection[CaseToken]]
) -> dict[tuple[str, CaseToken], Attribution]:
    """Return what the case registers know of these cases, given by site."""
    known: dict[tuple[str, CaseToken], Attribution] = {}
    for site, its_tokens in tokens.items():
        rows = connection.execute(
            select(cases.c.case_token, cases.c.officer, procedures.c.field, cases.c.procedure)
            .join(procedures, (procedures.c.site == cases.c.site) & (procedures.c.procedure == cases.c.procedure))
            .where(cases.c.site == site, among(connection, cases.c.case_token, its_tokens))
        )
        for row in rows:
            known[site, row.case_token] = Attribution(row.officer, row.field, row.procedure)
    return known


def counter_attributions(connection: Connection, sites: Iterable[str]) -> dict[tuple[str, int], Attribution]:
    """Return who serves each counter of these sites."""
    rows = connection.execute(
        select(counters.c.site, counters.c.counter, counters.c.officer, officers.c.field)
        .join(officers, (officers.c.site == counters.c.site) & (officers.c.officer == counters.c.officer))
        .where(counters.c.site.in_(list(sites)))
    )
    return {(row.site, row.counter): Attribution(row.officer, row.field) for row in rows}


@dataclass(frozen=True)
class NewVote:
    """A vote that is to be stored: whose it is, what it is about, and until when it may have been cast."""

    stream: StreamId
    address: Address
    vote: Vote
    about: Attribution
    until_hour: datetime


VOTE_COLUMNS = (
    *("vote_id", "stream", "number", "site", "kiosk", "hour", "until_hour", "day", "until_day", "survey", "counter"),
    *("case_token", "officer", "field", "procedure", "received_hour"),
)
_ANSWER_COLUMNS = ("vote_id", "criterion", "level")


def insert_votes(connection: Connection, new: Sequence[NewVote], now: datetime) -> None:
    """Insert votes that are all new, with their answers; an id that is stored already fails the transaction."""
    received_hour = whole_hour(now)
    hours = {hour for entry in new for hour in (entry.vote.hour, entry.until_hour)}
    days = {hour: local_day(hour) for hour in hours}  # few different ones
    bulk_insert(
        connection,
        votes,
        VOTE_COLUMNS,
        [
            (
                *(entry.vote.vote_id, entry.stream, entry.vote.number, entry.address.site, entry.address.kiosk),
                *(entry.vote.hour, entry.until_hour, days[entry.vote.hour], days[entry.until_hour]),
                *(entry.vote.survey, entry.vote.counter, entry.vote.case_token),
                *(entry.about.officer, entry.about.field, entry.about.procedure, received_hour),
            )
            for entry in new
        ],
        all_new=True,
    )
    bulk_insert(
        connection,
        answers,
        _ANSWER_COLUMNS,
        [(entry.vote.vote_id, criterion, level) for entry in new for criterion, level in entry.vote.answers.items()],
        all_new=True,
    )
