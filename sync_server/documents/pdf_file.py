"""A document as PDF/A-2a, tagged, its fonts within it."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from sync_server.core.decisions.document import Annex, Block, Chart, Code, Document, Table
from sync_server.documents import wording
from sync_server.documents.chart import chart_svg
from sync_server.documents.checking import DocumentTrouble, check, in_utc, texts_of
from sync_server.documents.codes import code_svg
from sync_server.documents.columns import MARGIN, column_widths, lines
from sync_server.documents.measures import measures, sizes_by_name, table_size, text_sizes, text_width
from sync_server.documents.typesetting import Job, typeset

TEMPLATE = "document.typ"
_NO_FONT = re.compile(r'the text `"(.+?)"` could not be displayed')
_TALL = 20  # lines; a row of more may be broken, as it may not fit on a page


def pdf_bytes(document: Document, *, size: Decimal, created: datetime, font_folders: Sequence[Path] = ()) -> bytes:
    """Render a document whose fields are filled; DocumentTrouble says what cannot be printed.

    The same document, time and fonts make the same bytes.
    """
    check(document)
    inputs = template_inputs(document, size, final=True)
    try:
        [result] = typeset([Job(TEMPLATE, inputs, "pdf", created=int(in_utc(created).timestamp()))], font_folders)
    except DocumentTrouble as trouble:
        _name_the_place(document, trouble)
        raise
    return result.contents()


def _name_the_place(document: Document, trouble: DocumentTrouble) -> None:
    """Raise DocumentTrouble with the place of a letter that no font has, if that is what the trouble is."""
    missing = _NO_FONT.search(str(trouble))
    if missing is None:
        return
    for place, text in texts_of(document):
        if missing[1] in text:
            signs = " ".join(f"U+{ord(letter):04X}" for letter in missing[1])
            cure = "take it out, or name a folder with a font that has it"
            raise DocumentTrouble(f"{place}: no font of this machine has {signs}: {cure}") from None


def template_inputs(document: Document, size: Decimal, *, final: bool) -> dict[str, str]:
    """Return what the template is given; not *final* to see where things come to stand by themselves."""
    sizes = text_sizes(size)
    head = document.head
    data = {
        **{"sizes": sizes_by_name(sizes), "measures": measures(), "final": final},
        **{"nation": wording.NATION, "motto": wording.MOTTO, "recipients_title": wording.RECIPIENTS},
        **{"title": document.title or head.about, "author": " ".join(head.issuer)},
        **msgspec.structs.asdict(head),
        **{"bases": document.bases, "resolved": document.resolved, "opening": document.opening},
        "articles": [msgspec.structs.asdict(article) for article in document.articles],
        "signature": msgspec.structs.asdict(document.signature),
        "recipients": document.recipients,
        "annexes": [
            msgspec.structs.asdict(annex) | {"blocks": [_block(block, annex, size) for block in annex.blocks]}
            for annex in document.annexes
        ],
    }
    return {"data": json.dumps(data, ensure_ascii=False)}


def _block(block: Block, annex: Annex, size: Decimal) -> dict[str, Any]:
    named = {"part": type(block).__name__}
    if isinstance(block, Table):
        return named | _table(block, annex, size)
    if isinstance(block, Chart):
        return named | {"svg": chart_svg(block), "told": block.told, "caption": block.caption}
    if isinstance(block, Code):
        return named | {
            "svg": code_svg(block.content),
            "told": wording.code_told(block.content),
            "caption": block.caption,
        }
    return named | msgspec.structs.asdict(block)


def _table(table: Table, annex: Annex, size: Decimal) -> dict[str, Any]:
    letters = table_size(text_sizes(size), len(table.columns), landscape=annex.landscape)
    widths = column_widths(table, letters, text_width(landscape=annex.landscape))

    def tall(cells: Sequence[str]) -> bool:
        return max(lines(cell, width, letters) for cell, width in zip(cells, widths, strict=True)) > _TALL

    titles = [column.title for column in table.columns]
    return {
        **{"titles": titles, "repeated": not tall(titles), "size": letters, "note": table.note},
        **{"widths": widths, "aligns": [column.align for column in table.columns], "cell_margin": MARGIN},
        "rows": [{"cells": row.cells, "bold": row.bold, "tall": tall(row.cells)} for row in table.rows],
    }
