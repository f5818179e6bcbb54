"""Both forms of lines read back as what was written."""

import csv
import json
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.exports.lines import CsvLines, JsonLines
from sync_server.core.exports.tables import Cell, Column, Kind

FIRST = (Column("a", "Một", "", kind=Kind.NUMBER), Column("b", "=Hai", ""))
SECOND = (Column("c", "Ba", ""),)
texts = st.none() | st.text(st.characters(codec="utf-8"))
rows = st.lists(st.tuples(st.tuples(st.none() | st.integers(0, 10**9), texts), st.tuples(texts)))
Halves = tuple[tuple[Cell, Cell], tuple[Cell]]


@given(rows)
def test_csv_reads_back_with_its_titles(written: list[Halves]) -> None:
    clean = [[tuple(CsvLines.text(c) if isinstance(c, str) else c for c in half) for half in row] for row in written]
    parts = [(CsvLines.part(FIRST, a), CsvLines.part(SECOND, b)) for a, b in clean]
    read = list(csv.reader(StringIO("".join(CsvLines.file([*FIRST, *SECOND], parts)), newline=""), strict=True))
    assert read[0] == ["Một", "'=Hai", "Ba"]
    assert read[1:] == [["" if cell is None else str(cell) for half in row for cell in half] for row in clean]


@given(rows)
def test_json_is_one_array_and_an_object_a_line(written: list[Halves]) -> None:
    parts = [(JsonLines.part(FIRST, a), JsonLines.part(SECOND, b)) for a, b in written]
    text = "".join(JsonLines.file([*FIRST, *SECOND], parts))
    wanted = [{"a": a, "b": b, "c": c} for (a, b), (c,) in written]
    assert json.loads(text) == wanted
    first, *lines, last = text[:-1].split("\n")
    assert (first, last) == ("[", "]")
    assert [json.loads(line.removesuffix(",")) for line in lines if line] == wanted


def test_texts_of_json_are_as_they_were() -> None:
    assert JsonLines.text("=1\n") == "=1\n"
