"""The figures of a time under the rules of its office: official beside raw, each survey apart, small numbers hidden.

Official is what the rules leave: votes with a label that they exclude are out, each counted under its reason. Nothing
is deleted: the raw figure stands beside it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from protocol.visits import VisitOutcome
from sync_server.core.channels import Channel
from sync_server.core.figures.answers import Answers
from sync_server.core.figures.cells import AnswerSet, Cell, Group
from sync_server.core.figures.change import Change, Part, change
from sync_server.core.figures.coverage import Coverage, Forms
from sync_server.core.figures.disclosure import Disclosure, Rule, protect
from sync_server.core.figures.verdict import Verdict, verdict
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.interval import Interval, wilson
from sync_server.core.rules import Rules
from sync_server.core.surveys import Criterion, Survey, Surveys

_SATISFIED = frozenset({1})  # of two places: not satisfied, satisfied


class Breakdown(StrEnum):
    """By what votes are told apart."""

    OFFICER = "officer"
    FIELD = "field"
    PROCEDURE = "procedure"
    COUNTER = "counter"
    KIOSK = "kiosk"
    CHANNEL = "channel"


KEYS: Mapping[Breakdown, Callable[[VoteCell], str | None]] = {
    Breakdown.OFFICER: lambda cell: cell.officer,
    Breakdown.FIELD: lambda cell: cell.field,
    Breakdown.PROCEDURE: lambda cell: cell.procedure,
    Breakdown.COUNTER: lambda cell: None if cell.counter is None else str(cell.counter),
    Breakdown.KIOSK: lambda cell: cell.kiosk,
    Breakdown.CHANNEL: lambda cell: cell.channel,
}


_NO_FORMS = Forms()


class RowName(NamedTuple):
    """A line of a breakdown of a survey."""

    survey: int
    breakdown: Breakdown
    key: str | None


# What was printed of lines before, of votes of the same time: satisfied, answered.
Printed = Mapping[RowName, tuple[int, int]]


@dataclass(frozen=True)
class Row:
    """A line of a breakdown; None stands for what is hidden. Without a key: the votes that know none."""

    key: str | None
    satisfied: int | None
    answered: int | None

    @property
    def share(self) -> Fraction | None:
        """The satisfied part, exact; None when it is hidden or nothing was answered."""
        if self.satisfied is None or not self.answered:
            return None
        return Fraction(self.satisfied, self.answered)

    @property
    def is_hidden(self) -> bool:
        """Whether one of its numbers is nobody's to see."""
        return self.satisfied is None or self.answered is None

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of the share; None when it is hidden or nothing was answered."""
        if self.satisfied is None or self.answered is None:
            return None
        return wilson(self.satisfied, self.answered)


@dataclass(frozen=True)
class CriterionFigures:
    """One question of a survey."""

    asked: Criterion
    official: Answers
    raw: Answers
    change: Change | None  # of the official share, against the time before
    verdict: Verdict


@dataclass(frozen=True)
class SurveyFigures:
    """Everything that answers one survey; surveys are never added to each other."""

    revision: int
    votes: int  # official
    raw_votes: int
    criteria: tuple[CriterionFigures, ...]
    tables: Mapping[Breakdown, tuple[Row, ...]]  # of the first criterion, official

    @property
    def main(self) -> CriterionFigures:
        """The question that stands for all."""
        return self.criteria[0]


@dataclass(frozen=True)
class PeriodFigures:
    """The figures of a time."""

    first: date
    last: date
    rules: Rules
    surveys: tuple[SurveyFigures, ...]
    outcomes: Mapping[VisitOutcome, int]  # of all visits to kiosks, votes among them
    excluded: Mapping[str, int]  # how many votes carry each label that is left out; one may carry several
    excluded_votes: int
    labelled: int  # votes with a label in force, left out or not
    unreviewed: int  # those of them with one that nobody has decided on
    unknown_survey: int  # votes that answer a survey which nobody knows here
    undated: int  # votes that may have been cast in this time or in another
    coverage: Coverage  # votes beside cases served
    reasons: Mapping[str, int]  # how many votes name each, raw; one may name several
    forms: Forms  # on paper
    channels: Mapping[Channel, int]  # how many votes came by each, raw


def figures_of(
    cells: Iterable[VoteCell],
    before: Iterable[VoteCell],
    surveys: Surveys,
    rules: Rules,
    first: date,
    last: date,
    *,
    served: int,
    reasons: Mapping[str, int],
    forms: Forms = _NO_FORMS,
    reviewed: int = 0,
    printed: Sequence[Printed] = (),
) -> PeriodFigures:
    """Compute the figures of a time from its cells and those of the time before; *first* and *last* bound half months.

    Cells that reach into another time are not counted, but told as undated. *reviewed*: how many votes carry labels and
    none that was not decided on. *printed*: what earlier documents about this very time say; a line that differs by a
    few votes only is hidden.
    """
    inside: list[VoteCell] = []
    undated = 0
    for cell in cells:
        if cell.lies_within(first, last):
            inside.append(cell)
        elif cell.is_whole_votes:
            undated += cell.votes
    earlier = list(before)
    answered = [cell for cell in inside if cell.is_whole_votes]
    known = sorted({cell.survey for cell in answered} & surveys.keys())
    labelled = sum(cell.votes for cell in answered if cell.labels)
    left_out = [cell for cell in answered if cell.has_one_of(rules.excluded)]
    return PeriodFigures(
        first=first,
        last=last,
        rules=rules,
        surveys=tuple(_survey(revision, surveys[revision], inside, earlier, rules, printed) for revision in known),
        outcomes=_outcomes(inside),
        excluded={
            label: sum(cell.votes for cell in left_out if label in cell.labels) for label in map(str, rules.excluded)
        },
        excluded_votes=sum(cell.votes for cell in left_out),
        labelled=labelled,
        unreviewed=labelled - reviewed,
        unknown_survey=sum(cell.votes for cell in answered if cell.survey not in surveys),
        undated=undated,
        coverage=Coverage(sum(cell.votes for cell in answered), served),
        reasons=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        forms=forms,
        channels={channel: sum(cell.votes for cell in answered if cell.channel == channel) for channel in Channel},
    )


def _outcomes(cells: Iterable[VoteCell]) -> Mapping[VisitOutcome, int]:
    counted = Counter[str]()
    for cell in cells:
        if cell.criterion is None and cell.channel == Channel.KIOSK:
            counted[cell.outcome] += cell.votes
    return {outcome: counted[outcome] for outcome in VisitOutcome}


def _survey(
    revision: int,
    survey: Survey,
    cells: Sequence[VoteCell],
    before: Sequence[VoteCell],
    rules: Rules,
    printed: Sequence[Printed],
) -> SurveyFigures:
    raw = [cell for cell in cells if cell.survey == revision]
    official = [cell for cell in raw if not cell.has_one_of(rules.excluded)]
    earlier = [cell for cell in before if cell.survey == revision and not cell.has_one_of(rules.excluded)]
    return SurveyFigures(
        revision=revision,
        votes=_whole(official),
        raw_votes=_whole(raw),
        criteria=tuple(_criterion(asked, official, raw, earlier, rules) for asked in survey.criteria),
        tables=_tables(revision, survey.criteria[0], official, rules, printed),
    )


def _criterion(
    asked: Criterion,
    official: Sequence[VoteCell],
    raw: Sequence[VoteCell],
    before: Sequence[VoteCell],
    rules: Rules,
) -> CriterionFigures:
    answers, earlier = _answers(asked, official), _answers(asked, before)
    return CriterionFigures(
        asked=asked,
        official=answers,
        raw=_answers(asked, raw),
        change=change(Part(answers.satisfied, answers.answered), Part(earlier.satisfied, earlier.answered)),
        verdict=verdict(answers.satisfied, answers.answered, Fraction(rules.target) / 100),
    )


def _whole(cells: Iterable[VoteCell]) -> int:
    return sum(cell.votes for cell in cells if cell.is_whole_votes)


def _answers(asked: Criterion, cells: Sequence[VoteCell]) -> Answers:
    levels = [0] * len(asked.levels)
    for cell in cells:
        if cell.criterion == asked.criterion and cell.level is not None:
            levels[cell.level - 1] += cell.votes
    return Answers(tuple(levels), _satisfied(asked), blank=_whole(cells) - sum(levels))


def _satisfied(asked: Criterion) -> frozenset[int]:
    return frozenset(level - 1 for level in asked.satisfied)


def _tables(
    revision: int, asked: Criterion, cells: Iterable[VoteCell], rules: Rules, printed: Sequence[Printed]
) -> Mapping[Breakdown, tuple[Row, ...]]:
    table = Breakdowns(asked, rules)
    for cell in cells:
        table.add(cell)
    return table.rows(revision, printed)


class Breakdowns:
    """One question broken down, cell by cell; so that whoever has many need not keep them."""

    def __init__(self, asked: Criterion, rules: Rules) -> None:
        self._asked, self._least_shown = asked, rules.least_shown
        self._shown = [each for each in Breakdown if each is not Breakdown.OFFICER or rules.by_officer]
        # Satisfied or not: the fewer numbers a row has, the fewer must be hidden for its sake.
        self._grouped: defaultdict[tuple[str | None, ...], list[int]] = defaultdict(lambda: [0, 0])

    def add(self, cell: VoteCell) -> None:
        """Count a cell that counts officially; those of other questions are passed over."""
        if cell.criterion == self._asked.criterion and cell.level is not None:
            about = tuple(KEYS[each](cell) for each in self._shown)
            self._grouped[about][cell.level in self._asked.satisfied] += cell.votes

    def rows(self, revision: int, printed: Sequence[Printed] = ()) -> Mapping[Breakdown, tuple[Row, ...]]:
        """Return each breakdown's rows of a survey, with small numbers hidden in all of them together.

        A line of which a few votes have come or gone since it was *printed* is hidden as well.
        """
        together = AnswerSet(Group(rows, tuple(counts)) for rows, counts in self._grouped.items())
        moved = {
            (place, key)
            for place, (each, rows) in enumerate(zip(self._shown, together.breakdowns, strict=False))
            for key in rows
            if any(
                0 < _moved(together, place, key, before.get(RowName(revision, each, key))) < self._least_shown
                for before in printed
            )
        }
        disclosed = protect(together, self._least_shown, Rule.ROWS, moved)
        return {
            each: _rows(place, together, disclosed) if together.breakdowns else ()
            for place, each in enumerate(self._shown)
        }


def _moved(answers: AnswerSet, place: int, key: str | None, before: tuple[int, int] | None) -> int:
    """Return how many votes at least have come to a line or gone from it since it was printed; 0 if it was not."""
    if before is None:
        return 0
    satisfied, answered = before
    more = answers.count(Cell(place, key, _SATISFIED)) - satisfied
    in_all = answers.count(Cell(place, key, answers.whole)) - answered
    return abs(more) + abs(in_all - more)


def _rows(place: int, answers: AnswerSet, disclosed: Disclosure) -> tuple[Row, ...]:
    def number(row: str | None, column: frozenset[int]) -> int | None:
        cell = Cell(place, row, column)
        return answers.count(cell) if disclosed.shows(cell) else None

    rows = [Row(row, number(row, _SATISFIED), number(row, answers.whole)) for row in answers.breakdowns[place]]
    return tuple(sorted(rows, key=lambda row: (row.key is None, row.answered is None, -(row.answered or 0), row.key)))
