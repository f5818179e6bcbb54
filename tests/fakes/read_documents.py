"""What a rendered document says, read out of its file, and what it should say."""

import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import docx
import docx.table
import pypdfium2
from openxml_audit import FileFormat, OpenXmlValidator

from sync_server.core.decisions.document import Chart, Code, Document, Table
from sync_server.documents import wording


def printed(document: Document) -> list[str]:
    """Return what a document prints, in the order of reading, without the pictures' letters."""
    return [text for text in _printed(document) if text]


def _printed(document: Document) -> Iterator[str]:
    head = document.head
    yield from (*head.parent, *head.issuer, wording.NATION, wording.MOTTO, head.number, head.place_and_day)
    yield from (head.kind, head.about, head.authority, *document.bases, document.resolved, *document.opening)
    for article in document.articles:
        first, *others = article.paragraphs or ("",)
        yield from (f"{article.label} {first}" if first else article.label, *others)
    if document.recipients:
        yield wording.RECIPIENTS
    yield from (*document.recipients, *document.signature.lines, document.signature.name)
    for annex in document.annexes:
        yield from (annex.label, annex.title, annex.attached)
        for block in annex.blocks:
            if isinstance(block, Table):
                yield from (column.title for column in block.columns)
                yield from (cell for row in block.rows for cell in row.cells)
                yield block.note
            elif isinstance(block, (Chart, Code)):
                yield block.caption
            else:
                yield block.text


def texts_of_docx(content: bytes) -> list[str]:
    """Return every text of a DOCX, paragraph by paragraph, in the order of reading."""
    document = docx.Document(io.BytesIO(content))
    texts = []
    for part in document.iter_inner_content():
        if isinstance(part, docx.table.Table):
            texts += [paragraph.text for row in part.rows for cell in row.cells for paragraph in cell.paragraphs]
        else:
            texts.append(part.text)
    return [text for text in texts if text]


def texts_of_pdf(content: bytes) -> list[str]:
    """Return the text of each page of a PDF."""
    with pypdfium2.PdfDocument(content) as document:
        return [page.get_textpage().get_text_range() for page in document]


def letters(text: str) -> str:
    """Return a text without what a line's end changes."""
    return re.sub(r"[\s\u200b\x02\ufffe]", "", unicodedata.normalize("NFKC", text))


def schema_faults(content: bytes, folder: Path) -> list[str]:
    """Return what Word 2019's schemas have against a DOCX."""
    path = folder / "document.docx"
    path.write_bytes(content)
    return [str(error) for error in OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(path).errors]
