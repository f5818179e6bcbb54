"""Phụ lục of an office that others stand below: their ranking. Pure."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from sync_server.core.decisions import wording
from sync_server.core.decisions.document import Align, Block, Column, Row, Table
from sync_server.core.decisions.facts import Child, Facts
from sync_server.core.decisions.fields import literal
from sync_server.core.decisions.lines import field
from sync_server.core.decisions.values import escaped
from sync_server.core.figures.verdict import verdict
from sync_server.core.figures.wording import VERDICTS
from sync_server.core.interval import wilson
from sync_server.core.rounding import NO_NUMBER, count_text

_NUMBERS = {
    "answered": wording.RATED,
    "satisfied": wording.SATISFIED,
    "percent": wording.SHARE,
    "interval": wording.INTERVAL,
    "verdict": wording.AGAINST_TARGET,
    "rank": wording.RANKING,
}


def blocks(facts: Facts) -> Iterator[Block]:
    """Yield the table, the best first."""
    rows = tuple(
        Row(
            (
                f"{place}",
                literal(child.office),
                *(field("stated.child", escaped(child.site), name) for name in _NUMBERS),
            )
        )
        for place, child in enumerate(_ordered(facts.children), start=1)
    )
    columns = [Column(name, 4) for name in _NUMBERS.values()]
    yield Table((Column(wording.ORDER, 2), Column(wording.UNIT, 8, Align.LEFT), *columns), rows, wording.CHILDREN_NOTE)


def stated(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the values of these fields."""
    ranks = ranking([child.counted.share for child in facts.children])
    target = Fraction(facts.figures.rules.target) / 100
    for child, rank in zip(facts.children, ranks, strict=True):
        satisfied, answered = child.counted.satisfied, child.counted.answered
        interval = wilson(satisfied, answered)
        between = NO_NUMBER
        if interval is not None:
            ends = (facts.rounding.percent_text(Fraction(end)) for end in (interval.low, interval.high))
            between = " – ".join(ends)
        texts = {
            "answered": count_text(answered),
            "satisfied": count_text(satisfied),
            "percent": facts.rounding.percent_text(child.counted.share),
            "interval": between,
            "verdict": VERDICTS[verdict(satisfied, answered, target)],
            "rank": rank,
        }
        for name, text in texts.items():
            yield f"stated.child.{escaped(child.site)}.{name}", text


def ranking(scores: Sequence[Fraction | None]) -> list[str]:
    """Return the place of each, the best first; equals share one, and who has no score has none."""
    return [
        NO_NUMBER if score is None else f"{1 + sum(other is not None and other > score for other in scores)}"
        for score in scores
    ]


def _ordered(children: Sequence[Child]) -> list[Child]:
    def best_first(child: Child) -> tuple[bool, Fraction, str]:
        share = child.counted.share
        return share is None, -(share or Fraction(0)), child.office

    return sorted(children, key=best_first)
