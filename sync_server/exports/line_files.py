"""CSV and JSON: a file a table, written line by line."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sync_server.core.exports.lines import CsvLines, JsonLines
from sync_server.core.exports.tables import Column
from sync_server.exports.drafts import ExportTrouble

Lines = type[CsvLines] | type[JsonLines]
LONGEST_CSV_CELL = 1 << 24  # characters; the module's own limit is lower


def write_lines(path: Path, form: Lines, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Write a table into a file that is there, of the parts of its rows."""
    with path.open("w", encoding=form.encoding, newline="") as file:
        file.writelines(form.file(columns, rows))


def count_csv(path: Path, columns: int) -> int:
    """Read a CSV file and return its number of rows; ExportTrouble where one has another number of cells."""
    before = csv.field_size_limit(LONGEST_CSV_CELL)
    try:
        with path.open(encoding=CsvLines.encoding, newline="") as file:
            rows = -1  # the titles
            for row in csv.reader(file, strict=True):
                if len(row) != columns:
                    raise ExportTrouble(f"{path}: row {rows + 1} was not written as it should be")
                rows += 1
    except (csv.Error, UnicodeDecodeError) as error:
        raise ExportTrouble(f"{path}: was not written as it should be: {error}") from None
    finally:
        csv.field_size_limit(before)
    return rows


def count_json(path: Path, columns: int) -> int:
    """Read a JSON file by lines and return its number of objects; ExportTrouble where one is not as it should be."""
    decoder = msgspec.json.Decoder(dict[str, Any])
    rows = 0
    with path.open("rb") as file:
        try:
            if file.readline() != b"[\n":
                raise ValueError
            ended = False
            for line in file:
                if ended:
                    raise ValueError
                if line == b"]\n":
                    ended = True
                elif len(decoder.decode(line.rstrip(b",\n"))) != columns:
                    raise ValueError
                else:
                    rows += 1
            if not ended:
                raise ValueError
        except ValueError:  # of msgspec too
            raise ExportTrouble(f"{path}: object {rows + 1} was not written as it should be") from None
    return rows
