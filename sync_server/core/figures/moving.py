"""Other answer sets that look the same: one vote, or two, said to stand in another row.

A hidden cell cannot be worked out when an answer set exists that agrees in every number shown and differs in this one.
Such a set is made by moving a vote from one group to another at the same level, so that the total row stays as it is;
moving another one back at another level leaves the totals of the rows as they are, too.
"""

from collections import Counter
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


def others(answers: AnswerSet, cell: Cell) -> Iterator[Changes]:
    """Return how other answer sets differ from this one, each of them in the cell; none repeats what it would undo."""
    for row in answers.breakdowns[cell.breakdown]:
        if row == cell.row:
            continue
        pairs = _pairs(answers, cell, row)
        out = {level: _first(pairs, level, inside=True) for level in answers.levels}
        back = {level: _first(pairs, level, inside=False) for level in answers.levels}
        for there, again in ((out, back), (back, out)):
            yield from _moves(answers, cell.column, there, again, outwards=there is out)


def _moves(
    answers: AnswerSet,
    column: Column,
    there: Mapping[int, list[_Pair]],
    again: Mapping[int, list[_Pair]],
    *,
    outwards: bool,
) -> Iterator[Changes]:
    for level in sorted(column):
        for pair in there[level]:
            one = _moved(answers, pair, level, outwards=outwards)
            yield one
            for other in sorted(answers.whole - column):
                for second in again[other]:
                    yield _together(one, _moved(answers, second, other, outwards=not outwards))


def _pairs(answers: AnswerSet, cell: Cell, row: RowKey) -> list[_Pair]:
    rows = answers.breakdowns[cell.breakdown]
    pairs = [_Pair(inside, outside) for inside, outside in product(rows[cell.row], rows[row])]
    return sorted(pairs, key=lambda pair: sum(a != b for a, b in zip(pair.inside.rows, pair.outside.rows, strict=True)))


def _first(pairs: list[_Pair], level: int, *, inside: bool) -> list[_Pair]:
    # A vote can only leave a group that has one.
    able = (pair for pair in pairs if (pair.inside if inside else pair.outside).levels[level])
    return list(islice(able, _PAIRS_TRIED))


def _moved(answers: AnswerSet, pair: _Pair, level: int, *, outwards: bool) -> Changes:
    leaves, enters = (pair.inside, pair.outside) if outwards else (pair.outside, pair.inside)
    changes = {}
    for breakdown, (row, other) in enumerate(zip(leaves.rows, enters.rows, strict=True)):
        if row != other:
            for column in answers.columns:
                if level in column:
                    changes[Cell(breakdown, row, column)] = -1
                    changes[Cell(breakdown, other, column)] = 1
    return changes


def _together(one: Changes, two: Changes) -> Changes:
    both = Counter(one)
    both.update(two)
    return {cell: change for cell, change in both.items() if change}
