"""Every form holds the same rows, reads back with programs of others, and is there whole or not at all."""

import csv
import json
import sqlite3
import tracemalloc
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import insert, select

from sync_server.core.exports.texts import LONGEST_CELL
from sync_server.core.masking import masked
from sync_server.core.spans import Span
from sync_server.exports import writing
from sync_server.exports.drafts import ExportTrouble
from sync_server.exports.line_files import count_csv, count_json
from sync_server.exports.sqlite_files import count_sqlite
from sync_server.exports.writing import Form, Written, comments_file, write_export
from sync_server.exports.xlsx_files import count_xlsx, write_xlsx
from sync_server.store.database import Database
from sync_server.store.export import reading_votes
from sync_server.store.schema import comments, votes
from tests.fakes.many_votes import cast_many
from tests.fakes.small_office import SITE, seed_kiosk, seed_office, seed_votes

QUARTER = Span.parse("2026-Q4")
HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    'a\r\nb,"c";d',
    "\x01\x1f\x7f",
    "_x0041_",
    "👩‍👩‍👧 cảm ơn 😀",
    "</t></is><row r='1'>&amp;",
    "\u2028\ufffe",
    "'",
    "😀" * 20_000,
    "x" * LONGEST_CELL,
    "Gọi 0912 345 678",
)
SHOWN = tuple(masked(text) for text in HOSTILE)


@pytest.fixture
def office(database: Database) -> Database:
    seed_office(database)
    seed_kiosk(database)
    return database


@pytest.fixture
def hostile(office: Database) -> Database:
    """Comments of every bad kind, each on a vote of one day."""
    seed_votes(office, [1] * len(HOSTILE))
    with office.writing() as connection:
        ids = connection.execute(select(votes.c.vote_id)).scalars().all()
        for vote_id, text in zip(ids, HOSTILE, strict=True):
            connection.execute(insert(comments).values(vote_id=vote_id, text=text))
    return office


def quiet(_what: str, _done: int, _total: int) -> None:
    pass


def export(
    database: Database,
    path: Path,
    *,
    with_comments: bool = False,
    replace: bool = False,
    progress: Callable[[str, int, int], None] = quiet,
) -> Written:
    with reading_votes(database, SITE, QUARTER) as told:
        form = Form(path.suffix[1:])
        return write_export(told, path, form, "2026-Q4", progress, comments=with_comments, replace=replace)


