"""An apology is due one day before the day passes, and stays due until there is a result."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.apologies import Standing, apologies_due
from sync_server.core.figures.on_time import CaseCell, on_time
from tests.sync_server.core.figures.case_cells import FIRST, LAST, cell, cells_by_chance

TODAY = date(2026, 10, 9)
A_DAY = timedelta(days=1)


def test_a_case_stands_by_its_day() -> None:
    received = date(2026, 10, 2)
    cells = [cell(received, TODAY + day * A_DAY) for day in (-3, -1, 0, 1, 2)]
    found = apologies_due(cells, TODAY)
    assert [(each.standing, each.days) for each in found] == [
        (Standing.OVERDUE, 3),
        (Standing.OVERDUE, 1),
        (Standing.DUE_TODAY, 0),
        (Standing.LAST_DAY, -1),
    ]


def test_what_has_a_result_or_no_day_needs_none() -> None:
    received = date(2026, 10, 2)
    assert (
        apologies_due([cell(received), cell(received, TODAY, TODAY), cell(received, TODAY - A_DAY, TODAY)], TODAY) == ()
    )
    [later] = apologies_due([cell(received, TODAY, TODAY + A_DAY)], TODAY)
    assert later.cases == 1


def test_cases_alike_are_one_line_and_officers_apart() -> None:
    received = date(2026, 10, 2)
    found = apologies_due(
        [cell(received, TODAY, cases=2), cell(received, TODAY), cell(received, TODAY, officer="an")], TODAY
    )
    assert [(each.officer, each.cases) for each in found] == [("an", 1), ("huong", 3)]


@given(cells_by_chance, st.dates(FIRST, LAST))
def test_as_many_are_overdue_as_the_figures_say(cells: list[CaseCell], today: date) -> None:
    overdue = [each for each in apologies_due(cells, today) if each.standing is Standing.OVERDUE]
    figures = on_time(cells, FIRST, LAST, today, by_officer=True)
    assert sum(each.cases for each in overdue) == figures.total.open_overdue
    assert [each.days for each in overdue] == sorted((each.days for each in overdue), reverse=True)
    assert all(each.days > 0 for each in overdue)
