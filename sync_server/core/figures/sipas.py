"""An index in the way of SIPAS: the share of the two upper of five levels, over one item or several.

SIPAS is the Ministry of Home Affairs' measure (QĐ 2640/QĐ-BNV 2017, QĐ 1001/QĐ-BNV 2023). Its samples are drawn and its
raters are asked at home; a kiosk's raters choose themselves. An index of kiosk votes is never called SIPAS.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from sync_server.core.figures.answers import Answers

MARGIN = Fraction(5, 100)


def item_index(answers: Answers) -> Fraction | None:
    """Return the share of one item's answers that are satisfied, exact; None when nothing was answered."""
    return answers.share


def pooled_index(items: Sequence[Answers]) -> Fraction | None:
    """Return the satisfied part of all answers to all items, blanks left out; None when nothing was answered."""
    answered = sum(item.answered for item in items)
    return Fraction(sum(item.satisfied for item in items), answered) if answered else None


def mean_index(items: Sequence[Answers]) -> Fraction | None:
    """Return the mean of the items' indices, each weighing the same; None when no item was answered.

    Items that nobody answered are left out.
    """
    shares = [item.share for item in items if item.share is not None]
    return sum(shares, Fraction()) / len(shares) if shares else None


def sample_size(transactions: int, margin: Fraction = MARGIN) -> int:
    """Return how many of a service's transactions must be asked: N / (1 + N·e²), rounded up.

    ValueError unless transactions are not negative and 0 < margin < 1. Source: T. Yamane, Statistics (1967), which the
    method of SIPAS uses with e = 5 %.
    """
    if transactions < 0 or not 0 < margin < 1:
        raise ValueError("expected no negative number of transactions, and a margin between 0 and 1")
    return ceil(transactions / (1 + transactions * margin**2))
