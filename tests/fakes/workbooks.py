"""XLSX files as offices save them."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl


def write_workbook(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> Path:
    """Write a file with these sheets, each by its name and rows, and return its path."""
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    book.close()
    return path
