"""Files of cases: the heading is found, rows are accounted for, and nothing is without bound."""

from datetime import date
from pathlib import Path

import pytest

from sync_server import case_files
from sync_server.case_files import HEADING_WITHIN, read_cases
from sync_server.core.case_mapping import CaseMapping
from sync_server.core.case_rows import CaseReader
from sync_server.core.cases import Channel
from sync_server.csv_files import UnreadableFile
from tests.fakes.workbooks import write_workbook

COLUMNS = {
    "case_code": "Mã hồ sơ",
    "procedure": "Thủ tục",
    "officer": "Cán bộ",
    "received": "Ngày nhận",
    "due": "Hẹn trả",
}
READER = CaseReader(date(2026, 11, 20), CaseMapping(columns=COLUMNS), {"1.001193"}, {"huong"})
HEADING = ["STT", "Cán bộ", "Mã hồ sơ", "Thủ tục", "Ngày nhận", "Hẹn trả", "channel"]


def row(number: int, received: object = date(2026, 10, 2), due: object = "09/10/2026 17:00") -> list[object]:
    return [number, "huong", f"H57.14-261002-{number:04}", "1.001193", received, due, "Trực tiếp"]


def test_a_spreadsheet_with_titles_above_its_heading(tmp_path: Path) -> None:
    titles = [["DANH SÁCH HỒ SƠ"], ["Từ ngày 01/10/2026"], []]
    file = write_workbook(tmp_path / "a.XLSX", ("Hồ sơ", [*titles, HEADING, row(1), [], row(2, due=None), row(1)]))
    read = read_cases(file, READER)
    assert [(case.code.running, case.due, case.channel) for case in read.cases] == [
        ("0001", date(2026, 10, 9), Channel.DIRECT),
        ("0002", None, Channel.DIRECT),
    ]
    assert [str(each) for each in read.refused] == ["line 8: case_code: the same case as in line 5"]
    assert {case.silent for case in read.cases} == {frozenset({"returned"})}


def test_both_kinds_of_file_say_the_same(tmp_path: Path) -> None:
    rows: list[list[object]] = [[*HEADING], *(row(number, "02/10/2026") for number in range(1, 6))]
    text = "\n".join(",".join(map(str, cells)) for cells in rows)
    (tmp_path / "a.csv").write_text(text, encoding="utf-8-sig")
    write_workbook(tmp_path / "a.xlsx", ("a", rows))
    of_csv, of_xlsx = (read_cases(tmp_path / name, READER) for name in ("a.csv", "a.xlsx"))
    assert of_csv == of_xlsx
    assert len(of_csv.cases) == 5


def test_a_spreadsheet_without_a_heading_is_named(tmp_path: Path) -> None:
    file = write_workbook(tmp_path / "a.xlsx", ("a", [["x"]] * HEADING_WITHIN + [HEADING]))
    with pytest.raises(UnreadableFile, match=r"line 1: the heading lacks case_code .* within 20 lines"):
        read_cases(file, READER)


def test_a_csv_file_has_no_sheets(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="only an XLSX file has sheets"):
        read_cases(tmp_path / "a.csv", READER, "Hồ sơ")


@pytest.mark.parametrize("refused", [False, True])
def test_more_rows_than_can_be_held_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: bool
) -> None:
    monkeypatch.setattr(case_files, "MOST_CASES", 3)
    due = "never" if refused else None
    file = write_workbook(tmp_path / "a.xlsx", ("a", [HEADING, *(row(number, due=due) for number in range(1, 5))]))
    with pytest.raises(UnreadableFile, match="more than 3 rows; split it"):
        read_cases(file, READER)


def test_every_line_is_told_as_it_is_read(tmp_path: Path) -> None:
    seen: list[int] = []
    file = write_workbook(tmp_path / "a.xlsx", ("a", [HEADING, row(1), row(2)]))
    read_cases(file, READER, read=seen.append)
    assert seen == [2, 3]
