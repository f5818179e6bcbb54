"""CSV files, row by row."""

from pathlib import Path

from sync_server.csv_files import RefusedRow, Row, read_rows


def test_rows_are_named_by_the_line_they_end_on_and_columns_by_the_heading(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('b,a,more\n 1 ,"two\nlines",x\n\n,,\nshort\n3,4,y\n', encoding="utf-8")
    assert list(read_rows(path, ("a", "b"))) == [
        Row(3, {"a": "two\nlines", "b": "1"}),
        RefusedRow(6, "expected 3 cells, found 1"),
        Row(7, {"a": "4", "b": "3"}),
    ]


def test_a_row_shows_nothing_of_its_cells() -> None:
    assert repr(Row(3, {"case_code": "H57.14-261002-0111"})) == "Row(line=3)"
    assert str(RefusedRow(6, "no such officer")) == "line 6: no such officer"


def test_signs_that_only_look_like_line_ends_end_no_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("a,b\nx\u2028y,1\n", encoding="utf-8")
    assert list(read_rows(path, ("a",))) == [Row(2, {"a": "x\u2028y"})]
