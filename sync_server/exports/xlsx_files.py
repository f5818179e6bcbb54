"""XLSX: a sheet a table, written row by row. The only file that uses XlsxWriter."""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sync_server.core.exports.tables import Column, Kind, Row, Table
from sync_server.exports.drafts import ExportTrouble

MOST_ROWS = 1_048_576  # of a sheet, the one with the titles among them
LONGEST_TITLE = 31
BLOCK = 1 << 16


def write_xlsx(path: Path, tables: Iterable[Table], *, most_rows: int = MOST_ROWS) -> None:
    """Write tables into a file that is there; rows that one sheet cannot hold go on in another.

    Texts are written as texts, whatever they look like. Rows wait in a folder beside the file, and not in memory.
    """
    folder = tempfile.mkdtemp(prefix=f"{path.name}.", dir=path.parent)
    book = Workbook(str(path), {"constant_memory": True, "tmpdir": folder})
    try:
        book.use_zip64()
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for table in tables:
            _write(book, table, bold, day, most_rows)
        book.close()
    except XlsxWriterException as error:
        raise ExportTrouble(f"{path}: cannot be written: {error}") from None
    finally:
        for sheet in book.worksheets():
            sheet._opt_close()  # what waits of rows; nothing else closes it where the book was not finished
        shutil.rmtree(folder, ignore_errors=True)


def count_xlsx(path: Path) -> int:
    """Read a file whole and return its number of rows, those of titles left out; ExportTrouble where it is damaged."""
    rows = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    if name.startswith("xl/worksheets/sheet"):
                        rows += _rows_in(iter(lambda: member.read(BLOCK), b"")) - 1
                    else:
                        while member.read(BLOCK):
                            pass
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ExportTrouble(f"{path}: was not written as it should be: {error}") from None
    return rows


def _write(book: Workbook, table: Table, bold: Format, day: Format, most_rows: int) -> None:
    sheet, place, sheets = _new_sheet(book, table, bold, 1), 1, 1
    for row in table.rows:
        if place == most_rows:
            sheets += 1
            sheet, place = _new_sheet(book, table, bold, sheets), 1
        _write_row(sheet, place, table.columns, row, day)
        place += 1


def _new_sheet(book: Workbook, table: Table, bold: Format, number: int) -> Worksheet:
    after = f" ({number})" if number > 1 else ""
    sheet: Worksheet = book.add_worksheet(table.title[: LONGEST_TITLE - len(after)] + after)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.title, bold)
    return sheet


def _write_row(sheet: Worksheet, place: int, columns: tuple[Column, ...], row: Row, day: Format) -> None:
    for column, cell in enumerate(row):
        if cell is None:
            continue
        if isinstance(cell, int):
            sheet.write_number(place, column, cell)
        elif columns[column].kind is Kind.DAY:
            sheet.write_number(place, column, _number(cell), day)
        else:
            sheet.write_string(place, column, cell)


@lru_cache(maxsize=1000)
def _number(day: str) -> int:
    """Return a day as spreadsheets count them."""
    return (date.fromisoformat(day) - date(1899, 12, 30)).days


def _rows_in(blocks: Iterable[bytes]) -> int:
    # In texts "<" is written otherwise, so this is what a row begins with, and nothing else.
    beginning = b"<row "
    rows, rest = 0, b""
    for block in blocks:
        seen = rest + block
        rows += seen.count(beginning)
        rest = seen[1 - len(beginning) :]
    return rows
