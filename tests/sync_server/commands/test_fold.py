"""`fold` adds votes up, and finds out what was added up wrongly."""

from pathlib import Path

import pytest
from sqlalchemy import update

from sync_server.store.database import Database
from sync_server.store.schema import figure_cells
from tests.fakes.small_office import seed_kiosk, seed_office, seed_votes
from tests.sync_server.commands.conftest import Run


@pytest.fixture
def office(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'server.sqlite'}")
    folder.mkdir(parents=True, exist_ok=True)
    database.migrate()
    seed_office(database)
    seed_kiosk(database)
    seed_votes(database, [5, 4, 1])
    return database


def test_votes_are_added_up_once_they_have_been_quiet(run: Run, office: Database) -> None:
    # They were cast in November 2026, by the clock of this test; to the command's they are as old as its today says.
    assert run("fold", "--anew").out == "1 half month added up; 0 in which votes arrive are counted vote by vote\n"
    assert run("fold").out == "0 half months added up; 0 in which votes arrive are counted vote by vote\n"
    figures = run("figures", "2026-Q4").out
    seed_votes(office, [5])
    assert "Lượt đánh giá       3\n" in figures
    assert "Lượt đánh giá       4\n" in run("figures", "2026-Q4").out


def test_what_was_added_up_wrongly_is_told_and_put_right(run: Run, office: Database) -> None:
    run("fold", "--anew")
    with office.writing() as connection:
        connection.execute(update(figure_cells).values(votes=7))
    done = run("fold", "--anew")
    assert done.code == 1
    assert "1 half month had been added up wrongly and was put right\n" in done.out
    assert run("fold", "--anew").code == 0
    assert "Lượt đánh giá       3\n" in run("figures", "2026-Q4").out
