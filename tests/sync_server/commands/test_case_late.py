"""`cases late` and the cases' part of `report`."""

import json
from pathlib import Path

import pytest

from sync_server.store.database import Database
from tests.sync_server.commands.conftest import Run

CASES = """case_code,procedure,officer,received,due,returned,channel
H57.14-261002-0111,1.001193,huong,02/10/2026,09/10/2026,08/10/2026,trực tiếp
H57.14-261002-0112,1.001193,huong,02/10/2026,09/10/2026,12/10/2026,trực tuyến
H57.14-261002-0113,1.000894,bich,02/10/2026,09/10/2026,,
H57.14-261002-0114,1.000894,bich,02/10/2026,13/10/2026,,
"""


@pytest.fixture
def office(run: Run, seeded: Database, tmp_path: Path) -> Database:
    file = tmp_path / "cases.csv"
    file.write_text(CASES, encoding="utf-8")
    assert run("cases", "import", file).code == 0
    return seeded


def test_late_cases_are_told_by_procedure_officer_and_days(run: Run, office: Database) -> None:
    told = [" ".join(line.split()) for line in run("cases", "late", "--on", "2026-10-12").out.splitlines()]
    assert "Quá hạn chưa trả kết quả: 1" in told
    assert "Đăng ký kết hôn Đặng Thị Ngọc Bích 02/10/2026 09/10/2026 3 1" in told
    assert "Đến hạn ngày mai (hôm nay là ngày cuối để xin lỗi và hẹn lại): 1" in told
    assert "Không có hồ sơ nào quá hạn" in run("cases", "late", "--on", "2026-10-05").out


def test_programs_get_the_same(run: Run, office: Database) -> None:
    told = json.loads(run("cases", "late", "--format", "json").out)
    assert told["site"] == "sia"
    assert [(each["standing"], each["due"]) for each in told["cases"]] == [
        ("overdue", "2026-10-09"),
        ("overdue", "2026-10-13"),
    ]
    assert told["cases"][0]["officer_name"] == "Đặng Thị Ngọc Bích"


def test_a_day_that_is_none_is_refused(run: Run, office: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("cases", "late", "--on", "9/10/2026")
    assert "expected a day like 2026-11-20" in capsys.readouterr().err


def test_the_report_says_how_cases_keep_their_dates(run: Run, office: Database) -> None:
    told = [" ".join(line.split()) for line in run("report", "2026-Q4").out.splitlines()]
    assert "Tỷ lệ đúng hạn (gồm trước hạn) 50,0%" in told
    assert "Nguyễn Thị Hương Giang 2 1 0 1 50,0% 8,0 0" in told
    cases = json.loads(run("report", "2026-Q4", "--format", "json").out)["cases"]
    assert (cases["early"], cases["late"], cases["open_overdue"], cases["average_days"]) == (1, 1, 2, "8.0")
    assert [row["name"] for row in cases["tables"]["channel"]] == ["Trực tiếp", "Trực tuyến", "Không rõ"]


def test_a_register_without_such_days_adds_nothing_to_the_report(run: Run, seeded: Database) -> None:
    assert "Tiến độ giải quyết" not in run("report", "2026-Q4").out
