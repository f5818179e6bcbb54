"""A document as DOCX, editable in Word: nothing in it is a picture but the charts and codes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph as Line

from sync_server.core.decisions.document import (
    Align,
    Annex,
    Block,
    Chart,
    Document,
    Head,
    Paragraph,
    Subtitle,
    Table,
)
from sync_server.documents import measures, wording
from sync_server.documents.chart import chart_svg
from sync_server.documents.checking import check
from sync_server.documents.codes import code_png
from sync_server.documents.columns import MARGIN, column_widths
from sync_server.documents.docx_package import describe, lay_out_as_today, packed, strip
from sync_server.documents.docx_pieces import (
    add_page_number,
    add_picture,
    keep_whole,
    lay_out,
    make_rule,
    number_from_one,
    repeat,
)
from sync_server.documents.docx_styles import set_up_styles
from sync_server.documents.letters import MOTTO_WIDTH, line_width
from sync_server.documents.measures import TextSizes, table_size, text_sizes, text_width
from sync_server.documents.typesetting import Job, typeset

_PPI = 300.0
_ALIGNED = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}


def docx_bytes(document: Document, *, size: Decimal, created: datetime, font_folders: Sequence[Path] = ()) -> bytes:
    """Render a document whose fields are filled; DocumentTrouble says what cannot be printed.

    The same document and time make the same bytes, on a machine with the same fonts where it has charts.
    """
    check(document)
    return packed(_Writer(document, text_sizes(size), font_folders).written(created))


class _Writer:
    """Writes one document."""

    def __init__(self, document: Document, sizes: TextSizes, font_folders: Sequence[Path]) -> None:
        self._document = document
        self._sizes = sizes
        self._docx: Docx = docx.Document()
        self._styles: dict[str, Any] = {}
        self._pictures = _pictures(document, font_folders)

    def written(self, created: datetime) -> Docx:
        document = self._document
        strip(self._docx)
        lay_out_as_today(self._docx)
        set_up_styles(self._docx, self._sizes)
        describe(
            self._docx,
            title=document.title or document.head.about,
            author=" ".join(document.head.issuer),
            created=created,
        )
        self._page(self._docx.sections[0], landscape=False)
        self._head(document.head)
        for base in document.bases:
            self._add("Base", base)
        if document.resolved:
            self._add("Resolved", document.resolved)
        for paragraph in document.opening:
            self._add("Body", paragraph)
        self._articles()
        self._closing()
        for annex in document.annexes:
            self._annex(annex)
        self._add("End", "")
        return self._docx

    def _add(self, style: str, text: str, place: Any = None) -> Line:
        """Add a paragraph to the document, or to a cell."""
        paragraph: Line = (self._docx if place is None else place).add_paragraph()
        paragraph.style = self._style(style)
        if text:
            paragraph.add_run(text)
        return paragraph

    def _style(self, style_id: str) -> Any:
        if style_id not in self._styles:
            self._styles |= {style.style_id: style for style in self._docx.styles}
        return self._styles[style_id]

    def _fill(self, cell: Any, lines: Sequence[tuple[str, str]]) -> None:
        """Write lines, each with its style, into an empty cell."""
        for style, text in lines:
            self._add(style, text, cell)
        cell._tc.remove(cell.paragraphs[0]._p)

    def _rule(self, style: str, letters: float, size: float, width: Length, place: Any = None) -> None:
        """Draw a rule below a text that is so many em wide, or wrapped: as long as the decree says."""
        length = letters * size if style == "Motto" else min(letters * size, width.pt) * measures.RULE_SHARE
        make_rule(self._add(style, "", place), Pt(length), width)

    def _page(self, section: Section, *, landscape: bool) -> None:
        across, down = measures.PAGE[::-1] if landscape else measures.PAGE
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(across), Mm(down)
        section.top_margin, section.bottom_margin = Mm(measures.TOP), Mm(measures.BOTTOM)
        section.left_margin, section.right_margin = Mm(measures.LEFT), Mm(measures.RIGHT)
        section.header_distance = section.footer_distance = Mm(measures.HEADER)
        section.different_first_page_header_footer = True
        if len(self._docx.sections) == 1:  # the others take it over
            header = section.header
            header.is_linked_to_previous = False
            header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            add_page_number(header.paragraphs[0])

    def _head(self, head: Head) -> None:
        width = text_width(landscape=False)
        left, right = Mm(width * measures.HEAD_SHARE), Mm(width * (1 - measures.HEAD_SHARE))
        table = self._docx.add_table(2, 2)
        lay_out(table, [left, right], borders=False, margin=Mm(0))
        (issuer, nation), (number, place) = (row.cells for row in table.rows)
        self._fill(issuer, [*(("Parent", line) for line in head.parent), *(("Issuer", line) for line in head.issuer)])
        if head.issuer:
            self._rule("Issuer", line_width(head.issuer[-1]), self._sizes.capitals, left, issuer)
        self._fill(nation, [("Nation", wording.NATION), ("Motto", wording.MOTTO)])
        self._rule("Motto", MOTTO_WIDTH, self._sizes.text, right, nation)
        self._fill(number, [("Number", head.number)])
        self._fill(place, [("PlaceAndDay", head.place_and_day)])
        self._add("Kind", head.kind)
        self._add("About", head.about)
        self._rule("About", line_width(head.about), self._sizes.text, Mm(width - 2 * measures.ABOUT_INSET))
        if head.authority:
            self._add("Authority", head.authority)

    def _articles(self) -> None:
        last = None
        for article in self._document.articles:
            for number, text in enumerate(article.paragraphs or ("",)):
                last = self._add("Body", "")
                if number == 0:
                    last.add_run(article.label).bold = True
                    if text:
                        last.add_run(" ")
                last.add_run(text)
        if last is not None:
            last.paragraph_format.keep_with_next = True  # to the signature

    def _closing(self) -> None:
        document, width = self._document, text_width(landscape=False)
        self._add("Gap", "")
        table = self._docx.add_table(1, 2)
        left = width * measures.RECIPIENTS_SHARE
        lay_out(table, [Mm(left), Mm(width - left)], borders=False, margin=Mm(0))
        keep_whole(table.rows[0])
        recipients, signature = table.rows[0].cells
        title = [("RecipientsTitle", wording.RECIPIENTS)] if document.recipients else [("Recipient", "")]
        self._fill(recipients, [*title, *(("Recipient", line) for line in document.recipients)])
        lines = [("Signature", line) for line in document.signature.lines]
        self._fill(signature, [*lines, ("SignedName", document.signature.name)])

    def _annex(self, annex: Annex) -> None:
        section = self._docx.add_section(WD_SECTION.NEW_PAGE)
        self._docx.paragraphs[-1].style = self._style("End")  # a section ends in a paragraph, even after a table
        self._page(section, landscape=annex.landscape)
        number_from_one(section)
        self._add("AnnexLabel", annex.label)
        self._add("AnnexTitle", annex.title)
        width = Mm(text_width(landscape=annex.landscape))
        if annex.attached:
            self._add("AnnexAttached", annex.attached)
        ruled = annex.attached or annex.title
        self._rule("AnnexAttached", line_width(ruled), self._sizes.text, width)
        self._add("Gap", "")
        for block in annex.blocks:
            self._block(block, annex)

    def _block(self, block: Block, annex: Annex) -> None:
        if isinstance(block, Paragraph):
            self._add("Body", "").add_run(block.text).italic = block.italic or None
        elif isinstance(block, Subtitle):
            self._add("Subtitle1", block.text)
        elif isinstance(block, Table):
            self._table(block, annex)
        elif isinstance(block, Chart):
            png, svg = next(self._pictures)
            self._picture(png, measures.CHART[0], block.told, block.caption, svg)
        else:
            self._picture(code_png(block.content), measures.CODE, wording.code_told(block.content), block.caption)

    def _picture(self, png: bytes, width: float, told: str, caption: str, svg: str | None = None) -> None:
        paragraph = self._add("Picture", "")
        add_picture(self._docx, paragraph, png, Mm(width), told, svg)
        if caption:
            self._add("Caption1", caption)
        else:
            paragraph.paragraph_format.keep_with_next = False

    def _table(self, table: Table, annex: Annex) -> None:
        size = table_size(self._sizes, len(table.columns), landscape=annex.landscape)
        style = self._style("CellText" if size == self._sizes.table else "WideCellText")
        widths = column_widths(table, size, text_width(landscape=annex.landscape))
        made = self._docx.add_table(1 + len(table.rows), len(table.columns))
        lay_out(made, [Mm(width) for width in widths], borders=True, margin=Pt(MARGIN))
        rows = [(tuple(column.title for column in table.columns), True), *((row.cells, row.bold) for row in table.rows)]
        for number, (row, (texts, bold)) in enumerate(zip(made.rows, rows, strict=True)):
            keep_whole(row)
            if number == 0:
                repeat(row)
            for cell, column, text in zip(row.cells, table.columns, texts, strict=True):
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
                paragraph = cell.paragraphs[0]
                paragraph.style = style
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if number == 0 else _ALIGNED[column.align]
                paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
                if text:
                    paragraph.add_run(text).bold = bold or None
        self._add("Note", table.note)


def _pictures(document: Document, font_folders: Sequence[Path]) -> Iterator[tuple[bytes, str]]:
    """Draw all charts at once; yield each as PNG and SVG."""
    charts = [chart_svg(block) for annex in document.annexes for block in annex.blocks if isinstance(block, Chart)]
    if not charts:
        return iter(())
    jobs = [Job("picture.typ", {"svg": svg}, "png", ppi=_PPI) for svg in charts]
    return iter([(result.contents(), svg) for result, svg in zip(typeset(jobs, font_folders), charts, strict=True)])
