"""The PDF: an archive's PDF that says what the document says, with its fonts, within its margins."""

import ctypes
import re
from collections import Counter
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise

import msgspec
import pypdfium2
import pypdfium2.raw
import pytest

from sync_server.core.decisions.document import Code, Document, Row, Table
from sync_server.documents.checking import DocumentTrouble
from sync_server.documents.measures import BOTTOM, LEFT, RIGHT, SIZES, TOP
from sync_server.documents.pdf_file import TEMPLATE, pdf_bytes, template_inputs
from sync_server.documents.typesetting import Job, typeset
from tests.fakes.a_decision import CREATED, Rendered, a_decision
from tests.fakes.read_documents import letters, printed, texts_of_pdf

POINTS = 72 / 25.4
NEAR = 1.0  # mm; a slanted letter reaches beyond its box
# Every letter of Vietnamese with every tone, small and capital.
VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵfjwz"


def boxes(content: bytes) -> list[tuple[tuple[float, float], list[tuple[str, float, float, float, float]]]]:
    """Return the size of each page and its letters with their places, in mm from the upper left."""
    pages = []
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            width, height = page.get_size()
            text = page.get_textpage()
            found = []
            for index in range(text.count_chars()):
                letter = text.get_text_range(index, 1)
                if letter.strip():
                    left, bottom, right, top = text.get_charbox(index)
                    found.append(
                        (letter, left / POINTS, (height - top) / POINTS, right / POINTS, (height - bottom) / POINTS)
                    )
            pages.append(((width / POINTS, height / POINTS), found))
    return pages


def assert_within_margins(content: bytes) -> None:
    for (width, height), found in boxes(content):
        for letter, left, top, right, bottom in found:
            assert left >= LEFT - NEAR and right <= width - RIGHT + NEAR, letter
            assert bottom <= height - BOTTOM + NEAR, letter
            assert top >= TOP - NEAR or letter.isdigit(), letter  # the page's number stands above


def fonts(content: bytes) -> dict[str, bool]:
    """Return the fonts of all letters, and whether each is in the file."""
    found = {}
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            for part in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
                font = pypdfium2.raw.FPDFTextObj_GetFont(part)
                name = ctypes.create_string_buffer(100)
                pypdfium2.raw.FPDFFont_GetBaseFontName(font, name, 100)
                found[name.value.decode()] = pypdfium2.raw.FPDFFont_GetIsEmbedded(font) == 1
    return found


def test_it_says_what_the_document_says(rendered: Rendered) -> None:
    said = letters("".join(texts_of_pdf(rendered.pdf)))
    place = 0
    for text in printed(rendered.document):
        assert letters(text) in said, text
    for text in [text for text in printed(rendered.document)[9:] if len(text) > 40 and text[0] != "("]:
        place = said.find(letters(text), 0 if text in printed(rendered.document)[-20:] else place)
        assert place >= 0, text


def test_it_is_pdf_a_2a_tagged_and_in_vietnamese(rendered: Rendered) -> None:
    assert re.search(rb"pdfaid:part>2<", rendered.pdf)
    assert re.search(rb"pdfaid:conformance>A<", rendered.pdf)
    with pypdfium2.PdfDocument(rendered.pdf) as document:
        assert pypdfium2.raw.FPDFCatalog_IsTagged(document)
        assert document.get_metadata_value("Title") == rendered.document.title
        assert document.get_metadata_value("Author") == "ỦY BAN NHÂN DÂN XÃ AN BÌNH"
        assert document.get_metadata_value("CreationDate").startswith("D:20261005")


def test_every_font_is_in_the_file(rendered: Rendered) -> None:
    found = fonts(rendered.pdf)
    assert found
    assert all(found.values())
    assert all("Serif" in name or "Times" in name or "Tinos" in name for name in found)


def test_every_letter_stands_within_the_margins(rendered: Rendered) -> None:
    assert_within_margins(rendered.pdf)


def test_pages_are_numbered_within_the_text_and_within_each_annex(rendered: Rendered) -> None:
    numbers = []
    for (width, _), found in boxes(rendered.pdf):
        above = [(letter, (left + right) / 2) for letter, left, top, right, bottom in found if bottom < TOP - 1]
        numbers.append("".join(letter for letter, _ in above))
        for _, middle in above:
            assert abs(middle - (LEFT + width - RIGHT) / 2) < 3
    assert numbers == ["", "", "", "2", "3", "", ""]


def test_a_long_table_repeats_its_titles_on_every_page(rendered: Rendered) -> None:
    pages = texts_of_pdf(rendered.pdf)
    with_titles = [number for number, page in enumerate(pages) if letters("Khoảng tin cậy 95% (%)") in letters(page)]
    assert with_titles == [2, 3, 4]


