"""Which days or hours of the week are hidden: those of too few votes, and what would tell of them. Pure.

They need not be protected together with the breakdowns: no table tells the day of an officer's votes, so votes may be
said to lie on other days without changing any row of those, and the other way round.
"""

from collections.abc import Mapping
from typing import TypeVar

from sync_server.core.figures.answers import Answers
from sync_server.core.figures.cells import AnswerSet, Cell, Group
from sync_server.core.figures.disclosure import Rule, protect

Key = TypeVar("Key")


def hidden_times(answers: Mapping[Key, Answers], least_shown: int) -> frozenset[Key]:
    """Return the keys of which nothing may be shown; of the others votes and satisfied votes may both be."""
    rows = {f"{place}": key for place, key in enumerate(answers)}
    together = AnswerSet(
        Group((row,), (answers[key].answered - answers[key].satisfied, answers[key].satisfied))
        for row, key in rows.items()
    )
    disclosed = protect(together, least_shown, Rule.ROWS)
    return frozenset(
        key
        for row, key in rows.items()
        if not all(disclosed.shows(Cell(0, row, column)) for column in together.columns)
    )
