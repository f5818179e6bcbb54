"""Other answer sets that look the same: one vote, or two, said to stand in another row.

A hidden cell cannot be worked out when an answer set exists that agrees in every number shown and differs in this one.
Such a set is made by moving a vote from one group to another at the same level, so that the total row stays as it is;
moving another one back at another level leaves the totals of the rows as they are, too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import TypeAlias

from sync_server.core.figures.cells import AnswerSet, Cell, Column, Group, RowKey

Changes: TypeAlias = Mapping[Cell, int]  # what differs, and by how much

# Of the pairs of groups between two rows, so many are tried at each level: those that differ in the fewest breakdowns.
_PAIRS_TRIED = 3


@dataclass(frozen=True)
class _Pair:
    inside: Group  # the row of the cell in question
    outside: Group


def columns_changed(answers: AnswerSet, cell: Cell) -> frozenset[frozenset[Column]]:
    """Return, for each way of moving votes between its row and another, which columns differ then in both."""
    there = [frozenset(column for column in answers.columns if level in column) for level in sorted(answers.whole)]
    pairs = product(sorted(cell.column), sorted(answers.whole - cell.column))
    # Moved back at another level, a vote leaves sums of both levels as they are.
    both = {there[level] ^ there[other] for level, other in pairs}
    return frozenset(both | {there[level] for level in cell.column})


def others(answers: AnswerSet, cell: Cell, row: RowKey) -> Iterator[Changes]:
    """Return how other answer sets differ, each in the cell: votes moved between its row and this one."""
    pairs = _pairs(answers, cell, row)
    out = {level: _moves(answers, pairs, level, outwards=True) for level in answers.levels}
    back = {level: _moves(answers, pairs, level, outwards=False) for level in answers.levels}
    for there, again in ((out, back), (back, out)):
        for level, other in product(sorted(cell.column), sorted(answers.whole - cell.column)):
            yield from (_together(one, two) for one, two in product(there[level], again[other]))
        for level in sorted(cell.column):
            yield from there[level]


def _pairs(answers: AnswerSet, cell: Cell, row: RowKey) -> list[_Pair]:
    rows = answers.breakdowns[cell.breakdown]
    pairs = [_Pair(inside, outside) for inside, outside in product(rows[cell.row], rows[row])]
    return sorted(pairs, key=lambda pair: sum(a != b for a, b in zip(pair.inside.rows, pair.outside.rows, strict=True)))


def _moves(answers: AnswerSet, pairs: list[_Pair], level: int, *, outwards: bool) -> list[Changes]:
    # A vote can only leave a group that has one.
    ways = ((pair.inside, pair.outside) if outwards else (pair.outside, pair.inside) for pair in pairs)
    able = ((leaves, enters) for leaves, enters in ways if leaves.levels[level])
    return [_moved(answers, leaves, enters, level) for leaves, enters in islice(able, _PAIRS_TRIED)]


def _moved(answers: AnswerSet, leaves: Group, enters: Group, level: int) -> Changes:
    columns = [column for column in answers.columns if level in column]
    changes = {}
    for breakdown, (row, other) in enumerate(zip(leaves.rows, enters.rows, strict=True)):
        if row != other:
            for column in columns:
                changes[Cell(breakdown, row, column)] = -1
                changes[Cell(breakdown, other, column)] = 1
    return changes


def _together(one: Changes, two: Changes) -> Changes:
    both = dict(one)
    for cell, change in two.items():
        both[cell] = both.get(cell, 0) + change
    return {cell: change for cell, change in both.items() if change}
