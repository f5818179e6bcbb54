"""Reading XLSX files line by line, as texts. A spreadsheet is somebody else's file: what is read of it is bounded."""

import contextlib
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from sync_server.csv_files import LARGEST_FILE, UnreadableFile

LARGEST_UNPACKED = 512 * 1024 * 1024  # bytes; a sheet packs to a tenth or less
MOST_COLUMNS = 200


def xlsx_lines(path: Path, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a sheet that hold anything, each with its number; the first sheet if none is named.

    Dates come as ISO texts. UnreadableFile when it cannot be read, is too large, or has no such sheet.
    """
    _check(path)
    try:
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore")  # about drawings and rules of validation, which nobody asks for
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            with contextlib.closing(book):
                yield from _lines(book, path, sheet)
    except UnreadableFile:
        raise
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read: {error.strerror or 'damaged'}") from None
    except Exception as error:  # a damaged workbook makes its parts raise whatever they do
        raise UnreadableFile(f"{path}: not an XLSX file that can be read: {type(error).__name__}") from None


def _check(path: Path) -> None:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableFile(f"{path}: larger than {LARGEST_FILE >> 20} MiB; split it")
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read: {error.strerror}") from None
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UnreadableFile(f"{path}: not an XLSX file; save it as XLSX or CSV anew") from None
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableFile(f"{path}: larger than {LARGEST_UNPACKED >> 20} MiB when unpacked; split it")


def _lines(book: Any, path: Path, wanted: str | None) -> Iterator[tuple[int, list[str]]]:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if not sheets:
        raise UnreadableFile(f"{path}: holds no sheet")
    if wanted is not None and wanted not in sheets:
        raise UnreadableFile(f"{path}: there is no sheet {wanted!r}; there are {', '.join(map(repr, sheets))}")
    sheet = next(iter(sheets.values())) if wanted is None else sheets[wanted]
    sheet.reset_dimensions()  # other programs note wrong ones, and rows beyond them would not be read
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield number, texts


def _text(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a spreadsheet knows no whole numbers
    return "" if cell is None else str(cell).strip()
