"""Reading CSV files row by row. What is wrong with a row is said by its line, never by quoting it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LARGEST_FILE = 64 * 1024 * 1024  # bytes; 200,000 cases take a quarter of it


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


def csv_lines(path: Path, largest: int = LARGEST_FILE) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a UTF-8 file that hold anything, each with its number; UnreadableFile when it cannot be read.

    A line here may be several of the file's, where a cell holds a line break; its number is that of the last.
    """
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path}: not UTF-8 text") from None
    if len(data) > largest:
        raise UnreadableFile(f"{path}: larger than {largest >> 20} MiB; split it")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise UnreadableFile(f"{path}: line {reader.line_num}: {error}") from None


def read_rows(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterable[Row | RefusedRow]:
    """Return the rows of a UTF-8 file with a heading line; an optional column that it lacks is empty in each.

    Further columns are left out.

    UnreadableFile when it cannot be read, is not UTF-8, or lacks a column.
    """
    lines = csv_lines(path)
    _, first = next(lines, (1, []))
    heading = [cell.strip() for cell in first]
    missing = [column for column in columns if column not in heading]
    if missing:
        raise UnreadableFile(f"{path}: line 1: the heading lacks {', '.join(missing)}")
    rows: list[Row | RefusedRow] = []
    for line, cells in lines:
        if len(cells) != len(heading):
            rows.append(wrong_length(line, len(heading), len(cells)))
            continue
        named = dict(zip(heading, cells, strict=True))
        rows.append(Row(line, {key: named.get(key, "").strip() for key in (*columns, *optional)}))
    return rows


def wrong_length(line: int, expected: int, found: int) -> RefusedRow:
    """Return a row that is refused because it has not as many cells as the heading."""
    return RefusedRow(line, f"expected {expected} cells, found {found}")
