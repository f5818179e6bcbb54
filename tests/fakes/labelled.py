"""Votes that rules may label, written straight into the tables of the small office; and what came of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from sync_server.core.book import THE_OFFICE, Kind
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.letterhead import Letterhead
from sync_server.core.opening import Opening
from sync_server.core.quarter import local_day
from sync_server.core.rules import Rules
from sync_server.store.cells import touch
from sync_server.store.database import Database
from sync_server.store.labelling import Judged, judge
from sync_server.store.records import write_records
from sync_server.store.schema import answers, cases, rule_labels, vote_labels, votes
from sync_server.store.unjudged import mark_unjudged
from tests.fakes.small_office import NOW, SITE, STREAM, THIS_HOUR

QUIET_BY_THEN = NOW + timedelta(hours=3)
DAY = local_day(THIS_HOUR)


def cast(
    database: Database,
    number: int,
    *,
    level: int = 4,
    hour: datetime = THIS_HOUR,
    until_hour: datetime | None = None,
    kiosk: str = "kiosk-1",
    stream: str = STREAM,
    counter: int | None = 1,
    case_token: str | None = None,
    officer: str | None = "huong",
    labels: Iterable[str] = (),
    site: str = SITE,
    outcome: str = "answered",
) -> str:
    """Write a vote; return its id, which tells stream and number."""
    vote_id = f"{stream[:4]}{number:028x}"
    until = until_hour or hour
    with database.writing() as connection:
        connection.execute(
            insert(votes).values(
                vote_id=vote_id,
                stream=stream,
                number=number,
                site=site,
                kiosk=kiosk,
                hour=hour,
                until_hour=until,
                day=local_day(hour),
                until_day=local_day(until),
                survey=1,
                counter=counter,
                case_token=case_token,
                officer=officer,
                received_hour=hour,
                outcome=outcome,
            )
        )
        connection.execute(insert(answers).values(vote_id=vote_id, criterion="overall", level=level))
        for label in labels:
            connection.execute(insert(vote_labels).values(vote_id=vote_id, label=label))
        touch(connection, [(site, local_day(hour))], NOW)
    return vote_id


def register(database: Database, token: str, officer: str = "huong", received: datetime = THIS_HOUR) -> None:
    """Write a case, and that something is to be looked at."""
    with database.writing() as connection:
        its = {"procedure": "1.001193", "officer": officer, "received": local_day(received)}
        connection.execute(insert(cases).values(site=SITE, case_token=token, **its))
        mark_unjudged(connection, [(SITE, local_day(received))], NOW)


def have_rules(database: Database, rules: Rules, *openings: Opening) -> None:
    """Say how the office counts and when it is open, as if it had always been so."""
    letterhead = Letterhead("Một cửa", "UBND thị trấn Sịa", opening_hours=openings)
    with database.writing() as connection:
        said = ((Kind.RULES, Record("rules", ALWAYS, rules)), (Kind.OFFICE, Record(THE_OFFICE, ALWAYS, letterhead)))
        write_records(connection, SITE, said, "a test", NOW)


def run_rules(database: Database) -> list[Judged]:
    """Have everything looked at."""
    return list(judge(database, QUIET_BY_THEN))


def given_by_rules(database: Database) -> set[tuple[str, str]]:
    with database.reading() as connection:
        return {(row.vote_id, row.label) for row in connection.execute(select(rule_labels))}
