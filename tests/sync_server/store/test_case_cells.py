"""The register counted: as the figures ask for it, under the field of the day."""

from dataclasses import replace
from datetime import date

from protocol.codes import CaseCode
from sync_server.core.book import Kind
from sync_server.core.cases import Case, Channel
from sync_server.core.dated import Record
from sync_server.core.figures.on_time import CaseCell
from sync_server.core.office_data import Procedure
from sync_server.store.case_cells import cases_of, cases_waiting
from sync_server.store.cases import register_cases
from sync_server.store.database import Database
from sync_server.store.records import book, write_records
from tests.fakes.small_office import NOW, SITE, seed_office

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
RECEIVED, DUE = date(2026, 10, 2), date(2026, 10, 9)


def case(number: int, received: date = RECEIVED, due: date | None = DUE, returned: date | None = None) -> Case:
    code = CaseCode("H57.14", received, f"{number:04}")
    return Case(code, "1.012812", "bich", received, due, returned, Channel.DIRECT)


def register(database: Database, *these: Case, site: str = SITE) -> None:
    with database.writing() as connection:
        register_cases(connection, site, bytes(32), these, NOW)


def test_cases_alike_are_one_cell_under_the_field_of_the_day_they_were_received(database: Database) -> None:
    seed_office(database)
    moved = Record("1.012812", date(2026, 11, 1), Procedure("1.012812", "Hòa giải", "ho-tich"))
    with database.writing() as connection:
        write_records(connection, SITE, [(Kind.PROCEDURE, moved)], "a test", NOW)
    november = date(2026, 11, 3)
    register(database, case(1), case(2), replace(case(3), channel=None), case(4, november, None, november))
    with database.reading() as connection:
        found = set(cases_of(connection, book(connection, SITE), FIRST, LAST))
    about = ("1.012812", "bich", "dat-dai")
    assert found == {
        CaseCell(*about, Channel.DIRECT, RECEIVED, DUE, None, 2),
        CaseCell(*about, None, RECEIVED, DUE, None, 1),
        CaseCell("1.012812", "bich", "ho-tich", Channel.DIRECT, november, None, november, 1),
    }


def test_only_what_concerns_the_time_and_the_site_is_read(database: Database) -> None:
    seed_office(database)
    seed_office(database, "phu")
    before, after = date(2026, 9, 1), date(2027, 1, 2)
    register(database, case(1, before, None, date(2026, 9, 30)), case(2, before, None, FIRST), case(3, before))
    register(database, case(4, after, None), case(5, LAST, after, after))
    register(database, case(6), site="phu")
    with database.reading() as connection:
        found = list(cases_of(connection, book(connection, SITE), FIRST, LAST))
    assert sorted((each.received, each.returned or date.max) for each in found) == [
        (before, FIRST),
        (before, date.max),
        (LAST, after),
    ]


def test_what_waits_is_what_is_due_by_tomorrow(database: Database) -> None:
    seed_office(database)
    tomorrow, in_two_days = date(2026, 10, 10), date(2026, 10, 11)
    register(database, case(1), case(2, due=tomorrow), case(3, due=in_two_days), case(4, due=None))
    register(database, case(5, returned=DUE), case(6, returned=tomorrow))
    with database.reading() as connection:
        found = list(cases_waiting(connection, book(connection, SITE), DUE))
    assert sorted((each.due, each.returned, each.cases) for each in found if each.due and not each.returned) == [
        (DUE, None, 1),
        (tomorrow, None, 1),
    ]
    assert [each.returned for each in found if each.returned] == [tomorrow]
