"""A spreadsheet is read line by line, and whatever it is, it cannot do harm."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_server import xlsx_files
from sync_server.csv_files import UnreadableFile
from sync_server.xlsx_files import MOST_COLUMNS, xlsx_lines
from tests.fakes.workbooks import write_workbook


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cases.xlsx"


def test_cells_come_as_texts_and_dates_as_iso(file: Path) -> None:
    rows: list[list[object]] = [
        [" mã ", 5.0, 1.5, None, date(2026, 10, 2), datetime.fromisoformat("2026-10-02 16:30"), True],
        [],
        ["x"],
    ]
    write_workbook(file, ("Hồ sơ", rows))
    lines = list(xlsx_lines(file))
    assert lines[0] == (1, ["mã", "5", "1.5", "", "2026-10-02T00:00:00", "2026-10-02T16:30:00", "True"])
    assert lines[1:] == [(3, ["x"])]


def test_a_sheet_is_chosen_by_its_name(file: Path) -> None:
    write_workbook(file, ("Một", [["a"]]), ("Hai", [["b"]]))
    assert list(xlsx_lines(file)) == [(1, ["a"])]
    assert list(xlsx_lines(file, "Hai")) == [(1, ["b"])]
    with pytest.raises(UnreadableFile, match="there is no sheet 'Ba'; there are 'Một', 'Hai'"):
        list(xlsx_lines(file, "Ba"))


def rewritten(source: Path, target: Path, old: bytes, new: bytes) -> Path:
    """Copy a workbook with a part of its first sheet replaced."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            content = before.read(part)
            if part == "xl/worksheets/sheet1.xml":
                assert old in content
                content = content.replace(old, new)
            after.writestr(part, content)
    return target


def test_a_wrong_note_of_its_size_hides_no_row(file: Path, tmp_path: Path) -> None:
    write_workbook(file, ("a", [["x", "y"], ["z", "w"]]))
    wrong = rewritten(file, tmp_path / "b.xlsx", b"<sheetData>", b'<dimension ref="A1" /><sheetData>')
    assert list(xlsx_lines(wrong)) == [(1, ["x", "y"]), (2, ["z", "w"])]


def test_only_so_many_columns_are_read(file: Path) -> None:
    write_workbook(file, ("a", [["x"] * (MOST_COLUMNS + 50)]))
    assert list(xlsx_lines(file)) == [(1, ["x"] * MOST_COLUMNS)]


def test_what_unpacks_to_too_much_is_refused_unread(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_workbook(file, ("a", [["x" * 1000]] * 500))
    monkeypatch.setattr(xlsx_files, "LARGEST_UNPACKED", 1024)
    with pytest.raises(UnreadableFile, match="when unpacked; split it"):
        list(xlsx_lines(file))


def test_what_is_too_large_is_refused_unread(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_workbook(file, ("a", [["x"]]))
    monkeypatch.setattr(xlsx_files, "LARGEST_FILE", 1024)
    with pytest.raises(UnreadableFile, match="larger than 0 MiB; split it"):
        list(xlsx_lines(file))


def test_a_file_that_is_missing_or_none_is_named(file: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read: No such file"):
        list(xlsx_lines(file))
    file.write_text("case_code,procedure\n")
    with pytest.raises(UnreadableFile, match="not an XLSX file; save it"):
        list(xlsx_lines(file))
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("other", "a")
    with pytest.raises(UnreadableFile, match="not an XLSX file that can be read"):
        list(xlsx_lines(file))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is written once: it notes when, so another one has other bytes."""
    return write_workbook(tmp_path_factory.mktemp("sound") / "a.xlsx", ("a", [["x", 1, date(2026, 1, 1)]] * 20))


@settings(max_examples=60, deadline=None)
@given(flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), min_size=1, max_size=8))
def test_a_damaged_file_is_refused_in_words(flips: list[tuple[int, int]], sound: Path) -> None:
    content = bytearray(sound.read_bytes())
    for place, bits in flips:
        content[place % len(content)] ^= bits
    file = sound.with_name("damaged.xlsx")
    file.write_bytes(content)
    try:
        assert all(line >= 1 for line, _ in xlsx_lines(file))
    except UnreadableFile as error:
        assert str(file) in str(error)
