"""`report` prints what an office may sign."""

import json
from pathlib import Path

import pytest

from sync_server.core.book import Kind
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.figures.answers import Answers
from sync_server.core.rounding import Mode
from sync_server.core.rules import Period, Rules
from sync_server.core.surveys import FIRST_SURVEY
from sync_server.store.database import Database
from sync_server.store.records import write_records
from tests.fakes.small_office import NOW, SITE, migrated, seed_kiosk, seed_office, seed_votes
from tests.sync_server.commands.conftest import Run


@pytest.fixture
def office(folder: Path) -> Database:
    folder.mkdir(parents=True, exist_ok=True)
    database = migrated(folder)
    seed_office(database)
    seed_kiosk(database)
    seed_votes(database, [5] * 40 + [4] * 12 + [1] * 3)
    seed_votes(database, [5] * 21 + [2] * 9, officer="thang", field="dat-dai", procedure="1.012812")
    return database


def test_the_report_says_how_many_out_of_how_many_and_how_sure(run: Run, office: Database) -> None:
    told = run("report", "2026-Q4").out
    assert told.startswith("Trung tâm Phục vụ hành chính công · UBND thị trấn Sịa\nQuý IV năm 2026 (01/10/2026 – 31/12")
    [line] = [line.split() for line in told.splitlines() if line.startswith("Hài lòng trở lên")]
    assert line[4:6] == line[9:] == ["73", "85,9%"]
    assert "Mục tiêu 80%: Vừa đạt\n" in told
    [giang] = [line.split() for line in told.splitlines() if line.startswith("Nguyễn Thị Hương Giang")]
    assert giang[4:] == ["55", "52", "94,5%"]


def test_rules_and_time_are_those_of_the_office(run: Run, office: Database) -> None:
    rules = Rules(period=Period.FIFTEENTH, rounding=Mode.TRUNCATE, decimals=2)
    with office.writing() as connection:
        write_records(connection, SITE, [(Kind.RULES, Record("rules", ALWAYS, rules))], "a test", NOW)
    told = run("report", "2026-Q4").out
    assert "Quý IV năm 2026 (15/09/2026 – 14/12/2026)\n" in told
    assert "  85,88%  " in told
    assert "Tháng 11 năm 2026 (15/10/2026 – 14/11/2026)" in run("report", "2026-11").out
    assert "Chưa có lượt đánh giá nào trong kỳ này." in run("report", "2026-11").out
    assert "Năm 2026 (15/12/2025 – 14/12/2026)" in run("report", "2026").out


def test_programs_get_the_same_numbers(run: Run, office: Database) -> None:
    told = json.loads(run("report", "2026-Q4", "--format", "json").out)
    [survey] = told["surveys"]
    [criterion] = survey["criteria"]
    answers = Answers(tuple(criterion["official"]["levels"]), frozenset({3, 4}))
    assert (answers.satisfied, answers.answered) == (73, 85)
    assert criterion["official"]["percent"] == "85.9"
    assert criterion["levels"] == [dict(level) for level in FIRST_SURVEY.criteria[0].levels]
    assert survey["tables"]["officer"][0]["name"] == "Nguyễn Thị Hương Giang"
    assert (told["time"], told["first_day"], told["rules"]["target"]) == ("2026-Q4", "2026-10-01", "80")
    assert told["outcomes"]["answered"] == 85


def test_times_stand_beside_each_other_each_by_its_own_rules(run: Run, office: Database) -> None:
    seed_votes(office, [5] * 6 + [1] * 4, hour=NOW.replace(month=8, minute=0, second=0))
    told = run("report", "2026-Q4", "--beside", "2").out
    lines = [line.split("  ") for line in told.splitlines() if line.startswith("Quý I")][1:]
    assert [line[0] for line in lines] == ["Quý III năm 2026", "Quý IV năm 2026"]
    assert "60,0%" in lines[0]
    assert "2026" not in run("report", "2026-Q4", "--beside", "0").out.splitlines()[-1]


def test_the_share_is_shown_day_by_day_and_week_by_week(run: Run, office: Database) -> None:
    day = run("report", "2026-Q4", "--trend", "day").out.splitlines()
    assert day[-1].split()[:4] == ["20/11/2026", "85", "73", "85,9%"]
    week = run("report", "2026-Q4", "--trend", "week").out.splitlines()
    assert week[-2].startswith("Tuần từ")
    assert week[-1].split()[0] == "16/11/2026"


def test_the_week_is_shown_hour_by_hour_in_vietnamese_time(run: Run, office: Database) -> None:
    told = run("report", "2026-Q4", "--hours").out.splitlines()
    assert told[-2].split() == ["10–11", "giờ"]
    assert told[-1].split() == ["Thứ", "Sáu", "85:", "85,9%"]


@pytest.mark.parametrize("arguments", [("--beside", "41"), ("--beside", "-1"), ("--beside", "x")])
def test_a_number_that_is_none_is_refused(
    run: Run, office: Database, arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run("report", "2026-Q4", *arguments)
    assert "expected a number up to 40" in capsys.readouterr().err


def test_tables_for_people_are_not_for_programs(run: Run, office: Database) -> None:
    done = run("report", "2026-Q4", "--format", "json", "--hours")
    assert done.code == 2
    assert "tables for people" in done.err


def test_a_time_that_is_none_is_refused(run: Run, office: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("report", "2026-Q5")
    assert "expected a time like 2026-Q4" in capsys.readouterr().err


def test_without_a_time_it_is_the_present_quarter(run: Run, office: Database) -> None:
    assert run("report").code == 0
