"""The DOCX: read again, every element is as the decree asks, and the schema has nothing against it."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import docx
import msgspec
import pytest
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph

from sync_server.core.decisions.document import Document
from sync_server.documents import wording
from sync_server.documents.docx_file import docx_bytes
from sync_server.documents.measures import SIZES
from tests.fakes.a_decision import CREATED, Rendered, a_decision
from tests.fakes.read_documents import printed, schema_faults, texts_of_docx

NEAR = 700  # EMU; Word counts in twentieths of a point


def paragraphs(document: Docx) -> list[Paragraph]:
    found = []
    for part in document.iter_inner_content():
        if isinstance(part, Paragraph):
            found.append(part)
        else:
            found += [paragraph for row in part.rows for cell in row.cells for paragraph in cell.paragraphs]
    return found


def of_style(document: Docx, style_id: str) -> list[Paragraph]:
    found = [each for each in paragraphs(document) if each.style is not None and each.style.style_id == style_id]
    return [each for each in found if each.text]


def near(length: Length | None, wanted: Length) -> bool:
    return length is not None and abs(length - wanted) <= NEAR


def test_it_says_exactly_what_the_document_says(rendered: Rendered) -> None:
    said = texts_of_docx(rendered.docx)
    assert sorted(said) == sorted(printed(rendered.document))
    head, closing = 9, len(rendered.document.recipients) + 1
    assert said[head:-closing] == printed(rendered.document)[head:-closing]


def test_the_schema_of_word_has_nothing_against_it(rendered: Rendered, tmp_path: Path) -> None:
    assert schema_faults(rendered.docx, tmp_path) == []


def test_the_schema_is_really_looked_at(opened: Docx, tmp_path: Path) -> None:
    properties = opened.paragraphs[0]._p.get_or_add_pPr()
    properties.append(properties.makeelement(qn("w:pStyle")))  # it has to come first
    changed = io.BytesIO()
    opened.save(changed)
    assert any("pStyle" in error for error in schema_faults(changed.getvalue(), tmp_path))


def test_the_same_document_makes_the_same_bytes(rendered: Rendered) -> None:
    again = docx_bytes(a_decision(), size=rendered.size, created=CREATED)
    assert again == rendered.docx
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        names = archive.namelist()
        assert names[0] == "[Content_Types].xml"
        assert names[1:] == sorted(names[1:])
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_pages_are_upright_a4_with_the_decree_s_margins_but_for_an_annex_across(opened: Docx) -> None:
    upright, across = (Mm(210), Mm(297)), (Mm(297), Mm(210))
    assert len(opened.sections) == 5
    for number, section in enumerate(opened.sections):
        width, height = across if number == 4 else upright
        assert near(section.page_width, width)
        assert near(section.page_height, height)
        for margin, least, most in (
            *((section.top_margin, 20, 25), (section.bottom_margin, 20, 25)),
            *((section.left_margin, 30, 35), (section.right_margin, 15, 20)),
        ):
            assert margin is not None
            assert Mm(least) - NEAR <= margin <= Mm(most) + NEAR


def test_the_page_number_stands_in_the_top_margin_but_not_on_the_first_page(opened: Docx) -> None:
    for section in opened.sections:
        assert section.different_first_page_header_footer
        assert not section.first_page_header.paragraphs[0].text
        assert section.header_distance is not None and section.header_distance < Mm(20) - Pt(14)
    [paragraph] = opened.sections[0].header.paragraphs
    assert [node.text for node in paragraph._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert paragraph.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert opened.styles["Header"].font.size == Pt(13)


def test_every_annex_is_numbered_by_itself(opened: Docx) -> None:
    starts = [section._sectPr.findall(qn("w:pgNumType")) for section in opened.sections]
    assert [[node.get(qn("w:start")) for node in found] for found in starts] == [[], ["1"], ["1"], ["1"], ["1"]]


def test_no_other_font_and_no_other_language_is_named(rendered: Rendered) -> None:
    with zipfile.ZipFile(io.BytesIO(rendered.docx)) as archive:
        for name in archive.namelist():
            if not name.startswith("word/") or not name.endswith(".xml") or "theme" in name or "fontTable" in name:
                continue
            for node in docx.oxml.parse_xml(archive.read(name)).iter(qn("w:rFonts"), qn("w:lang")):
                values = set(node.attrib.values())
                assert values <= ({"Times New Roman"} if node.tag == qn("w:rFonts") else {"vi-VN", "ar-SA"}), name
    fonts = docx.Document(io.BytesIO(rendered.docx)).styles.element.find(f".//{qn('w:rFonts')}")
    assert fonts is not None
    assert {qn(f"w:{script}") for script in ("ascii", "hAnsi", "cs", "eastAsia")} == set(fonts.attrib)


@pytest.mark.parametrize("size", SIZES)
def test_every_element_has_the_decree_s_size_and_weight(size: Decimal) -> None:
    document = msgspec.structs.replace(a_decision(), annexes=a_decision().annexes[:1])
    opened = docx.Document(io.BytesIO(docx_bytes(document, size=size, created=CREATED)))
    table = {  # least, most, bold, italic
        "Issuer": (12, 13, True, False),
        "Nation": (12, 13, True, False),
        "Motto": (13, 14, True, False),
        "Number": (13, 13, False, False),
        "PlaceAndDay": (13, 14, False, True),
        "Kind": (13, 14, True, False),
        "About": (13, 14, True, False),
        "Authority": (13, 14, True, False),
        "Base": (13, 14, False, True),
        "Resolved": (13, 14, True, False),
        "Body": (13, 14, False, False),
        "RecipientsTitle": (12, 12, True, True),
        "Recipient": (11, 11, False, False),
        "Signature": (13, 14, True, False),
        "SignedName": (13, 14, True, False),
        "AnnexLabel": (14, 14, True, False),
        "AnnexTitle": (13, 14, True, False),
        "AnnexAttached": (13, 14, False, True),
    }
    for style_id, (least, most, bold, italic) in table.items():
        [*found] = of_style(opened, style_id)
        assert found, style_id
        for paragraph in found:
            font = paragraph.style.font  # type: ignore[union-attr]
            assert font.size is not None
            assert Pt(least) <= font.size <= Pt(most), style_id
            assert (bool(font.bold), bool(font.italic)) == (bold, italic), style_id
            if style_id != "Body":
                assert all(run.bold is None and run.italic is None and run.font.size is None for run in paragraph.runs)
    labels = [run.text for each in of_style(opened, "Body") for run in each.runs if run.bold]
    assert labels == [article.label for article in document.articles]
    nation, motto = (of_style(opened, name)[0].style.font.size for name in ("Nation", "Motto"))  # type: ignore[union-attr]
    assert motto is not None and nation is not None
    assert motto - nation == Pt(1)


def test_running_text_is_justified_indented_and_apart(opened: Docx) -> None:
    for style_id in ("Base", "Body"):
        form = opened.styles[of_style(opened, style_id)[0].style.name].paragraph_format  # type: ignore[union-attr]
        assert form.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
        assert near(form.first_line_indent, Mm(12.7))
        assert form.space_after is not None and form.space_after >= Pt(6)
        spacing = opened.styles["Normal"].paragraph_format.line_spacing
        assert isinstance(spacing, float) and 1 <= spacing <= 1.5


def test_rules_are_borders_that_anybody_can_edit_as_long_as_the_decree_says(opened: Docx, rendered: Rendered) -> None:
    rules = [each for each in paragraphs(opened) if each._p.find(f".//{qn('w:pBdr')}") is not None]
    assert len(rules) == 3 + len(rendered.document.annexes)
    assert not any(each.text for each in rules)
    head = opened.tables[0].rows[0].cells
    left, right = (cell.paragraphs[-1].paragraph_format for cell in head)
    motto = Mm(99) - 2 * (right.left_indent or 0)
    assert abs(motto - Pt(12.2175 * float(rendered.size))) < Mm(0.5)  # the motto in Times New Roman
    issuer = Mm(66) - 2 * (left.left_indent or 0)
    width = Pt(5.89 * (float(rendered.size) - 1))  # "XÃ AN BÌNH"
    assert width / 3 <= issuer <= width / 2


def test_a_table_repeats_its_titles_and_breaks_between_rows(opened: Docx, rendered: Rendered) -> None:
    table = opened.tables[3]
    wanted = rendered.document.annexes[1].blocks[0]
    assert len(table.rows) == 42
    for number, row in enumerate(table.rows):
        properties = row._tr.trPr
        assert properties is not None
        assert properties.find(qn("w:cantSplit")) is not None
        assert (properties.find(qn("w:tblHeader")) is not None) == (number == 0)
    assert tuple(cell.text for cell in table.rows[40].cells) == wanted.rows[39].cells  # type: ignore[union-attr]
    assert all(run.bold for cell in table.rows[41].cells for run in cell.paragraphs[0].runs)
    widths = [column.width for column in table.columns]
    assert abs(sum(width or 0 for width in widths) - Mm(165)) < Mm(0.5)


def test_signature_and_recipients_stand_together_with_room_for_the_signed_picture(opened: Docx) -> None:
    table = opened.tables[1]
    assert table.rows[0]._tr.trPr is not None
    assert table.rows[0]._tr.trPr.find(qn("w:cantSplit")) is not None
    recipients, signature = table.rows[0].cells
    assert recipients.paragraphs[0].text == wording.RECIPIENTS
    assert signature.paragraphs[0].text == "TM. ỦY BAN NHÂN DÂN"
    room = signature.paragraphs[-1].style.paragraph_format.space_before
    assert room is not None and room >= Mm(24) - NEAR * 20
    last = next(each for each in paragraphs(opened) if each.text.endswith("./."))
    assert last.paragraph_format.keep_with_next


def test_pictures_say_what_they_show_and_a_chart_is_also_drawn_in_lines(opened: Docx, rendered: Rendered) -> None:
    told = [shape._inline.docPr.get("descr") for shape in opened.inline_shapes]
    chart, _, code = rendered.document.annexes[2].blocks
    assert told == [chart.told, wording.code_told(code.content)]  # type: ignore[union-attr]
    with zipfile.ZipFile(io.BytesIO(rendered.docx)) as archive:
        [vector] = [name for name in archive.namelist() if name.endswith(".svg")]
        assert archive.read(vector).startswith(b"<svg")
        assert b"svgBlip" in archive.read("word/document.xml")
        assert b"image/svg+xml" in archive.read("[Content_Types].xml")


def test_the_file_says_what_it_is_and_nothing_of_its_maker(opened: Docx, rendered: Rendered) -> None:
    properties = opened.core_properties
    assert (properties.title, properties.author) == (rendered.document.title, "ỦY BAN NHÂN DÂN XÃ AN BÌNH")
    assert properties.created is not None
    assert properties.created.replace(tzinfo=None) == CREATED.replace(tzinfo=None)
    assert b"python" not in rendered.docx
    with zipfile.ZipFile(io.BytesIO(rendered.docx)) as archive:
        assert not any(b"python-docx" in archive.read(name) for name in archive.namelist())


def test_a_report_has_no_authority_no_resolution_and_begins_with_text(a_document: Document, tmp_path: Path) -> None:
    head = msgspec.structs.replace(a_document.head, kind="BÁO CÁO", authority="", parent=("UBND TỈNH AN BÌNH",))
    report = msgspec.structs.replace(
        a_document, head=head, resolved="", opening=("Thực hiện chế độ báo cáo.",), bases=()
    )
    made = docx_bytes(report, size=SIZES[0], created=CREATED)
    assert sorted(texts_of_docx(made)) == sorted(printed(report))
    assert schema_faults(made, tmp_path) == []
