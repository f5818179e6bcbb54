"""`cases import` learns once how an office's table is made, and says of every row what became of it."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from sync_server.commands import case_import
from sync_server.store.database import Database
from sync_server.store.schema import cases
from tests.fakes.small_office import seed_office
from tests.fakes.workbooks import write_workbook
from tests.sync_server.commands.conftest import Run

HEADING = ["Mã hồ sơ", "Thủ tục", "Cán bộ", "Ngày nhận", "Hẹn trả", "Ngày trả", "Hình thức"]
MAPPED = [
    *("case_code=Mã hồ sơ", "procedure=Thủ tục", "officer=Cán bộ", "received=Ngày nhận"),
    *("due=Hẹn trả", "returned=Ngày trả", "channel=Hình thức"),
]
MAPS = [part for each in MAPPED for part in ("--map", each)]
ROW = ["H57.14-261002-0111", "1.001193", "huong", "02/10/2026", "09/10/2026 17:00", None, "Trực tuyến"]
MAPPING = """
[columns]
case_code = "Mã hồ sơ"
procedure = "Thủ tục"
officer = "Cán bộ"
received = "Ngày nhận"
returned = "Ngày trả"
[procedures]
"Đăng ký khai sinh" = "1.001193"
[officers]
"Nguyễn Thị Hương Giang" = "huong"
[channels]
"Qua DVC" = "online"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_workbook(tmp_path / "cases.xlsx", ("Hồ sơ", [HEADING, ROW]))


def kept(database: Database) -> list[tuple[object, ...]]:
    columns = (cases.c.procedure, cases.c.officer, cases.c.due, cases.c.returned, cases.c.channel)
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(cases.c.site))]


def test_a_spreadsheet_is_read_and_its_columns_are_remembered(run: Run, seeded: Database, file: Path) -> None:
    assert "the heading lacks case_code, procedure, officer, received" in run("cases", "import", file).err
    assert run("cases", "import", file, *MAPS).out.startswith("sia: 1 case new, 0 changed, 0 unchanged; 0 rows refused")
    assert kept(seeded) == [("1.001193", "huong", date(2026, 10, 9), None, "online")]
    write_workbook(file, ("Hồ sơ", [HEADING, [*ROW[:5], date(2026, 10, 8), "Trực tuyến"]]))
    assert run("cases", "import", file).out.startswith("sia: 0 cases new, 1 changed, 0 unchanged")
    assert kept(seeded) == [("1.001193", "huong", date(2026, 10, 9), date(2026, 10, 8), "online")]
    assert run("cases", "import", file).out.startswith("sia: 0 cases new, 0 changed, 1 unchanged")


def test_each_site_has_columns_of_its_own(run: Run, seeded: Database, file: Path) -> None:
    seed_office(seeded, "phu")
    run("cases", "import", file, "--site", "sia", *MAPS)
    assert "the heading lacks" in run("cases", "import", file, "--site", "phu").err
    assert run("cases", "import", file, "--site", "sia").code == 0


def test_a_file_may_say_it_and_words_too(run: Run, seeded: Database, file: Path, tmp_path: Path) -> None:
    row = [ROW[0], "Đăng ký khai sinh", "Nguyễn Thị Hương Giang", *ROW[3:5], None, "Qua DVC"]
    write_workbook(file, ("Hồ sơ", [HEADING, row]))
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    done = run("cases", "import", file, "--mapping", mapping, "--map", "channel=Hình thức")
    assert (done.code, done.err) == (0, "")
    assert kept(seeded) == [("1.001193", "huong", None, None, "online")]
    assert run("cases", "import", file).code == 0


def test_what_a_file_is_silent_about_stays(run: Run, seeded: Database, file: Path, tmp_path: Path) -> None:
    run("cases", "import", file, *MAPS)
    plain = tmp_path / "cases.csv"
    plain.write_text("case_code,procedure,officer,received,returned\nH57.14-261002-0111,1.000894,bich,2026-10-02,\n")
    assert run("cases", "import", plain).out.startswith("sia: 0 cases new, 1 changed")
    assert kept(seeded) == [("1.000894", "bich", date(2026, 10, 9), None, "online")]


def test_a_mapping_that_reads_nothing_is_not_remembered(run: Run, seeded: Database, file: Path) -> None:
    run("cases", "import", file, *MAPS)
    assert "the heading lacks officer ('Ai')" in run("cases", "import", file, "--map", "officer=Ai").err
    assert run("cases", "import", file).code == 0


def test_a_mapping_that_is_none_is_named(
    run: Run, seeded: Database, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "mapping.toml"
    assert f"{mapping}: cannot be read" in run("cases", "import", file, "--mapping", mapping).err
    mapping.write_text('[columns]\ncode = "Mã"')
    assert "expected only case_code" in run("cases", "import", file, "--mapping", mapping).err
    for wrong in ("code=Mã", "case_code", "case_code= ", "case_code=" + "x" * 301):
        with pytest.raises(SystemExit):
            run("cases", "import", file, "--map", wrong)
        assert "an equals sign and a heading" in capsys.readouterr().err


def test_of_many_refused_rows_the_first_are_named(
    run: Run, seeded: Database, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_import, "MOST_REASONS", 3)
    write_workbook(file, ("Hồ sơ", [HEADING, *[["x", *ROW[1:]]] * 5]))
    done = run("cases", "import", file, *MAPS)
    assert done.code == 1
    assert done.err.splitlines()[2:] == [
        f"{file}: line 4: case_code: not a case code, or dated in the future",
        "… and others: only the first 3 are named",
    ]
    assert "5 rows refused" in done.out


def test_what_comes_in_many_transactions_is_whole(
    run: Run, seeded: Database, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_import, "A_LOT", 2)
    rows = [[f"H57.14-261002-{number:04}", *ROW[1:]] for number in range(1, 6)]
    write_workbook(file, ("Hồ sơ", [HEADING, *rows]))
    assert run("cases", "import", file, *MAPS).out.startswith("sia: 5 cases new, 0 changed, 0 unchanged")
    assert len(kept(seeded)) == 5
