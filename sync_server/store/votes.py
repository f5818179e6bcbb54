"""Votes and what they are about: what the ingest reads and writes, each function inside its transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from sqlalchemy import Connection, Table, select

from protocol.messages import CaseToken, StreamId, Vote, VoteId, whole_hour
from protocol.topics import Address
from sync_server.core.attribution import Attribution, Known, RegisteredCase
from sync_server.core.book import Book, Kind, Said
from sync_server.core.quarter import local_day
from sync_server.store.among import among
from sync_server.store.bulk import bulk_insert
from sync_server.store.cells import touch
from sync_server.store.postgres import keep_cases_as_they_are
from sync_server.store.records import read_records
from sync_server.store.schema import (
    answers,
    cases,
    comments,
    vote_labels,
    vote_reasons,
    votes,
)


def known_ids(connection: Connection, ids: Iterable[VoteId]) -> set[VoteId]:
    """Return those of the ids that are stored already."""
    stored = select(votes.c.vote_id).where(among(connection, votes.c.vote_id, ids))
    return set(connection.execute(stored).scalars())


def attributions(connection: Connection, cast: Iterable[tuple[str, Vote]]) -> Known:
    """Return what is known of what these votes, each with its site, may be about.

    Until the transaction ends no case is registered: whoever does it then finds these votes.
    """
    if connection.dialect.name != "sqlite":  # there only one writes at a time
        keep_cases_as_they_are(connection)
    tokens: dict[str, set[CaseToken]] = {}
    for site, vote in cast:
        its_tokens = tokens.setdefault(site, set())
        if vote.case_token is not None:
            its_tokens.add(vote.case_token)
    known_cases = _cases(connection, tokens)
    said = defaultdict[str, list[Said]](list)
    for site, record in read_records(connection, tokens, [Kind.OFFICER, Kind.COUNTER]):
        said[site].append(record)
    if known_cases:
        # Of hundreds of procedures only those that are needed.
        needed = {case.procedure for case in known_cases.values()}
        for site, record in read_records(connection, tokens, [Kind.PROCEDURE], needed):
            said[site].append(record)
    return Known(known_cases, {site: Book.of(site, records) for site, records in said.items()})


def _cases(
    connection: Connection, tokens: Mapping[str, Collection[CaseToken]]
) -> dict[tuple[str, CaseToken], RegisteredCase]:
    known: dict[tuple[str, CaseToken], RegisteredCase] = {}
    for site, its_tokens in tokens.items():
        if not its_tokens:
            continue
        rows = connection.execute(
            select(cases.c.case_token, cases.c.officer, cases.c.procedure).where(
                cases.c.site == site, among(connection, cases.c.case_token, its_tokens)
            )
        )
        for row in rows:
            known[site, row.case_token] = RegisteredCase(row.procedure, row.officer)
    return known


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
    *("case_token", "officer", "field", "procedure", "received_hour", "outcome", "best_first"),
)


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
                *(entry.vote.outcome, int(entry.vote.best_first)),
            )
            for entry in new
        ],
        all_new=True,
    )
    touch(connection, {(entry.address.site, days[entry.vote.hour]) for entry in new}, now)
    each = [entry.vote for entry in new]
    of_votes: tuple[tuple[Table, tuple[str, ...], list[tuple[object, ...]]], ...] = (
        (
            answers,
            ("criterion", "level"),
            [(vote.vote_id, *answer) for vote in each for answer in vote.answers.items()],
        ),
        (vote_reasons, ("reason",), [(vote.vote_id, reason) for vote in each for reason in set(vote.reasons)]),
        (vote_labels, ("label",), [(vote.vote_id, label) for vote in each for label in set(vote.labels)]),
        (comments, ("text",), [(vote.vote_id, normalize("NFC", vote.comment)) for vote in each if vote.comment]),
    )
    for table, columns, rows in of_votes:
        bulk_insert(connection, table, ("vote_id", *columns), rows, all_new=True)
