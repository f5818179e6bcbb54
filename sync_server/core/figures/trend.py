"""How a share moves within a time: day by day, or week by week, with small numbers hidden. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from protocol.messages import Level
from sync_server.core.figures.answers import Answers
from sync_server.core.figures.over_time import hidden_times
from sync_server.core.surveys import Criterion


class Step(StrEnum):
    """How long each part of a trend is; a week begins on Monday."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True)
class DayCount:
    """So many votes of a day chose a level."""

    day: date
    level: Level
    votes: int


@dataclass(frozen=True)
class Point:
    """A day or a week, by its first day; None is hidden: too few votes, or what would tell of another's."""

    first: date
    answers: Answers | None


def trend(asked: Criterion, counts: Iterable[DayCount], step: Step, least_shown: int) -> tuple[Point, ...]:
    """Add counts up by days or weeks, in order; only those in which somebody voted."""
    levels: dict[date, list[int]] = {}
    for count in counts:
        first = count.day - timedelta(days=count.day.weekday() if step is Step.WEEK else 0)
        line = levels.setdefault(first, [0] * len(asked.levels))
        line[count.level - 1] += count.votes
    satisfied = frozenset(level - 1 for level in asked.satisfied)
    answers = {first: Answers(tuple(line), satisfied) for first, line in sorted(levels.items())}
    hidden = hidden_times(answers, least_shown)
    return tuple(Point(first, None if first in hidden else each) for first, each in answers.items())
