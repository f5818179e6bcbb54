"""A whole document as plain text: for people at a terminal, for searching and for comparing. Pure."""

from collections.abc import Iterator

from sync_server.core.decisions.document import (
    Annex,
    Block,
    Chart,
    Document,
    Paragraph,
    Row,
    Subtitle,
    Table,
)

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
RECIPIENTS = "Nơi nhận:"
_RULE = "-" * 40


def as_text(document: Document) -> str:
    """Return the document line by line; ends in a newline."""
    head = document.head
    lines = [*head.parent, *head.issuer, *MOTTO, head.number, head.place_and_day, "", head.kind, head.about]
    lines += ["", *([head.authority] if head.authority else []), *document.bases]
    lines += [document.resolved] if document.resolved else []
    lines += document.opening
    for article in document.articles:
        first, *others = article.paragraphs
        lines += ["", f"{article.label} {first}", *others]
    lines += ["", *document.signature.lines, document.signature.name, "", RECIPIENTS, *document.recipients]
    for annex in document.annexes:
        lines += _annex(annex)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def articles_as_text(document: Document) -> str:
    """Return what is decided or reported, without head and annexes; ends in a newline."""
    lines = list(document.opening)
    for article in document.articles:
        first, *others = article.paragraphs
        lines += [f"{article.label} {first}", *others]
    return "\n".join(lines) + "\n"


def _annex(annex: Annex) -> Iterator[str]:
    yield from ("", _RULE, annex.label, annex.title, annex.attached)
    for block in annex.blocks:
        yield ""
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph() | Subtitle():
            yield block.text
        case Table():
            yield " | ".join(column.title for column in block.columns)
            yield from map(_row, block.rows)
            yield from [block.note] if block.note else []
        case Chart():
            yield f"[{block.caption}]"
            yield f"{block.target_label}. {block.told}"
        case _:
            yield f"[QR: {block.content}]"
            yield block.caption


def _row(row: Row) -> str:
    return " | ".join(row.cells)
