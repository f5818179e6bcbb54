"""Reading CSV files row by row. What is wrong with a row is said by its line, never by quoting it."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


class UnreadableFile(Exception):
    """The file cannot be read as a whole; the text names it and says why."""


@dataclass(frozen=True)
class RefusedRow:
    """A row that cannot be used, and why."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True)
class Row:
    """A row by its column names, outer spaces taken off."""

    line: int
    cells: dict[str, str]

    def __repr__(self) -> str:
        return f"Row(line={self.line})"  # the cells may lead to a person


def read_rows(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterable[Row | RefusedRow]:
    """Return the rows of a UTF-8 file with a heading line; an optional column that it lacks is empty in each.

    Further columns are left out.

    UnreadableFile when it cannot be read, is not UTF-8, or lacks a column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path}: not UTF-8 text") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = [cell.strip() for cell in next(reader, [])]
        missing = [column for column in columns if column not in heading]
        if missing:
            raise UnreadableFile(f"{path}: line 1: the heading lacks {', '.join(missing)}")
        rows: list[Row | RefusedRow] = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                rows.append(RefusedRow(reader.line_num, f"expected {len(heading)} cells, found {len(cells)}"))
                continue
            named = dict(zip(heading, cells, strict=True))
            rows.append(Row(reader.line_num, {key: named.get(key, "").strip() for key in (*columns, *optional)}))
    except csv.Error as error:
        raise UnreadableFile(f"{path}: line {reader.line_num}: {error}") from None
    return rows