def test_an_annex_may_lie_across(rendered: Rendered) -> None:
    sizes = [(round(width), round(height)) for (width, height), _ in boxes(rendered.pdf)]
    assert sizes == [(210, 297)] * 6 + [(297, 210)]


def test_the_same_document_makes_the_same_bytes(rendered: Rendered) -> None:
    elsewhere = CREATED.astimezone(timezone(timedelta(hours=7)))
    assert pdf_bytes(a_decision(), size=rendered.size, created=elsewhere) == rendered.pdf
    later = pdf_bytes(a_decision(), size=rendered.size, created=CREATED + timedelta(days=1))
    assert later != rendered.pdf


def test_the_signature_has_room_for_its_picture(rendered: Rendered) -> None:
    [_, found] = boxes(rendered.pdf)[0]
    below = [top for letter, left, top, right, bottom in found if left > 115 and top > 200]
    gaps = sorted(set(below))
    assert max(after - before for before, after in pairwise(gaps)) >= 24


def test_every_letter_of_vietnamese_is_there_in_the_font_that_typst_brings(a_document: Document) -> None:
    text = f"{VIETNAMESE} {VIETNAMESE.upper()}"
    document = msgspec.structs.replace(a_document, bases=(text,))
    inputs = template_inputs(document, SIZES[0], final=True)
    [result] = typeset([Job(TEMPLATE, inputs, "pdf", created=0)], system_fonts=False)
    made = result.contents()
    assert letters(text) in letters("".join(texts_of_pdf(made)))
    assert all("Libertinus" in name for name in fonts(made))
    assert_within_margins(made)


def with_name(document: Document, name: str) -> Document:
    return msgspec.structs.replace(document, signature=msgspec.structs.replace(document.signature, name=name))


def test_a_letter_that_no_font_has_is_refused_with_its_place(a_document: Document) -> None:
    with pytest.raises(DocumentTrouble, match=r"^signature, name: no font of this machine has U\+12000"):
        pdf_bytes(with_name(a_document, "Nguyễn \U00012000"), size=SIZES[0], created=CREATED)


def test_markup_is_printed_as_it_is_and_runs_of_anything_wrap(a_document: Document) -> None:
    nasty = '#panic("x") *b* _i_ $x$ \\ <a> &amp; "q" `c` @r // = - + [ ] ~ ' + "W" * 200
    table = a_document.annexes[0].blocks[1]
    assert isinstance(table, Table)
    blocks = (msgspec.structs.replace(table, rows=(Row((nasty, nasty)),), note=nasty),)
    annex = msgspec.structs.replace(a_document.annexes[0], title=nasty, attached=nasty, blocks=blocks)
    head = msgspec.structs.replace(a_document.head, issuer=(nasty,), about=nasty, number=nasty, place_and_day=nasty)
    document = msgspec.structs.replace(
        with_name(a_document, nasty), head=head, bases=(nasty,), recipients=(nasty,) * 3, annexes=(annex,)
    )
    made = pdf_bytes(document, size=SIZES[0], created=CREATED)
    assert_within_margins(made)
    assert letters("".join(texts_of_pdf(made))).count(letters(nasty)) >= 9


def test_rows_and_recipients_longer_than_a_page_are_broken(a_document: Document) -> None:
    long = "Đăng ký khai sinh " * 500
    table = a_document.annexes[0].blocks[1]
    assert isinstance(table, Table)
    annex = msgspec.structs.replace(
        a_document.annexes[0], blocks=(msgspec.structs.replace(table, rows=(Row(("1", long)),)),)
    )
    document = msgspec.structs.replace(a_document, annexes=(annex,), recipients=("- Như trên;",) * 200)
    made = pdf_bytes(document, size=Decimal(13), created=CREATED)
    assert_within_margins(made)
    assert Counter(letters(long)) - Counter(letters("".join(texts_of_pdf(made)))) == Counter()


def test_a_code_that_is_too_long_to_scan_is_refused(a_document: Document) -> None:
    annex = msgspec.structs.replace(a_document.annexes[0], blocks=(Code("x" * 1001, "dài"),))
    with pytest.raises(DocumentTrouble, match="annex 1, block 1: a QR code holds"):
        pdf_bytes(msgspec.structs.replace(a_document, annexes=(annex,)), size=SIZES[0], created=CREATED)


def test_a_time_without_a_zone_is_not_guessed(a_document: Document) -> None:
    with pytest.raises(ValueError, match="zone"):
        pdf_bytes(a_document, size=SIZES[0], created=datetime(2026, 10, 5))  # noqa: DTZ001
