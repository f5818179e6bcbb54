"""Reading files with sheets of counts."""

import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given

from sync_server.core.figures.sheet import Sheet
from sync_server.sheet_files import LARGEST_FILE, SheetFileMistake, read_sheet
from tests.sync_server.core.figures.sheets import sheets

SAMPLES = Path(__file__).parents[2] / "docs" / "samples"


def refused(path: Path) -> str:
    with pytest.raises(SheetFileMistake) as error:
        read_sheet(path)
    assert str(error.value).startswith(str(path))
    return str(error.value).removeprefix(f"{path}: ")


def file(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@given(sheets)
def test_a_json_file_is_read(tmp_path_factory: pytest.TempPathFactory, sheet: Sheet) -> None:
    path = file(tmp_path_factory.mktemp("sheet"), "a.json", msgspec.json.encode(sheet))
    assert read_sheet(path) == sheet


def test_one_sheet_reads_alike_in_every_form(tmp_path: Path) -> None:
    levels = '[{ "name": "Đạt", "count": 1, "published": "50%" }, { "name": "b", "count": 1 }]'
    json = f'{{"criteria": [{{"name": "x", "levels": {levels}}}]}}'
    toml = f'criteria = [{{ name = "x", levels = {levels.replace(":", " =")} }}]'
    rows = "\ufeffcriterion;level;count;published\r\nx;Đạt;1;50%\r\nx;b;1;\r\n"
    read = [
        read_sheet(file(tmp_path, name, text)) for name, text in (("a.toml", toml), ("a.JSON", json), ("a.csv", rows))
    ]
    assert read[0] == read[1] == read[2]


def test_two_spellings_of_a_letter_are_one_name(tmp_path: Path) -> None:
    rows = unicodedata.normalize("NFD", "criterion,level,count\nThái độ,Tốt,1\n") + "Thái độ,Chưa tốt,1\n"
    assert len(read_sheet(file(tmp_path, "a.csv", rows)).criteria) == 1


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_the_samples_can_be_read(path: Path) -> None:
    assert read_sheet(path).criteria


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.xlsx", "", "expected a name that ends in .toml, .json, .csv"),
        ("a.toml", "criteria = [", "not valid TOML: "),
        ("a.toml", "x = " + "1" * 5000, "not valid TOML: "),
        ("a.toml", "x = " + "[" * 100_000, "not valid TOML: nested too deep"),
        ("a.toml", "", "top level: Object missing required field `criteria`"),
        ("a.json", "{", "not valid JSON: "),
        ("a.json", "[" * 100_000, "not valid JSON: "),
        ("a.json", "[]", "expected an object with 'criteria'"),
        ("a.json", '{"criteria": []}', "criteria: Expected `array` of length >= 1"),
        ("a.json", b"\xff\xfe{", "not UTF-8 text; a spreadsheet saves it as 'CSV UTF-8'"),
        ("a.csv", "x", "line 1: the heading lacks criterion, level, count"),
        ("a.csv", " " * (LARGEST_FILE + 1), "larger than 1024 KiB"),
        (
            "a.json",
            '{"criteria": [{"name": "x", "levels": [{"name": "a", "count": 1, "published": 9.5}, {}]}]}',
            "criteria[0].levels[0].published: Expected `str | null`, got `float`; write it in quotes",
        ),
    ],
)
def test_what_is_no_sheet_is_refused_by_its_place(tmp_path: Path, name: str, text: str | bytes, why: str) -> None:
    assert refused(file(tmp_path, name, text)).startswith(why)


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv") == "cannot be read: No such file or directory"
    (tmp_path / "folder.csv").mkdir()
    assert refused(tmp_path / "folder.csv") == "cannot be read: Is a directory"
