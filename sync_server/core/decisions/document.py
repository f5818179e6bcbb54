"""What an administrative document consists of, whatever it is rendered as (NĐ 30/2020/NĐ-CP, Phụ lục I). Pure.

Every text may hold fields (see `fields`); `filled` puts their values in. What a text is decides how it looks: no text
carries a format.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec

from sync_server.core.decisions.fields import fill


class Align(StrEnum):
    """Where the text of a column stands."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Part(msgspec.Struct, frozen=True, tag_field="part", omit_defaults=True, forbid_unknown_fields=True):
    """A part of a document."""


class Head(Part, frozen=True):
    """What stands above the text; the lines are written as they are printed, capitals and all."""

    parent: tuple[str, ...]  # cơ quan chủ quản; there may be none
    issuer: tuple[str, ...]  # cơ quan ban hành, such as ("ỦY BAN NHÂN DÂN", "XÃ QUẢNG ĐIỀN")
    number: str  # "Số:      /QĐ-UBND", blank where the clerk (văn thư) writes it
    place_and_day: str  # "Quảng Điền, ngày      tháng 01 năm 2027"
    kind: str  # "QUYẾT ĐỊNH"
    about: str  # trích yếu, "Về việc …"
    authority: str = ""  # thẩm quyền ban hành, "ỦY BAN NHÂN DÂN XÃ QUẢNG ĐIỀN"; a report has none


class Article(Part, frozen=True):
    """An article; its first paragraph begins on the line of its label."""

    label: str  # "Điều 1."
    paragraphs: tuple[str, ...]


class Signature(Part, frozen=True):
    """Who signs; the lines above the name are in capitals."""

    lines: tuple[str, ...]  # ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    name: str


class Paragraph(Part, frozen=True):
    """Running text of an annex."""

    text: str
    italic: bool = False


class Subtitle(Part, frozen=True):
    """What stands above a table or a group of them, bold."""

    text: str


class Column(Part, frozen=True):
    """A column of a table; its width is its share of all widths."""

    title: str
    width: int
    align: Align = Align.CENTRE


class Row(Part, frozen=True):
    """A row of a table, a text for each column; a total is bold."""

    cells: tuple[str, ...]
    bold: bool = False


class Table(Part, frozen=True):
    """A table; its titles are repeated on every page it reaches."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""  # below it, italic


class Point(Part, frozen=True):
    """A point of a line: percentages as they are printed ("85,8"), or nothing where nothing was counted."""

    label: str
    percent: str
    low: str = ""
    high: str = ""
    count: str = ""  # how many votes it stands for


class Chart(Part, frozen=True):
    """A line with its interval over time, beside a target; *told* says in words what it shows."""

    points: tuple[Point, ...]
    target: str  # "80"
    target_label: str  # "Mục tiêu 80%"
    caption: str
    told: str


class Code(Part, frozen=True):
    """A QR code, with its content in words below it."""

    content: str
    caption: str


Block: TypeAlias = Paragraph | Subtitle | Table | Chart | Code


class Annex(Part, frozen=True):
    """A Phụ lục; its pages are numbered by themselves."""

    label: str  # "Phụ lục I"; only "Phụ lục" where there is one
    title: str  # in capitals
    attached: str  # "(Kèm theo Quyết định số …)"
    blocks: tuple[Block, ...]
    landscape: bool = False


class Document(Part, frozen=True):
    """A whole document."""

    head: Head
    bases: tuple[str, ...]  # căn cứ, each with the ";" or "." it ends in
    resolved: str  # "QUYẾT ĐỊNH:"; a report has nothing there
    articles: tuple[Article, ...]
    signature: Signature
    recipients: tuple[str, ...]  # "- Như Điều 4;"
    annexes: tuple[Annex, ...] = ()
    title: str = ""  # of the file, for readers that show one
    opening: tuple[str, ...] = ()  # paragraphs before the first article; a report begins with some


def filled(document: Document, values: Mapping[str, str]) -> Document:
    """Put values in the place of all fields; UnknownField names one that there is no value of."""
    return msgspec.convert(_filled(msgspec.to_builtins(document), values), Document)


def as_json(document: Document) -> bytes:
    """Return a document as JSON that `from_json` reads."""
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def from_json(content: bytes) -> Document:
    """Read what `as_json` wrote; msgspec.ValidationError when it is something else."""
    return msgspec.json.decode(content, type=Document)


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, str):
        return fill(part, values)
    if isinstance(part, (list, tuple)):
        return [_filled(each, values) for each in part]
    if isinstance(part, dict):
        return {key: each if key == "part" else _filled(each, values) for key, each in part.items()}
    return part
