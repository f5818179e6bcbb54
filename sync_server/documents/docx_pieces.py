"""Pieces of a DOCX that python-docx has no call for, each put where the schema wants it."""

import io

from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Length, Pt
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

from sync_server.documents.wording import picture_name

_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_AFTER_BORDER = tuple(
    f"w:{name}"
    for name in (
        *("shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE"),
        *(
            "autoSpaceDN",
            "bidi",
            "adjustRightInd",
            "snapToGrid",
            "spacing",
            "ind",
            "contextualSpacing",
            "mirrorIndents",
        ),
        *("suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId"),
        *("cnfStyle", "rPr", "sectPr", "pPrChange"),
    )
)
_AFTER_NUMBERING = tuple(
    f"w:{name}"
    for name in (
        *("cols", "formProt", "vAlign", "noEndnote", "titlePg", "textDirection", "bidi", "rtlGutter", "docGrid"),
        *("printerSettings", "sectPrChange"),
    )
)
_AFTER_MARGINS = ("w:tblLook", "w:tblCaption", "w:tblDescription", "w:tblPrChange")


def element(name: str, **attributes: str) -> BaseOxmlElement:
    """Make an element of WordprocessingML."""
    made = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def make_rule(paragraph: Paragraph, length: Length, width: Length) -> None:
    """Make an empty paragraph a rule in the middle of *width*: a border between two indents, which anybody can edit."""
    form = paragraph.paragraph_format
    side = Length(max(0, (width - length) // 2))
    form.left_indent = form.right_indent = side
    form.space_before, form.space_after, form.line_spacing = Pt(2), Pt(0), Pt(4)
    properties = paragraph._p.get_or_add_pPr()
    border = element("pBdr")
    border.append(element("top", val="single", sz="5", space="0", color="000000"))
    properties.insert_element_before(border, *_AFTER_BORDER)


def add_page_number(paragraph: Paragraph) -> None:
    """Add a field that shows the page's number."""
    run = paragraph.add_run()
    for kind in ("begin", "separate", "end"):
        run._r.append(element("fldChar", fldCharType=kind))
        if kind == "begin":
            instruction = element("instrText")
            instruction.text = "PAGE"
            run._r.append(instruction)
        elif kind == "separate":
            run.add_text("2")


def number_from_one(section: Section) -> None:
    """Begin a section's page numbers anew."""
    if section._sectPr.find(qn("w:pgNumType")) is None:  # a section begins as a copy of the one before
        section._sectPr.insert_element_before(element("pgNumType", start="1"), *_AFTER_NUMBERING)


def lay_out(table: Table, widths: list[Length], *, borders: bool, margin: Length) -> None:
    """Fix the widths of a table's columns, and what stands between its texts and its borders."""
    properties = table._tbl.tblPr
    table.autofit = False
    for child in list(properties):
        if child.tag in (qn("w:tblStyle"), qn("w:tblW")):
            properties.remove(child)
    whole = str(sum(width.twips for width in widths))
    properties.insert_element_before(
        element("tblW", w=whole, type="dxa"),
        *("w:jc", "w:tblCellSpacing", "w:tblInd", "w:tblBorders", "w:shd", "w:tblLayout", "w:tblCellMar"),
        *_AFTER_MARGINS,
    )
    properties.insert_element_before(
        element("tblInd", w="0", type="dxa"),
        *("w:tblBorders", "w:shd", "w:tblLayout", "w:tblCellMar", *_AFTER_MARGINS),
    )
    if borders:
        lines = element("tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            lines.append(element(side, val="single", sz="4", space="0", color="000000"))
        properties.insert_element_before(lines, "w:shd", "w:tblLayout", "w:tblCellMar", *_AFTER_MARGINS)
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w=str(margin.twips), type="dxa"))
    properties.insert_element_before(margins, *_AFTER_MARGINS)
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def keep_whole(row: _Row) -> None:
    """Have a row begin on the next page rather than be broken."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def repeat(row: _Row) -> None:
    """Have a first row repeated on every page."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))


def add_picture(docx: Docx, paragraph: Paragraph, png: bytes, width: Length, told: str, svg: str | None = None) -> None:
    """Add a picture, with what it shows in words; Word from 2016 on draws the SVG, others show the PNG."""
    shape = paragraph.add_run().add_picture(io.BytesIO(png), width=width)
    number = len(docx.element.body.findall(f".//{qn('wp:docPr')}"))
    properties = shape._inline.docPr
    properties.set("id", str(number))
    properties.set("name", picture_name(number))
    properties.set("descr", told)
    if svg is not None:
        package = docx.part.package
        part = Part(PackURI(f"/word/media/vector{number}.svg"), "image/svg+xml", svg.encode(), package)
        shown = docx.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        blip = shape._inline.graphic.graphicData.pic.blipFill.blip
        blip.append(
            parse_xml(
                f'<a:extLst {nsdecls("a", "r")}><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
                f'<asvg:svgBlip xmlns:asvg="{_SVG}" r:embed="{shown}"/></a:ext></a:extLst>'
            )
        )