def read_csv(path: Path) -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def read_xlsx(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(path, read_only=True)
    read = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    book.close()
    return read


def read_sqlite(path: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_every_form_holds_the_same_rows(office: Database, tmp_path: Path) -> None:
    cast_many(office, 400)
    for form in Form:
        assert export(office, tmp_path / f"votes.{form}").votes == 400
    rows = json.loads((tmp_path / "votes.json").read_text())
    keys = list(rows[0])
    tuples = [tuple(row.values()) for row in rows]
    assert read_sqlite(tmp_path / "votes.sqlite", "SELECT * FROM votes ORDER BY rowid") == tuples
    titles, *cells = read_csv(tmp_path / "votes.csv")
    assert len(titles) == len(keys)
    assert cells == [["" if cell is None else str(cell) for cell in row] for row in tuples]
    sheet = read_xlsx(tmp_path / "votes.xlsx")["Lượt đánh giá"]
    assert list(sheet[0]) == titles
    plain = [tuple(f"{cell:%Y-%m-%d}" if isinstance(cell, datetime) else cell for cell in row) for row in sheet[1:]]
    assert plain == tuples
    assert isinstance(sheet[1][0], datetime)


def test_comments_are_in_no_file_unless_asked_for(hostile: Database, tmp_path: Path) -> None:
    for form in Form:
        written = export(hostile, tmp_path / f"votes.{form}")
        assert (written.comments, written.files) == (0, [tmp_path / f"votes.{form}"])
        assert b"HYPERLINK" not in (tmp_path / f"votes.{form}").read_bytes()
    assert len(list(tmp_path.glob("votes*"))) == len(Form)
    assert "Góp ý" not in read_xlsx(tmp_path / "votes.xlsx")


def test_hostile_comments_do_no_harm_in_csv_and_lose_nothing(hostile: Database, tmp_path: Path) -> None:
    written = export(hostile, tmp_path / "votes.csv", with_comments=True)
    assert written.files[1] == comments_file(tmp_path / "votes.csv") == tmp_path / "votes.comments.csv"
    _, *rows = read_csv(written.files[1])
    assert [time for time, _ in rows] == ["2026-11-20"] * len(HOSTILE)
    cells = [cell for _, cell in rows]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert len(written.files[1].read_bytes().splitlines()) == len(HOSTILE) + 1
    assert {f"'{SHOWN[0]}", 'a  b,"c";d', "   ", "'\u0020=1", "😀" * 20_000} <= set(cells)


def test_hostile_comments_are_texts_in_xlsx_and_what_does_not_fit_is_counted(hostile: Database, tmp_path: Path) -> None:
    written = export(hostile, tmp_path / "votes.xlsx", with_comments=True)
    assert (written.comments, written.cut) == (len(HOSTILE), 1)
    book = openpyxl.load_workbook(tmp_path / "votes.xlsx")
    cells = [row[1] for row in book["Góp ý"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    found = {cell.value for cell in cells}
    assert {SHOWN[0], "+1+1", "👩‍👩‍👧 cảm ơn 😀", "</t></is><row r='1'>&amp;", "x" * LONGEST_CELL} <= found
    assert [len(text.encode("utf-16-le")) // 2 for text in found if text.startswith("😀")] == [LONGEST_CELL - 1 + 1]


def test_json_and_sqlite_hold_hostile_comments_as_they_are(hostile: Database, tmp_path: Path) -> None:
    export(hostile, tmp_path / "votes.json", with_comments=True)
    told = json.loads((tmp_path / "votes.comments.json").read_text())
    assert "Gọi •••• ••• •••" in {entry["text"] for entry in told}
    assert {entry["text"] for entry in told} == set(SHOWN)
    export(hostile, tmp_path / "votes.sqlite", with_comments=True)
    assert {text for (text,) in read_sqlite(tmp_path / "votes.sqlite", "SELECT text FROM comments")} == set(SHOWN)


def test_a_sqlite_file_explains_itself(hostile: Database, tmp_path: Path) -> None:
    export(hostile, tmp_path / "votes.sqlite", with_comments=True)
    explained = set(
        read_sqlite(tmp_path / "votes.sqlite", 'SELECT "table", "column" FROM dictionary WHERE meaning > ""')
    )
    there = read_sqlite(
        tmp_path / "votes.sqlite",
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.name <> 'dictionary'",
    )
    assert explained == set(there)
    assert {"votes", "comments", "surveys", "rules", "names", "about"} == {table for table, _ in there}
    named = read_sqlite(tmp_path / "votes.sqlite", "SELECT name FROM names WHERE kind = 'officer'")
    assert named == [("Nguyễn Thị Hương Giang",)]


@pytest.mark.parametrize("form", Form)
def test_a_time_without_votes_is_a_file_without_rows(office: Database, tmp_path: Path, form: Form) -> None:
    assert export(office, tmp_path / f"votes.{form}", with_comments=True).votes == 0


@pytest.mark.parametrize("form", Form)
def test_stopped_in_the_middle_nothing_of_it_stays(office: Database, tmp_path: Path, form: Form) -> None:
    cast_many(office, 1500)
    before = sorted(tmp_path.iterdir())

    def stop(_what: str, done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(office, tmp_path / f"votes.{form}", with_comments=True, progress=stop)
    assert sorted(tmp_path.iterdir()) == before


def test_a_row_more_or_less_than_there_are_votes_is_noticed(
    office: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast_many(office, 20)
    monkeypatch.setattr(writing, "count_csv", lambda path, columns: count_csv(path, columns) - 1)
    with pytest.raises(ExportTrouble, match="nothing was written: 19 votes were read back of 20"):
        export(office, tmp_path / "votes.csv")
    assert not list(tmp_path.glob("votes*"))


def test_a_file_whose_rows_are_cut_is_not_taken_for_whole(office: Database, tmp_path: Path) -> None:
    cast_many(office, 30)
    for form in Form:
        export(office, tmp_path / f"votes.{form}")
    counts: dict[Form, Callable[[Path], int]] = {
        Form.CSV: lambda path: count_csv(path, 23),
        Form.JSON: lambda path: count_json(path, 23),
        Form.XLSX: count_xlsx,
        Form.SQLITE: count_sqlite,
    }
    for form, count in counts.items():
        path = tmp_path / f"votes.{form}"
        assert count(path) >= 30
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2 + 7])
        with pytest.raises(ExportTrouble):
            count(path)


def test_rows_beyond_what_a_sheet_holds_go_on_in_another(
    office: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast_many(office, 25)
    monkeypatch.setattr(writing, "write_xlsx", lambda path, tables: write_xlsx(path, tables, most_rows=11))
    assert export(office, tmp_path / "votes.xlsx").votes == 25
    sheets = read_xlsx(tmp_path / "votes.xlsx")
    names = ["Lượt đánh giá", "Lượt đánh giá (2)", "Lượt đánh giá (3)"]
    assert [len(sheets[name]) for name in names] == [11, 11, 6]
    assert len({sheets[name][0] for name in names}) == 1


@pytest.mark.parametrize("form", Form)
def test_twelve_times_the_votes_take_no_more_memory(office: Database, tmp_path: Path, form: Form) -> None:
    peaks = []
    for more in (1_200, 13_200):
        cast_many(office, more, seed=more)
        tracemalloc.start()
        try:
            export(office, tmp_path / f"votes.{form}", replace=True)
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    some, many = peaks
    assert many - some < 1 << 20  # all rows together, as the database gives them, would be ten times that
