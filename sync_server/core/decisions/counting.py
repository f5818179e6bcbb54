"""Counting what stands beside the figures of a time: other times, and officers' points, from the same cells. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from sync_server.core.decisions.facts import Counted
from sync_server.core.figures.indicators import Indicator, Points
from sync_server.core.figures.surveyed_indicators import LEVELS, indicator_of
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.rules import Rules
from sync_server.core.surveys import Surveys


def counted(cells: Iterable[VoteCell], surveys: Surveys, rules: Rules) -> tuple[Counted, ...]:
    """Return the official answers to the first question of each survey; the cells lie within the time."""
    satisfied, answered = Counter[int](), Counter[int]()
    for cell in cells:
        survey = surveys.get(cell.survey)
        if survey is None or cell.criterion != survey.main or cell.level is None or cell.has_one_of(rules.excluded):
            continue
        answered[cell.survey] += cell.votes
        satisfied[cell.survey] += cell.votes * (cell.level in survey.criteria[0].satisfied)
    return tuple(Counted(revision, satisfied[revision], answered[revision]) for revision in sorted(answered))


def points_of_officers(
    cells: Iterable[VoteCell], surveys: Surveys, rules: Rules
) -> Mapping[int, Mapping[str, Mapping[Indicator, Points]]]:
    """Return the official points of each officer, by survey; the cells lie within the time."""
    points: defaultdict[int, defaultdict[str, Counter[tuple[Indicator, int]]]]
    points = defaultdict(lambda: defaultdict(Counter))
    for cell in cells:
        survey = surveys.get(cell.survey)
        asked = None if survey is None or cell.criterion is None else survey.criterion(cell.criterion)
        indicator = None if asked is None or len(asked.levels) != LEVELS else indicator_of(asked.criterion)
        if indicator is None or cell.level is None or cell.officer is None or cell.has_one_of(rules.excluded):
            continue
        points[cell.survey][cell.officer][indicator, cell.level] += cell.votes
    return {
        revision: {officer: _points(counts) for officer, counts in officers.items()}
        for revision, officers in points.items()
    }


def _points(counts: Counter[tuple[Indicator, int]]) -> dict[Indicator, Points]:
    indicators = {indicator for indicator, _ in counts}
    return {
        indicator: Points(*(counts[indicator, level] for level in range(1, LEVELS + 1)))
        for indicator in sorted(indicators)
    }
