"""What cannot be printed is refused before anything is written, and its place named."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.document import Chart, Code, Column, Document, Point, Row, Table
from sync_server.documents.checking import MOST_COLUMNS, DocumentTrouble, check, percent, texts_of
from tests.fakes.a_decision import a_decision, a_short_document


def with_block(document: Document, block: Table | Chart | Code) -> Document:
    annex = msgspec.structs.replace(document.annexes[0], blocks=(*document.annexes[0].blocks, block))
    return msgspec.structs.replace(document, annexes=(annex,))


def test_a_good_document_passes() -> None:
    check(a_decision())


@pytest.mark.parametrize(
    ("letter", "what"),
    [
        *(("\x00", "a control character"), ("\x07", "a control character"), ("\t", "a control character")),
        *(("\r", "a control character"), ("\x85", "a control character"), ("\u202e", "an invisible character")),
        *(("\u200b", "an invisible character"), ("\ufeff", "an invisible character"), ("\ud800", "half a character")),
        *(("\ue000", "a character of nobody's"), ("\u2028", "a line separator"), ("\u2029", "a paragraph separator")),
        *(("\uffff", "no character"), ("\ufdd0", "no character"), ("\U0001fffe", "no character")),
    ],
)
def test_what_is_no_letter_is_refused_with_its_place(letter: str, what: str) -> None:
    table = Table((Column("TT", 1),), (Row(("1",)), Row((f"An{letter}",))))
    with pytest.raises(DocumentTrouble) as refused:
        check(with_block(a_short_document(), table))
    assert str(refused.value).startswith(f"annexes 1, blocks 3, rows 2, cells 1: {what} (U+{ord(letter):04X}) ")
    assert "An" not in str(refused.value)


def test_every_text_of_a_document_is_looked_at(a_document: Document) -> None:
    places = dict(texts_of(a_document))
    assert places["head, issuer 2"] == "XÃ AN BÌNH"
    assert places["articles 1, paragraphs 1"] == "Đạt 97,9%./."
    assert places["annexes 1, blocks 2, columns 2, title"] == "Tỷ lệ"


def test_a_line_may_be_broken(a_document: Document) -> None:
    check(with_block(a_document, Table((Column("Số\nlượt", 1),), ())))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (Table((), ()), f"a table has 1 to {MOST_COLUMNS} columns, this one 0"),
        (Table((Column("a", 1),) * 21, ()), f"a table has 1 to {MOST_COLUMNS} columns, this one 21"),
        (Table((Column("a", 0),), ()), "a column's width is a share of 1 or more"),
        (Table((Column("a", 1),), (Row(("1",)), Row(("1", "2")))), "row 2: 2 cells, but 1 columns"),
    ],
)
def test_a_table_has_as_many_cells_as_columns(a_document: Document, table: Table, said: str) -> None:
    with pytest.raises(DocumentTrouble) as refused:
        check(with_block(a_document, table))
    assert str(refused.value).startswith("annex 1, block 3")
    assert str(refused.value).endswith(said)


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (Chart((), "80", "", "", ""), "a chart needs a point"),
        (Chart((Point("a", "85.7"),), "80", "", "", ""), "point 1, percent: expected a percentage such as 85,7"),
        (Chart((Point("a", "85,7", high="101"),), "80", "", "", ""), "point 1, high: more than 100 %"),
        (Chart((Point("a", "85,7"),), "", "", "", ""), "the target: expected a percentage such as 85,7"),
    ],
)
def test_a_chart_has_percentages(a_document: Document, chart: Chart, said: str) -> None:
    with pytest.raises(DocumentTrouble, match="annex 1, block 3") as refused:
        check(with_block(a_document, chart))
    assert str(refused.value).endswith(said)


@pytest.mark.parametrize("content", ["", "x" * 1001])
def test_a_code_holds_what_can_be_scanned(a_document: Document, content: str) -> None:
    with pytest.raises(DocumentTrouble, match=r"annex 1, block 3: a QR code holds 1 to 1000 bytes"):
        check(with_block(a_document, Code(content, "")))


@given(st.integers(0, 1000), st.sampled_from(("", "%")))
def test_percentages_are_read_as_they_are_printed(tenths: int, sign: str) -> None:
    assert percent(f"{tenths // 10},{tenths % 10}{sign}") == tenths / 10
