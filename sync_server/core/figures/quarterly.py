"""A quarter's figures: counts of votes added up by officer, field and procedure."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter

from protocol.messages import Number
from sync_server.core.figures.cells import AnswerSet, Group
from sync_server.core.figures.disclosure import Rule, protect
from sync_server.core.interval import Interval, wilson
from sync_server.core.quarter import Quarter
from sync_server.core.rules import Rules
from sync_server.core.surveys import Criterion, Surveys

UNKNOWN_NAME = "Không rõ"


@dataclass(frozen=True)
class Tally:
    """How many votes chose each level, worst first, and how many of them count as satisfied."""

    levels: tuple[int, ...]
    satisfied: int = 0

    @classmethod
    def blank(cls, asked: Criterion) -> "Tally":
        """Return that of no votes."""
        return cls((0,) * len(asked.levels))

    @property
    def total(self) -> int:
        return sum(self.levels)

    @property
    def share(self) -> Fraction | None:
        """The satisfied part of all, exact; None when nothing was counted."""
        return Fraction(self.satisfied, self.total) if self.total else None

    def share_of(self, level: int) -> Fraction | None:
        """The part of all that chose a level, exact; None when nothing was counted."""
        return Fraction(self.levels[level - 1], self.total) if self.total else None

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of the share; None when nothing was counted."""
        return wilson(self.satisfied, self.total)

    def __add__(self, other: "Tally") -> "Tally":
        levels = tuple(mine + theirs for mine, theirs in zip(self.levels, other.levels, strict=True))
        return Tally(levels, self.satisfied + other.satisfied)


@dataclass(frozen=True)
class Office:
    """A site by its names: the office, and the body it belongs to."""

    site: str
    name: str
    unit: str


@dataclass(frozen=True)
class Entry:
    """A name out of the office data; the note says what it belongs to."""

    name: str
    note: str = ""
    present: bool = True  # whether it stands in its table also without votes


@dataclass(frozen=True)
class Count:
    """So many votes agree in all of this; None where the vote does not know."""

    survey: int
    level: int
    officer: str | None
    field: str | None
    procedure: str | None
    votes: int


@dataclass(frozen=True)
class Row:
    """One line of a table; without a key it holds the votes that know none."""

    key: str | None
    name: str
    note: str
    tally: Tally
    hidden: bool = False  # its numbers are nobody's to see: too few, or others could be worked out from them


@dataclass(frozen=True)
class Figures:
    """Everything the page and the command show of a site's quarter."""

    quarter: Quarter
    office: Office
    asked: Criterion  # the first question of the newest survey that was answered, or else of the one that is asked
    total: Tally
    by_officer: tuple[Row, ...]  # empty where the office makes no figures of single officers
    by_field: tuple[Row, ...]
    by_procedure: tuple[Row, ...]
    uncounted: int  # votes that were refused, or whose survey is not known here
    elsewhere: int  # votes that answer earlier surveys: their levels are others, so they are not added to these
    undated: int  # votes that may have been cast in this quarter or in another: a person decides


_OFFICER: Callable[[Count], str | None] = attrgetter("officer")
_FIELD: Callable[[Count], str | None] = attrgetter("field")
_PROCEDURE: Callable[[Count], str | None] = attrgetter("procedure")


def add_up(
    quarter: Quarter,
    office: Office,
    counts: Iterable[Count],
    *,
    officers: Mapping[str, Entry],
    fields: Mapping[str, Entry],
    procedures: Mapping[str, Entry],
    surveys: Surveys,
    in_force: Number,
    rules: Rules,
    refused: int,
    undated: int = 0,
) -> Figures:
    """Add counts up to a quarter's figures.

    What is present but has no votes stands in its table with 0. Rows are ordered by votes, most first, then by name;
    the row of the votes that know none is last.
    """
    counts = tuple(counts)
    revision = max((count.survey for count in counts if count.survey in surveys), default=in_force)
    asked = surveys[revision].criteria[0]
    known = tuple(count for count in counts if count.survey == revision)
    total = Tally.blank(asked)
    for count in known:
        total += _tally(count, asked)
    hidden = _hidden(known, asked, rules)
    return Figures(
        quarter=quarter,
        office=office,
        asked=asked,
        total=total,
        by_officer=_rows(known, _OFFICER, officers, asked, hidden[_OFFICER]) if rules.by_officer else (),
        by_field=_rows(known, _FIELD, fields, asked, hidden[_FIELD]),
        by_procedure=_rows(known, _PROCEDURE, procedures, asked, hidden[_PROCEDURE]),
        uncounted=refused + sum(count.votes for count in counts if count.survey not in surveys),
        elsewhere=sum(count.votes for count in counts if count.survey in surveys and count.survey != revision),
        undated=undated,
    )


def alphabetical(name: str) -> tuple[str, str]:
    """Return a key that sorts Vietnamese names by their letters first, marks after."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(sign))
    return plain.replace("đ", "d"), name


def _tally(count: Count, asked: Criterion) -> Tally:
    levels = tuple(count.votes if place == count.level else 0 for place in range(1, len(asked.levels) + 1))
    return Tally(levels, count.votes if count.level in asked.satisfied else 0)


def _rows(
    counts: Iterable[Count],
    key_of: Callable[[Count], str | None],
    entries: Mapping[str, Entry],
    asked: Criterion,
    hidden: frozenset[str | None],
) -> tuple[Row, ...]:
    tallies: dict[str | None, Tally] = {key: Tally.blank(asked) for key, entry in entries.items() if entry.present}
    for count in counts:
        key = key_of(count)
        tallies[key] = tallies.get(key, Tally.blank(asked)) + _tally(count, asked)
    rows = (_row(key, tally, entries, key in hidden) for key, tally in tallies.items())
    return tuple(sorted(rows, key=_in_order))


def _in_order(row: Row) -> tuple[bool, bool, int, tuple[str, str]]:
    # Hidden rows by name alone: their place would tell how many votes they have.
    return row.key is None, row.hidden, 0 if row.hidden else -row.tally.total, alphabetical(row.name)


def _hidden(
    counts: Iterable[Count], asked: Criterion, rules: Rules
) -> Mapping[Callable[[Count], str | None], frozenset[str | None]]:
    """Return which rows of each table are hidden."""
    shown = [_OFFICER, _FIELD, _PROCEDURE] if rules.by_officer else [_FIELD, _PROCEDURE]
    groups: dict[tuple[str | None, ...], list[int]] = {}
    for count in counts:
        line = groups.setdefault(tuple(key_of(count) for key_of in shown), [0, 0])
        line[count.level in asked.satisfied] += count.votes
    together = AnswerSet(Group(rows, tuple(line)) for rows, line in groups.items())
    disclosed = protect(together, rules.least_shown, Rule.ROWS)
    return {
        key_of: frozenset(
            cell.row for cell in together.cells() if cell.breakdown == place and not disclosed.shows(cell)
        )
        for place, key_of in enumerate(shown)
    }


def _row(key: str | None, tally: Tally, entries: Mapping[str, Entry], hidden: bool) -> Row:
    # A key that the office data does not name (any more) is shown as it is.
    entry = Entry(UNKNOWN_NAME) if key is None else entries.get(key, Entry(key))
    return Row(key, entry.name, entry.note, tally, hidden)
