"""Forms of files that have a line a row: CSV and JSON. A line is put together of parts that many rows share. Pure."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

import msgspec

from sync_server.core.exports.tables import Column, Row
from sync_server.core.exports.texts import csv_cell


class CsvLines:
    """CSV with commas, as spreadsheets read it: encoded as utf-8-sig; the first line has the titles."""

    encoding = "utf-8-sig"

    @staticmethod
    def text(text: str) -> str:
        """Return a text that does no harm."""
        return csv_cell(text)

    @staticmethod
    def part(_columns: tuple[Column, ...], cells: Row) -> str:
        """Return some cells of a row."""
        line = StringIO()
        # Of a single empty cell the writer would make "".
        csv.writer(line, lineterminator="").writerow(cells)
        return "" if cells == (None,) else line.getvalue()

    @classmethod
    def file(cls, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Iterable[str]:
        """Yield the pieces of a file, of the parts of its rows."""
        yield cls.part((), tuple(cls.text(column.title) for column in columns)) + "\r\n"
        for parts in rows:
            yield ",".join(parts) + "\r\n"


class JsonLines:
    """JSON: one array, with an object a line; programs that cannot read an array piece by piece may read lines."""

    encoding = "utf-8"

    @staticmethod
    def text(text: str) -> str:
        """Return a text as it is."""
        return text

    @staticmethod
    def part(columns: tuple[Column, ...], cells: Row) -> str:
        """Return some members of a row's object."""
        members = {column.key: cell for column, cell in zip(columns, cells, strict=True)}
        return msgspec.json.encode(members).decode()[1:-1]

    @classmethod
    def file(cls, _columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Iterable[str]:
        """Yield the pieces of a file, of the parts of its rows."""
        before = "[\n{"
        for parts in rows:
            yield before + ",".join(parts) + "}"
            before = ",\n{"
        yield "\n]\n" if before.startswith(",") else "[\n]\n"
