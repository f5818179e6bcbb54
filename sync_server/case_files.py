"""Reading cases from a file, CSV or XLSX. What is wrong with a row is said by its line, never by quoting it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sync_server.core.case_mapping import CaseMapping, Unplaced
from sync_server.core.case_rows import CaseReader, RefusedCase
from sync_server.core.cases import Case
from sync_server.csv_files import RefusedRow, Row, UnreadableFile, csv_lines, wrong_length
from sync_server.xlsx_files import xlsx_lines

MOST_CASES = 200_000  # of one file; a province hands in as many in two months
HEADING_WITHIN = 20  # lines; above the heading a spreadsheet has titles

Lines = Iterable[tuple[int, list[str]]]


@dataclass(frozen=True)
class CasesRead:
    """What a file holds."""

    cases: tuple[Case, ...]
    refused: tuple[RefusedRow, ...]


def read_cases(
    path: Path, reader: CaseReader, sheet: str | None = None, read: Callable[[int], None] = lambda _: None
) -> CasesRead:
    """Read a file of cases, telling *read* of each line; rows that cannot be used come back apart.

    UnreadableFile when it is none, or holds too many.
    """
    first_lines: dict[str, int] = {}
    cases: list[Case] = []
    refused: list[RefusedRow] = []
    for row in _rows(path, reader.mapping, sheet):
        read(row.line)
        if len(cases) + len(refused) == MOST_CASES:
            raise UnreadableFile(f"{path}: more than {MOST_CASES:,} rows; split it")
        if isinstance(row, RefusedRow):
            refused.append(row)
            continue
        try:
            case = reader.case(row.cells)
        except RefusedCase as error:
            refused.append(RefusedRow(row.line, str(error)))
            continue
        first = first_lines.setdefault(case.code.canonical, row.line)
        if first != row.line:
            refused.append(RefusedRow(row.line, f"case_code: the same case as in line {first}"))
        else:
            cases.append(case)
    return CasesRead(tuple(cases), tuple(refused))


def _rows(path: Path, mapping: CaseMapping, sheet: str | None) -> Iterator[Row | RefusedRow]:
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        lines = iter(xlsx_lines(path, sheet))
        places, _ = _heading(path, lines, mapping, HEADING_WITHIN)
        for line, cells in lines:
            yield Row(line, {column: _at(cells, place) for column, place in places.items()})
    elif sheet is not None:
        raise UnreadableFile(f"{path}: only an XLSX file has sheets")
    else:
        lines = iter(csv_lines(path))
        places, width = _heading(path, lines, mapping, 1)
        for line, cells in lines:
            if len(cells) != width:
                yield wrong_length(line, width, len(cells))
            else:
                yield Row(line, {column: _at(cells, place) for column, place in places.items()})


def _heading(
    path: Path, lines: Iterator[tuple[int, list[str]]], mapping: CaseMapping, within: int
) -> tuple[Mapping[str, int], int]:
    """Take lines up to the heading; return where the columns stand, and how many cells it has."""
    why: str | None = None
    for _ in range(within):
        line, cells = next(lines, (1, []))
        try:
            return mapping.places(cells), len(cells)
        except Unplaced as error:
            why = why or f"line {line}: {error}"
    beyond = "" if within == 1 else f"; no heading within {within} lines"
    raise UnreadableFile(f"{path}: {why}{beyond}")


def _at(cells: list[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""
