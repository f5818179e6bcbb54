"""The case register: tokens only; votes cast before learn what they are about."""

import secrets
import threading
from dataclasses import replace
from datetime import date

from sqlalchemy import delete, select, text

from protocol.codes import CaseCode
from protocol.messages import Vote
from protocol.tokens import case_token
from protocol.topics import Address
from sync_server.core.attribution import Attribution, attribute
from sync_server.core.book import Kind
from sync_server.core.cases import Case, Channel
from sync_server.core.dated import Record
from sync_server.core.office_data import Procedure
from sync_server.core.quarter import Quarter
from sync_server.store.cases import Registered, register_cases
from sync_server.store.cells import cells as vote_cells
from sync_server.store.changes import change_number
from sync_server.store.database import Database
from sync_server.store.figures import figures
from sync_server.store.folding import fold_anew
from sync_server.store.records import write_records
from sync_server.store.schema import cases, unjudged_days, votes
from sync_server.store.votes import NewVote, attributions, insert_votes
from tests.fakes.patience import DEADLINE, eventually
from tests.fakes.small_office import NOW, SITE, STREAM, THIS_HOUR, seed_kiosk, seed_office, seed_votes, show_all

KEY = bytes(range(32))
CODE = CaseCode("H57.14", date(2026, 10, 2), "0111")
CASE = Case(CODE, "1.012812", "bich", date(2026, 10, 2))
TOKEN = case_token(KEY, CODE)


def register(database: Database, *these: Case, site: str = SITE) -> Registered:
    with database.writing() as connection:
        return register_cases(connection, site, KEY, these, NOW)


def test_a_case_is_kept_under_its_token_only(database: Database) -> None:
    seed_office(database)
    register(database, CASE)
    with database.reading() as connection:
        row = connection.execute(select(cases)).one()
    assert row == (SITE, TOKEN, "1.012812", "bich", date(2026, 10, 2), None, None, None)
    assert "0111" not in repr(CASE)


def test_an_earlier_vote_gains_procedure_officer_and_field(database: Database) -> None:
    seed_office(database)
    show_all(database)
    seed_kiosk(database)
    seed_votes(database, [5], procedure=None, case_token=TOKEN)
    seed_votes(database, [4], procedure=None, case_token="f" * 32)
    seed_votes(database, [3], procedure=None)
    assert register(database, CASE) == Registered(new=1, votes=1)
    counted = figures(database, SITE, Quarter(2026, 4))
    assert [(line.row.key, line.row.answered) for line in counted.by_procedure] == [("1.012812", 1), (None, 2)]
    assert {line.row.key: line.row.answered for line in counted.by_officer} == {"huong": 2, "bich": 1, "thang": 0}
    assert {line.row.key: line.row.answered for line in counted.by_field} == {"ho-tich": 2, "dat-dai": 1}


def test_the_vote_of_another_site_is_left_alone(database: Database) -> None:
    seed_office(database)
    seed_office(database, "phu")
    seed_kiosk(database)
    seed_votes(database, [5], procedure=None, case_token=TOKEN)
    assert register(database, CASE, site="phu") == Registered(new=1)
    with database.reading() as connection:
        assert connection.scalar(select(votes.c.procedure)) is None


def test_registering_again_changes_the_case(database: Database) -> None:
    seed_office(database)
    register(database, CASE)
    register(database, Case(CODE, "1.001193", "huong", date(2026, 10, 3)))
    with database.reading() as connection:
        row = connection.execute(select(cases)).one()
    assert row == (SITE, TOKEN, "1.001193", "huong", date(2026, 10, 3), None, None, None)


def test_readers_are_told(database: Database) -> None:
    seed_office(database)
    before = change_number(database)
    assert register(database) == Registered()
    assert change_number(database) == before
    register(database, CASE)
    assert change_number(database) == before + 1


def test_registering_again_what_is_known_changes_nothing(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)
    seed_votes(database, [5], procedure=None, case_token=TOKEN)
    register(database, CASE)
    before = change_number(database)
    assert register(database, CASE) == Registered(unchanged=1)
    assert change_number(database) == before


