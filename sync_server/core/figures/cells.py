"""One answer set and the tables made of it: groups of votes, cells, and what is counted in each cell.

An answer set is published as its total row (the office's own figure) and as breakdowns: by officer, by field … Each row
of a breakdown has a cell for each level and for sums of levels: the satisfied ones, and all of them, the row's total.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

RowKey: TypeAlias = str | None  # None: the votes that know none
Column: TypeAlias = frozenset[int]  # the places (0, 1 …) of the levels that are added up


@dataclass(frozen=True)
class Group:
    """Votes that stand in the same row of every breakdown, by level."""

    rows: tuple[RowKey, ...]
    levels: tuple[int, ...]


class Cell(NamedTuple):  # hashed by the million: a dataclass would take thrice as long
    """A number of a breakdown."""

    breakdown: int
    row: RowKey
    column: Column


class AnswerSet:
    """Groups and what they add up to; ValueError unless they have the same breakdowns and levels, counts >= 0."""

    def __init__(self, groups: Iterable[Group], sums: Collection[Column] = ()) -> None:
        levels: defaultdict[tuple[RowKey, ...], list[tuple[int, ...]]] = defaultdict(list)
        for group in groups:
            levels[group.rows].append(group.levels)
        if (
            len({len(rows) for rows in levels}) > 1
            or len({len(line) for lines in levels.values() for line in lines}) > 1
        ):
            raise ValueError("groups of one answer set have the same breakdowns and levels")
        # In whatever order they come, the same cells are hidden: two patterns beside each other would tell.
        self.groups = tuple(
            Group(rows, tuple(map(sum, zip(*levels[rows], strict=True)))) for rows in sorted(levels, key=_by_name)
        )
        if any(count < 0 for group in self.groups for count in group.levels):
            raise ValueError("counts are not negative")
        self.levels = range(len(self.groups[0].levels)) if self.groups else range(0)
        everything = frozenset(self.levels)
        self.columns: Sequence[Column] = tuple(
            dict.fromkeys([*(frozenset({level}) for level in self.levels), *sums, everything])
        )
        if not all(column and column <= everything for column in self.columns if self.groups):
            raise ValueError("sums name levels by their place")
        self.total_row: Mapping[Column, int] = {
            column: sum(group.levels[level] for group in self.groups for level in column) for column in self.columns
        }
        self.breakdowns: Sequence[Mapping[RowKey, Sequence[Group]]] = self._by_row()
        self._counts = self._count()

    @property
    def votes(self) -> int:
        return sum(sum(group.levels) for group in self.groups)

    @property
    def whole(self) -> Column:
        """The column of a row's total."""
        return frozenset(self.levels)

    def count(self, cell: Cell) -> int:
        """Return what is counted in a cell."""
        return self._counts[cell]

    def cells(self) -> Iterable[Cell]:
        """Return every cell of every breakdown, in the order of the tables."""
        for breakdown, rows in enumerate(self.breakdowns):
            for row in rows:
                for column in self.columns:
                    yield Cell(breakdown, row, column)

    def _by_row(self) -> Sequence[Mapping[RowKey, Sequence[Group]]]:
        if not self.groups:
            return ()
        tables: list[dict[RowKey, list[Group]]] = [{} for _ in self.groups[0].rows]
        for group in self.groups:
            for table, row in zip(tables, group.rows, strict=True):
                table.setdefault(row, []).append(group)
        return tables

    def _count(self) -> dict[Cell, int]:
        return {
            cell: sum(
                group.levels[level] for group in self.breakdowns[cell.breakdown][cell.row] for level in cell.column
            )
            for cell in self.cells()
        }


def _by_name(rows: tuple[RowKey, ...]) -> list[tuple[bool, str]]:
    return [(row is None, row or "") for row in rows]
