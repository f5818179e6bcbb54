"""What a document may not hold if it is to be rendered: refused before anything is written, with its place. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from sync_server.core.decisions.document import Chart, Code, Document, Table

MOST_COLUMNS = 20
LONGEST_CODE = 1000  # bytes; a denser one is hard to scan from paper
NEW_LINE = "\n"  # within a text: a line break
_PERCENT = re.compile(r"\d{1,3}(,\d{1,4})?%?")
# Control characters, what turns the direction of writing or is invisible, halves of characters, and signs that only
# one maker's font has.
_REFUSED = {"Cc": "a control character", "Cf": "an invisible character", "Cs": "half a character"} | {
    **{"Co": "a character of nobody's", "Zl": "a line separator", "Zp": "a paragraph separator"},
}


class DocumentTrouble(Exception):
    """A document cannot be rendered; the text says where and why, and holds nothing of the document."""


def check(document: Document) -> None:
    """Raise DocumentTrouble unless everything of a document can be printed as it is."""
    for place, text in texts_of(document):
        _check_text(place, text)
    for annex_number, annex in enumerate(document.annexes, 1):
        for number, block in enumerate(annex.blocks, 1):
            place = f"annex {annex_number}, block {number}"
            if isinstance(block, Table):
                _check_table(place, block)
            elif isinstance(block, Chart):
                _check_chart(place, block)
            elif isinstance(block, Code):
                _check_code(place, block)


def in_utc(created: datetime) -> datetime:
    """Return a moment in UTC, to the second; ValueError for one without a zone."""
    if created.tzinfo is None:
        raise ValueError("a moment without a zone")
    return created.astimezone(UTC).replace(microsecond=0)


def texts_of(document: Document) -> Iterator[tuple[str, str]]:
    """Yield every text with its place in words: "annexes 1, blocks 2, rows 40, cells 3"."""
    yield from _texts("", msgspec.to_builtins(document))


def percent(text: str) -> float:
    """Return the number that a percentage is, as it is printed; ValueError for anything else."""
    if not _PERCENT.fullmatch(text):
        raise ValueError("expected a percentage such as 85,7")
    value = float(text.removesuffix("%").replace(",", "."))
    if value > 100:
        raise ValueError("more than 100 %")
    return value


def _texts(place: str, part: Any) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield place, part
    elif isinstance(part, (list, tuple)):
        for number, each in enumerate(part, 1):
            yield from _texts(f"{place} {number}", each)
    elif isinstance(part, dict):
        for name, each in part.items():
            if name != "part":
                yield from _texts(f"{place}, {name}" if place else name, each)


def _check_text(place: str, text: str) -> None:
    for character in text:
        refused = _REFUSED.get(unicodedata.category(character))
        if ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF:
            refused = "no character"
        if refused is not None and character != NEW_LINE:
            raise DocumentTrouble(f"{place}: {refused} (U+{ord(character):04X}) cannot be printed: take it out")


def _check_table(place: str, table: Table) -> None:
    if not 1 <= len(table.columns) <= MOST_COLUMNS:
        raise DocumentTrouble(f"{place}: a table has 1 to {MOST_COLUMNS} columns, this one {len(table.columns)}")
    if min(column.width for column in table.columns) < 1:
        raise DocumentTrouble(f"{place}: a column's width is a share of 1 or more")
    for number, row in enumerate(table.rows, 1):
        if len(row.cells) != len(table.columns):
            raise DocumentTrouble(f"{place}, row {number}: {len(row.cells)} cells, but {len(table.columns)} columns")


def _check_chart(place: str, chart: Chart) -> None:
    if not chart.points:
        raise DocumentTrouble(f"{place}: a chart needs a point")
    numbers = [("the target", chart.target)]
    for number, point in enumerate(chart.points, 1):
        named = (("percent", point.percent), ("low", point.low), ("high", point.high))
        numbers += [(f"point {number}, {name}", text) for name, text in named if text]
    for name, text in numbers:
        try:
            percent(text)
        except ValueError as error:
            raise DocumentTrouble(f"{place}, {name}: {error}") from None


def _check_code(place: str, code: Code) -> None:
    length = len(code.content.encode())
    if not 1 <= length <= LONGEST_CODE:
        raise DocumentTrouble(f"{place}: a QR code holds 1 to {LONGEST_CODE} bytes, this one {length}")