def test_what_a_source_is_silent_about_is_kept(database: Database) -> None:
    seed_office(database)
    due, returned = date(2026, 10, 9), date(2026, 10, 8)
    register(database, replace(CASE, due=due, returned=returned, channel=Channel.POST))
    silent = replace(CASE, officer="huong", silent=frozenset({"due", "channel"}))
    assert register(database, silent) == Registered(changed=1)
    with database.reading() as connection:
        row = connection.execute(select(cases.c.officer, cases.c.due, cases.c.returned, cases.c.channel)).one()
    assert row == ("huong", due, None, "post")


def test_a_vote_is_told_the_same_whether_it_comes_before_its_case_or_after(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)
    moved = Record("1.012812", date(2026, 11, 1), Procedure("1.012812", "Hòa giải", "ho-tich"))
    with database.writing() as connection:
        write_records(connection, SITE, [(Kind.PROCEDURE, moved)], "a test", NOW)
    # Received in October, when the procedure was of another field; rated in November.
    seed_votes(database, [5], procedure=None, officer=None, field=None, case_token=TOKEN)
    register(database, CASE)
    after = Vote(secrets.token_hex(16), 2, THIS_HOUR, 1, {"overall": 5}, case_token=TOKEN)
    with database.writing() as connection:
        row = connection.execute(select(votes.c.officer, votes.c.field, votes.c.procedure)).one()
        known = attributions(connection, [(SITE, after)])
    assert attribute(SITE, after, known) == Attribution(*row) == Attribution("bich", "ho-tich", "1.012812")


def test_cells_are_right_after_a_case_came_late(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)
    seed_votes(database, [5, 4], procedure=None, case_token=TOKEN)
    assert len(list(fold_anew(database, NOW))) == 1
    register(database, CASE)
    with database.reading() as connection:
        told = {cell.procedure for cell in vote_cells(connection, SITE, NOW.date(), NOW.date())}
    assert told == {"1.012812"}
    assert not any(each.repaired for each in fold_anew(database, NOW))


def test_a_vote_and_its_case_that_come_at_once_find_each_other(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)
    begins = threading.Event()
    done: list[Registered] = []

    def import_it() -> None:
        begins.set()
        done.append(register(database, CASE))

    importing = threading.Thread(target=import_it)
    vote = Vote(secrets.token_hex(16), 1, THIS_HOUR, 1, {"overall": 5}, case_token=TOKEN)
    with database.writing() as connection:
        about = attribute(SITE, vote, attributions(connection, [(SITE, vote)]))
        importing.start()
        assert begins.wait(DEADLINE)
        if not database.is_sqlite:
            assert eventually(lambda: bool(done) or waits_for_a_lock(database))
        insert_votes(connection, [NewVote(STREAM, Address(SITE, "kiosk-1"), vote, about, THIS_HOUR)], NOW)
    importing.join(DEADLINE)
    assert done == [Registered(new=1, votes=1)]
    with database.reading() as connection:
        assert connection.scalar(select(votes.c.procedure)) == "1.012812"


def waits_for_a_lock(database: Database) -> bool:
    with database.reading() as connection:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(connection.scalar(text(waiting)))


def test_the_days_are_looked_at_again_on_which_other_cases_were_served(database: Database) -> None:
    seed_office(database)

    def marked_by(*these: Case) -> set[date]:
        register(database, *these)
        with database.writing() as connection:
            return set(connection.execute(delete(unjudged_days).returning(unjudged_days.c.day)).scalars())

    moved = replace(CASE, received=date(2026, 10, 5))
    assert marked_by(CASE) == {CASE.received}
    assert marked_by(CASE) == set()
    assert marked_by(moved) == {CASE.received, moved.received}
    assert marked_by(replace(moved, procedure="1.001193")) == set()
    assert marked_by(replace(moved, officer="thang")) == {moved.received}
