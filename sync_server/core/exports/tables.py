"""What every form of an export is made of: tables whose columns say what they mean. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

Cell = str | int | None
Row = tuple[Cell, ...]
Text = Callable[[str], str]  # makes a text fit for the form of a file


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"  # a text like 2026-11-20


@dataclass(frozen=True)
class Column:
    """A column: its key for programs, its title for people, what it means, in which unit."""

    key: str
    title: str
    meaning: str
    unit: str = ""
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Table:
    """A table; its rows can be gone through once."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
