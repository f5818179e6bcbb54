"""Small numbers: which cells of an answer set's tables are hidden, so that no rater can be picked out.

A cell under the threshold is hidden, and so are the complementary cells from which it could be worked out by adding and
subtracting what is shown, in one table or across all of them. What is shown of the office as a whole stays shown.
Sources: L. H. Cox, JASA 75 (1980) 377–385 (complementary suppression); the threshold of 5 is the usual one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sync_server.core.figures.cells import AnswerSet, Cell, Column, RowKey
from sync_server.core.figures.moving import Changes, columns_changed, others

THRESHOLD = 5


class Rule(StrEnum):
    """What is too small to be shown."""

    CELLS = "cells"  # every cell that counts some votes, but fewer than the threshold
    ROWS = "rows"  # only rows with fewer votes than the threshold: all their cells


@dataclass(frozen=True)
class Disclosure:
    """What may be shown of an answer set."""

    nothing: bool  # all of it is too small, the total row too
    hidden: frozenset[Cell]

    def shows(self, cell: Cell) -> bool:
        """Say whether a cell's number may be shown. A percentage needs both its part's cell and its row's total."""
        return not self.nothing and cell not in self.hidden


def protect(
    answers: AnswerSet,
    threshold: int = THRESHOLD,
    rule: Rule = Rule.CELLS,
    moved: Collection[tuple[int, RowKey]] = (),
) -> Disclosure:
    """Decide what is hidden; the same answers are always answered alike.

    *moved*: rows (of which breakdown, and which) that are to be hidden whatever they count, since they were shown
    before and a few votes have changed them: the difference would be a number that is too small.

    Nothing is shown of an answer set with fewer votes than the threshold. Otherwise the total row is shown, and with it
    each breakdown that has no second row, and each 0 of a level that nobody chose anywhere.
    """
    if 0 < answers.votes < threshold:
        return Disclosure(nothing=True, hidden=frozenset(answers.cells()))
    hidden = {cell for cell in answers.cells() if _is_too_small(answers, cell, threshold, rule, moved)}
    losses = _Losses(answers, hidden)
    safe: set[Cell] = set()
    for cell in sorted(hidden, key=_widest_first):
        if cell not in safe:
            changes = _cheapest(answers, cell, losses)
            losses.hide(changes)
            hidden |= changes.keys()
            safe |= changes.keys()
    return Disclosure(nothing=False, hidden=frozenset(hidden))


def _is_too_small(
    answers: AnswerSet, cell: Cell, threshold: int, rule: Rule, moved: Collection[tuple[int, RowKey]]
) -> bool:
    if len(answers.breakdowns[cell.breakdown]) == 1 or not answers.total_row[cell.column]:
        return False  # whoever sees the total row knows it
    if (cell.breakdown, cell.row) in moved:
        return True
    in_row = answers.count(Cell(cell.breakdown, cell.row, answers.whole))
    return 0 < in_row < threshold or (rule is Rule.CELLS and 0 < answers.count(cell) < threshold)


def _widest_first(cell: Cell) -> tuple[int, int, bool, str, list[int]]:
    # What hides a total hides the most: whatever has to be hidden after it may be hidden already.
    return -len(cell.column), cell.breakdown, cell.row is None, cell.row or "", sorted(cell.column)


class _Losses:
    """What is lost by hiding each cell, 0 where it is hidden already."""

    def __init__(self, answers: AnswerSet, hidden: Iterable[Cell]) -> None:
        self.of_row: Sequence[Mapping[RowKey, dict[Column, int]]] = [
            {row: {column: answers.count(Cell(place, row, column)) + 1 for column in answers.columns} for row in rows}
            for place, rows in enumerate(answers.breakdowns)
        ]
        self.hide(hidden)

    def hide(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            self.of_row[cell.breakdown][cell.row][cell.column] = 0

    def of(self, cells: Iterable[Cell]) -> int:
        return sum(self.of_row[cell.breakdown][cell.row][cell.column] for cell in cells)


def _cheapest(answers: AnswerSet, cell: Cell, losses: _Losses) -> Changes:
    ways = columns_changed(answers, cell)
    # At least so much is lost with each other row, whichever votes are moved; so few of them have to be tried.
    rows = sorted(
        (min(sum(lost[column] for column in way) for way in ways), place, row)
        for place, (row, lost) in enumerate(losses.of_row[cell.breakdown].items())
        if row != cell.row
    )
    best: tuple[tuple[int, int, int], Changes] | None = None
    for least, place, row in rows:
        if best is not None and best[0] < (0, least, place):
            break
        for changes in others(answers, cell, row):
            # Who knows that most hidden numbers are not 0 rules an answer set out in which one would become 0.
            doubtful = sum(answers.count(each) == -change for each, change in changes.items() if change < 0)
            rank = doubtful, losses.of(changes), place
            if best is None or rank < best[0]:
                best = rank, changes
    assert best is not None, "a breakdown with a second row has another answer set for each of its cells"
    return best[1]
