"""Votes on paper: batches of forms as a clerk enters them, and how two entries of one batch differ. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta

from protocol.messages import CriterionKey, Key, Level, Number
from sync_server.core.channels import ON_PAPER, Channel
from sync_server.core.entries import check_key

MOST_LINES = 10_000  # of an entry
HIGHEST_NUMBER = 999_999
MOST_FORMS = 1_000_000  # issued in a batch, or counted in one line
LONGEST_BATCH = timedelta(days=366)
FIRST_ENTRY, SECOND_ENTRY = 1, 2
FEWEST_TWINS = 5  # fewer lines are alike by chance

# Typed twice, hardly any comment is the same twice; that of the entry which counts is kept.
_NOT_COMPARED = ("number", "comment")


@dataclass(frozen=True)
class Batch:
    """Forms that are entered together; ValueError says what is wrong with it.

    *first* and *last* are the days between which the forms were filled in; *survey* is the revision they ask.
    """

    batch: str
    channel: Channel
    first: date
    last: date
    survey: Number
    issued: int | None = None  # forms handed out; None where nobody counted them

    def __post_init__(self) -> None:
        check_key("batch", self.batch)
        if self.channel not in ON_PAPER:
            raise ValueError(f"channel: expected one of {', '.join(ON_PAPER)}")
        if self.last < self.first:
            raise ValueError("the last day lies before the first")
        if self.last - self.first > LONGEST_BATCH:
            raise ValueError(f"its days span more than {LONGEST_BATCH.days} days; open a batch for each quarter")
        if self.issued is not None and not 0 <= self.issued <= MOST_FORMS:
            raise ValueError(f"issued: expected 0 to {MOST_FORMS} forms")


@dataclass(frozen=True)
class Line:
    """What stands in one line of an entry: a form; in a tally, *forms* that were counted together.

    Of these, *votes* answer anything at all. *day* to *until_day*: when they were filled in, as far as is known.
    """

    number: int
    day: date
    until_day: date
    counter: int | None
    officer: str | None
    field: str | None
    procedure: str | None
    forms: int
    votes: int
    answers: Mapping[tuple[CriterionKey, Level], int]  # how many forms
    reasons: frozenset[Key] = frozenset()
    comment: str | None = None

    def __repr__(self) -> str:
        return f"Line({self.number})"  # the rest is what a citizen said

    def answered(self, criterion: CriterionKey) -> dict[Level, int]:
        """Return how many forms chose each level of a criterion; a level that none chose may be left out."""
        return {level: forms for (asked, level), forms in self.answers.items() if asked == criterion and forms}


@dataclass(frozen=True)
class Difference:
    """A number whose two entries differ, and in what: names of columns, never what was chosen."""

    number: int
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.number}: {', '.join(self.parts)}"


ONLY_FIRST = "not in the second entry"
ONLY_SECOND = "not in the first entry"


def differences(first: Iterable[Line], second: Iterable[Line]) -> Iterator[Difference]:
    """Yield each number whose entries differ, in order; comments are not compared."""
    one = {line.number: line for line in first}
    other = {line.number: line for line in second}
    for number in sorted(one.keys() | other.keys()):
        if number not in other:
            yield Difference(number, (ONLY_FIRST,))
        elif number not in one:
            yield Difference(number, (ONLY_SECOND,))
        elif parts := tuple(_parts(one[number], other[number])):
            yield Difference(number, parts)


def are_twins(one: Collection[Line], other: Collection[Line]) -> bool:
    """Whether two batches may well be the same stack of forms: enough lines, and all alike but for their days."""
    return len(one) >= FEWEST_TWINS and set(map(_timeless, one)) == set(map(_timeless, other))


def _timeless(line: Line) -> tuple[object, ...]:
    about = (line.counter, line.officer, line.field, line.procedure)
    return line.number, line.forms, line.votes, about, frozenset(line.answers.items()), line.reasons, line.comment


def _parts(one: Line, other: Line) -> Iterator[str]:
    for each in fields(Line):
        if each.name == "answers":
            for criterion in sorted({asked for asked, _ in (*one.answers, *other.answers)}):
                if one.answered(criterion) != other.answered(criterion):
                    yield criterion
        elif each.name not in _NOT_COMPARED and getattr(one, each.name) != getattr(other, each.name):
            yield each.name
