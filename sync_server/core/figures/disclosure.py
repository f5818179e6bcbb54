"""Small numbers: which cells of an answer set's tables are hidden, so that no rater can be picked out.

A cell under the threshold is hidden, and so are the complementary cells from which it could be worked out by adding and
subtracting what is shown, in one table or across all of them. What is shown of the office as a whole stays shown.
Sources: L. H. Cox, JASA 75 (1980) 377–385 (complementary suppression); the threshold of 5 is the usual one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sync_server.core.figures.cells import AnswerSet, Cell, RowKey
from sync_server.core.figures.moving import Changes, others

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
    safe: set[Cell] = set()
    for cell in sorted(hidden, key=_widest_first):
        if cell not in safe:
            changes = _cheapest(answers, others(answers, cell), hidden)
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


def _cheapest(answers: AnswerSet, candidates: Iterable[Changes], hidden: set[Cell]) -> Changes:
    best: tuple[tuple[int, int], Changes] | None = None
    for changes in candidates:
        lost = sum(answers.count(cell) + 1 for cell in changes.keys() - hidden)
        # Who knows that most hidden numbers are not 0 rules an answer set out in which one would become 0.
        doubtful = sum(answers.count(cell) == -change for cell, change in changes.items() if change < 0)
        if best is None or (doubtful, lost) < best[0]:
            best = (doubtful, lost), changes
            if best[0] == (0, 0):
                break
    assert best is not None, "a breakdown with a second row has another answer set for each of its cells"
    return best[1]
