"""The case register: tokens only; votes cast before learn what they are about."""

import dataclasses
from datetime import date

from sqlalchemy import delete, select

from protocol.codes import CaseCode
from protocol.tokens import case_token
from sync_server.core.office_data import Case
from sync_server.core.quarter import Quarter
from sync_server.store.cases import register_cases
from sync_server.store.changes import change_number
from sync_server.store.database import Database
from sync_server.store.figures import figures
from sync_server.store.schema import cases, unjudged_days, votes
from tests.fakes.small_office import NOW, SITE, seed_kiosk, seed_office, seed_votes

KEY = bytes(range(32))
CODE = CaseCode("H57.14", date(2026, 10, 2), "0111")
CASE = Case(CODE, "1.012812", "bich", date(2026, 10, 2))
TOKEN = case_token(KEY, CODE)


def register(database: Database, *these: Case, site: str = SITE) -> int:
    with database.writing() as connection:
        return register_cases(connection, site, KEY, these, NOW)


def test_a_case_is_kept_under_its_token_only(database: Database) -> None:
    seed_office(database)
    register(database, CASE)
    with database.reading() as connection:
        row = connection.execute(select(cases)).one()
    assert row == (SITE, TOKEN, "1.012812", "bich", date(2026, 10, 2))
    assert "0111" not in repr(CASE)


def test_an_earlier_vote_gains_procedure_officer_and_field(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)
    seed_votes(database, [5], procedure=None, case_token=TOKEN)
    seed_votes(database, [4], procedure=None, case_token="f" * 32)
    seed_votes(database, [3], procedure=None)
    assert register(database, CASE) == 1
    counted = figures(database, SITE, Quarter(2026, 4))
    assert [(row.key, row.tally.total) for row in counted.by_procedure] == [("1.012812", 1), (None, 2)]
    assert {row.key: row.tally.total for row in counted.by_officer} == {"huong": 2, "bich": 1, "thang": 0}
    assert {row.key: row.tally.total for row in counted.by_field} == {"ho-tich": 2, "dat-dai": 1}


def test_the_vote_of_another_site_is_left_alone(database: Database) -> None:
    seed_office(database)
    seed_office(database, "phu")
    seed_kiosk(database)
    seed_votes(database, [5], procedure=None, case_token=TOKEN)
    assert register(database, CASE, site="phu") == 0
    with database.reading() as connection:
        assert connection.scalar(select(votes.c.procedure)) is None


def test_registering_again_changes_the_case(database: Database) -> None:
    seed_office(database)
    register(database, CASE)
    register(database, Case(CODE, "1.001193", "huong", date(2026, 10, 3)))
    with database.reading() as connection:
        row = connection.execute(select(cases)).one()
    assert row == (SITE, TOKEN, "1.001193", "huong", date(2026, 10, 3))


def test_readers_are_told(database: Database) -> None:
    seed_office(database)
    before = change_number(database)
    assert register(database) == 0
    assert change_number(database) == before
    register(database, CASE)
    assert change_number(database) == before + 1


def test_the_days_are_looked_at_again_on_which_other_cases_were_served(database: Database) -> None:
    seed_office(database)

    def marked_by(*these: Case) -> set[date]:
        register(database, *these)
        with database.writing() as connection:
            return set(connection.execute(delete(unjudged_days).returning(unjudged_days.c.day)).scalars())

    moved = dataclasses.replace(CASE, received=date(2026, 10, 5))
    assert marked_by(CASE) == {CASE.received}
    assert marked_by(CASE) == set()
    assert marked_by(moved) == {CASE.received, moved.received}
    assert marked_by(dataclasses.replace(moved, procedure="1.001193")) == set()
    assert marked_by(dataclasses.replace(moved, officer="thang")) == {moved.received}
