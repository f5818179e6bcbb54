"""A sheet of counts as a spreadsheet saves it: a row for each level of each criterion.

Columns: `criterion`, `level`, `count`, and where wanted `satisfied` (yes or no) and `published`, in any order, parted
by commas, semicolons or tabs. In place of a level may stand `blank` and `returned`, of one criterion or, without a
criterion, `issued` and `returned` of all; `satisfied` has the published percentage of the satisfied levels.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from sync_server.core.figures.sheet import HIGHEST_COUNT, Sheet, published_number
from sync_server.core.names import tidy_name

NEEDED = ("criterion", "level", "count")
COLUMNS = (*NEEDED, "satisfied", "published")
MOST_MISTAKES = 20
_DELIMITERS = ",;\t"
_COUNT = re.compile(r"[0-9]{1,10}|[0-9]{1,3}(?:[. \u00a0][0-9]{3}){1,3}")
COUNT_RULE = f"a whole number like 7588 or 7.588, at most {HIGHEST_COUNT}"
_YES = frozenset({"yes", "y", "có", "x", "1", "true"})
_NO = frozenset({"", "no", "n", "không", "0", "false"})


class SheetMistakes(ValueError):
    """The text is no sheet of counts; each mistake names its line."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass
class _Criterion:
    line: int
    values: dict[str, object] = field(default_factory=dict)
    levels: list[dict[str, object]] = field(default_factory=list)
    rows: set[str] = field(default_factory=set)


@dataclass
class _Reading:
    forms: dict[str, object] = field(default_factory=dict)
    criteria: dict[str, _Criterion] = field(default_factory=dict)


def sheet_from_csv(text: str) -> Sheet:
    """Read a sheet; SheetMistakes says what is wrong in which lines, the first 20 of them."""
    reading = _Reading()
    mistakes: list[str] = []
    for line, cells in _rows(text):
        try:
            _take(reading, line, cells)
        except ValueError as error:
            mistakes.append(f"line {line}: {error}")
            if len(mistakes) == MOST_MISTAKES:
                mistakes.append("there may be more; the rest was not read")
                break
    if mistakes:
        raise SheetMistakes(mistakes)
    return _sheet(reading)


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    first, _, _ = text.partition("\n")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        heading = [cell.strip().lower() for cell in next(reader, [])]
        _check_heading(heading)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(heading):
                raise SheetMistakes(
                    [
                        f"line {reader.line_num}: {len(cells)} cells under {len(heading)} headings;"
                        " a cell with a comma in it stands in quotes"
                    ]
                )
            named = dict(zip(heading, cells, strict=False))
            yield reader.line_num, {column: named.get(column, "").strip() for column in COLUMNS}
    except csv.Error as error:
        raise SheetMistakes([f"line {reader.line_num}: {error}"]) from None


def _check_heading(heading: list[str]) -> None:
    missing = [column for column in NEEDED if column not in heading]
    if missing:
        raise SheetMistakes([f"line 1: the heading lacks {', '.join(missing)}"])
    unknown = [cell for cell in heading if cell not in COLUMNS]
    if unknown or len(set(heading)) < len(heading):
        raise SheetMistakes([f"line 1: expected a heading of {', '.join(COLUMNS)}, each once"])


def _take(reading: _Reading, line: int, cells: Mapping[str, str]) -> None:
    level = cells["level"]
    if not cells["criterion"]:
        if level not in ("issued", "returned"):
            raise ValueError("criterion: expected a name; without one, the level is 'issued' or 'returned'")
        if level in reading.forms:
            raise ValueError(f"level: {level!r} stands twice")
        reading.forms[level] = _count(cells["count"])
        return
    criterion = reading.criteria.setdefault(_name("criterion", cells["criterion"]), _Criterion(line))
    if level in criterion.rows:
        raise ValueError("level: this one stands twice under its criterion")
    criterion.rows.add(level)
    match level:
        case "blank" | "returned":
            criterion.values[level] = _count(cells["count"])
        case "satisfied":
            criterion.values["published"] = _published(cells["published"])
        case _:
            criterion.levels.append(
                {
                    "name": _name("level", level),
                    "count": _count(cells["count"]),
                    "satisfied": _satisfied(cells["satisfied"]),
                    "published": _published(cells["published"]) if cells["published"] else None,
                }
            )


def _sheet(reading: _Reading) -> Sheet:
    criteria = [
        {"name": name, "levels": criterion.levels, **criterion.values} for name, criterion in reading.criteria.items()
    ]
    try:
        return msgspec.convert({"criteria": criteria, **reading.forms}, Sheet)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$.criteria[")
        number = re.match(r"[0-9]+", place)
        if number is None:
            raise SheetMistakes([f"criteria: {what}"]) from None
        line = list(reading.criteria.values())[int(number[0])].line
        raise SheetMistakes([f"the criterion that begins in line {line}: levels: {what}"]) from None


def _name(what: str, text: str) -> str:
    try:
        return tidy_name(text)
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from None


def _count(text: str) -> int:
    if not _COUNT.fullmatch(text) or (count := int(re.sub(r"[^0-9]", "", text))) > HIGHEST_COUNT:
        raise ValueError(f"count: expected {COUNT_RULE}")
    return count


def _satisfied(text: str) -> bool:
    if text.casefold() not in _YES | _NO:
        raise ValueError("satisfied: expected yes or no")
    return text.casefold() in _YES


def _published(text: str) -> str:
    try:
        published_number(text)
    except ValueError as error:
        raise ValueError(f"published: {error}") from None
    return text
