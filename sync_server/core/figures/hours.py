"""When people vote, and how satisfied they are then: by day of the week and hour, with small numbers hidden. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from protocol.messages import Level
from sync_server.core.figures.answers import Answers
from sync_server.core.figures.over_time import hidden_times
from sync_server.core.quarter import VIETNAM
from sync_server.core.surveys import Criterion

WEEKDAYS = range(1, 8)  # 1 is Monday


@dataclass(frozen=True)
class HourCount:
    """So many votes of an hour, a moment, chose a level."""

    hour: datetime
    level: Level
    votes: int


@dataclass(frozen=True)
class WeekOfHours:
    """Answers by weekday and local hour; only hours in which somebody voted."""

    hours: tuple[int, ...]
    answers: Mapping[tuple[int, int], Answers]  # weekday, hour
    hidden: frozenset[tuple[int, int]]  # too few votes, or what would tell of another hour's

    def at(self, weekday: int, hour: int) -> Answers | None:
        """Return the answers of an hour of the week; None when there are none."""
        return self.answers.get((weekday, hour))


def week_of_hours(asked: Criterion, counts: Iterable[HourCount], least_shown: int) -> WeekOfHours:
    """Add counts up by weekday and hour, in Vietnamese time."""
    levels: dict[tuple[int, int], list[int]] = {}
    for count in counts:
        local = count.hour.astimezone(VIETNAM)
        line = levels.setdefault((local.isoweekday(), local.hour), [0] * len(asked.levels))
        line[count.level - 1] += count.votes
    satisfied = frozenset(level - 1 for level in asked.satisfied)
    answers = {place: Answers(tuple(line), satisfied) for place, line in levels.items()}
    hours = tuple(sorted({hour for _, hour in answers}))
    return WeekOfHours(hours, answers, hidden_times(answers, least_shown))
