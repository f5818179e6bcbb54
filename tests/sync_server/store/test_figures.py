"""Figures are counted from the votes themselves."""

from datetime import UTC, datetime, timedelta

import pytest

from protocol.visits import VisitOutcome
from sync_server.core.figures.quarterly import Line
from sync_server.core.quarter import Quarter
from sync_server.store.changes import bump, change_number
from sync_server.store.database import Database
from sync_server.store.figures import UnknownSite, figures, offices
from tests.fakes.small_office import SITE, seed_kiosk, seed_office, seed_refused, seed_votes, show_all

QUARTER = Quarter(2026, 4)


def keys(lines: tuple[Line, ...]) -> list[tuple[str | None, int | None]]:
    return [(line.row.key, line.row.answered) for line in lines]


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    seed_office(database)
    show_all(database)
    seed_kiosk(database)


def test_votes_are_counted_by_officer_field_and_procedure(database: Database) -> None:
    seed_votes(database, [5, 4, 3])
    seed_votes(database, [1, 1], officer="thang", field="dat-dai", procedure="1.012812")
    seed_votes(database, [5], procedure=None)
    seed_votes(database, [2], officer=None, field=None, procedure=None)
    counted = figures(database, SITE, QUARTER)
    assert counted.total.levels == (2, 1, 1, 1, 2)
    assert counted.total.satisfied == 3
    assert keys(counted.by_officer) == [("huong", 4), ("thang", 2), ("bich", 0), (None, 1)]
    assert keys(counted.by_field) == [("ho-tich", 4), ("dat-dai", 2), (None, 1)]
    assert keys(counted.by_procedure) == [("1.001193", 3), ("1.012812", 2), (None, 2)]


def test_a_visit_that_was_not_answered_is_no_vote(database: Database) -> None:
    seed_votes(database, [5])
    seed_votes(database, [1, 1], outcome=VisitOutcome.ABANDONED)
    border = datetime(2026, 12, 31, 16, tzinfo=UTC)
    seed_votes(database, [1], outcome=VisitOutcome.ABANDONED, hour=border, until_hour=border + timedelta(hours=3))
    counted = figures(database, SITE, QUARTER)
    assert counted.total.levels == (0, 0, 0, 0, 1)
    assert counted.undated == 0


def test_rows_have_names_out_of_the_office_data(database: Database) -> None:
    seed_votes(database, [5])
    counted = figures(database, SITE, QUARTER)
    assert counted.office.name == "Trung tâm Phục vụ hành chính công"
    assert [(row.name, row.note) for row in counted.by_procedure] == [("Đăng ký khai sinh", "Tư pháp – Hộ tịch")]
    assert counted.by_officer[0].note == "Tư pháp – Hộ tịch"


def test_a_quarter_begins_and_ends_at_midnight_in_vietnam(database: Database) -> None:
    for hour in (
        datetime(2026, 9, 30, 16, tzinfo=UTC),
        datetime(2026, 9, 30, 17, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
        datetime(2026, 12, 31, 17, tzinfo=UTC),
    ):
        seed_votes(database, [5], hour=hour)
        seed_refused(database, hour.day * 100 + hour.hour, received_at=hour)
    assert figures(database, SITE, QUARTER).total.answered == 2
    assert figures(database, SITE, QUARTER).uncounted == 2
    assert figures(database, SITE, QUARTER.previous()).total.answered == 1
    assert figures(database, SITE, QUARTER.next()).total.answered == 1


def test_sites_do_not_mix(database: Database) -> None:
    seed_office(database, "phu", office="Một cửa Phú")
    seed_kiosk(database, site="phu", stream="6" * 32)
    seed_votes(database, [5, 5], site="phu", stream="6" * 32)
    seed_refused(database, 3, stream="6" * 32)
    assert figures(database, SITE, QUARTER).total.answered == 0
    assert figures(database, SITE, QUARTER).uncounted == 0
    assert figures(database, "phu", QUARTER).total.answered == 2
    assert figures(database, "phu", QUARTER).uncounted == 1
    assert [office.site for office in offices(database)] == ["phu", SITE]


def test_a_refused_vote_is_told_once_and_noise_is_not(database: Database) -> None:
    for number in (1, 1, 2, None):
        seed_refused(database, number)
    assert figures(database, SITE, QUARTER).uncounted == 2


def test_an_unknown_site_has_no_figures(database: Database) -> None:
    with pytest.raises(UnknownSite):
        figures(database, "nowhere", QUARTER)


def test_the_change_number_moves_with_every_write_that_says_so(database: Database) -> None:
    before = change_number(database)
    with database.writing() as connection:
        bump(connection)
    assert change_number(database) == before + 1


def test_a_write_that_fails_changes_no_number(database: Database) -> None:
    before = change_number(database)
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        bump(connection)
        raise ZeroDivisionError
    assert change_number(database) == before


def test_a_vote_that_may_belong_to_two_quarters_is_counted_in_neither_and_shown_in_both(database: Database) -> None:
    within = datetime(2026, 10, 5, 3, tzinfo=UTC)
    seed_votes(database, [5], hour=within, until_hour=within + timedelta(days=3))
    seed_votes(database, [1], hour=datetime(2026, 9, 30, 3, tzinfo=UTC), until_hour=within)
    counted = figures(database, SITE, QUARTER)
    assert (counted.total.answered, counted.total.satisfied, counted.undated) == (1, 1, 1)
    before = figures(database, SITE, QUARTER.previous())
    assert (before.total.answered, before.undated) == (0, 1)
    assert figures(database, SITE, QUARTER.next()).undated == 0
