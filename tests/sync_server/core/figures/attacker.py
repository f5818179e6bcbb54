"""Whoever adds and subtracts everything that is shown of an answer set, with all means of integer programming."""

from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from sync_server.core.figures.answers import Answers
from sync_server.core.figures.cells import AnswerSet, Cell, Column, Group
from sync_server.core.figures.disclosure import THRESHOLD, Disclosure

Key = TypeVar("Key")


def worked_out(answers: AnswerSet, disclosure: Disclosure) -> Iterator[tuple[Cell, int]]:
    """Return the hidden cells of which only one number is possible, and that number.

    The attacker sees the total row and every cell shown, knows which officer works in which field on which procedure
    (which groups there are), and that counts are whole and not negative.
    """
    sums = [(_of_column(answers, column), count) for column, count in answers.total_row.items()]
    sums += [(_of_cell(answers, cell), answers.count(cell)) for cell in answers.cells() if disclosure.shows(cell)]
    counts = [count for _, count in sums]
    known = LinearConstraint(np.array([weights for weights, _ in sums]), counts, counts)
    for cell in disclosure.hidden:
        wanted = np.array(_of_cell(answers, cell))
        least, most = (_extreme(wanted * sign, known, answers.votes) * sign for sign in (1, -1))
        if least == most:
            yield cell, least


def certain(answers: Mapping[Key, Answers], hidden: Collection[Key]) -> list[tuple[Cell, int]]:
    """Return what is certain about lines of which nothing is shown, beside others and the office's own figure.

    But not of the only line, which the office's own figure is, and not that nobody chose what nobody chose anywhere.
    """
    lines = {f"{key}": (each.answered - each.satisfied, each.satisfied) for key, each in answers.items()}
    together = AnswerSet(Group((row,), levels) for row, levels in lines.items())
    if len(lines) < 2 or together.votes < THRESHOLD:
        return []
    cells = {Cell(0, f"{key}", column) for key in hidden for column in together.columns if together.total_row[column]}
    return list(worked_out(together, Disclosure(nothing=False, hidden=frozenset(cells))))


def _extreme(wanted: "np.ndarray[tuple[int], np.dtype[np.float64]]", known: LinearConstraint, votes: int) -> int:
    found = milp(wanted, constraints=known, bounds=Bounds(0, votes), integrality=np.ones_like(wanted))
    assert found.success, found.message
    return round(float(found.fun))


def _of_column(answers: AnswerSet, column: Column) -> list[float]:
    return [float(level in column) for _ in answers.groups for level in answers.levels]


def _of_cell(answers: AnswerSet, cell: Cell) -> list[float]:
    return [
        float(group.rows[cell.breakdown] == cell.row and level in cell.column)
        for group in answers.groups
        for level in answers.levels
    ]
