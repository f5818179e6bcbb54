"""A quarter as the page and the `figures` command show it: its figures, named, with lines also for who has no votes."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sync_server.core.figures.answers import Answers
from sync_server.core.figures.period import Breakdown, PeriodFigures, Row, SurveyFigures
from sync_server.core.figures.period_names import PeriodNames
from sync_server.core.figures.verdict import Verdict, verdict
from sync_server.core.quarter import Quarter
from sync_server.core.rounding import Rounding
from sync_server.core.surveys import Criterion


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
class Line:
    """One line of a table, with its names; its numbers are those of the row."""

    row: Row
    name: str
    note: str
    verdict: Verdict | None  # None: hidden, or without votes

    @property
    def hidden(self) -> bool:
        """Whether its numbers are nobody's to see: too few, or others could be worked out from them."""
        return self.row.is_hidden


@dataclass(frozen=True)
class Figures:
    """Everything the page and the command show of a site's quarter."""

    quarter: Quarter
    office: Office
    asked: Criterion  # the first question of the newest survey that was answered, or else of the one that is asked
    period: PeriodFigures
    survey: SurveyFigures | None  # the newest that was answered
    by_officer: tuple[Line, ...]  # empty where the office makes no figures of single officers
    by_field: tuple[Line, ...]
    by_procedure: tuple[Line, ...]
    by_channel: tuple[Line, ...]
    refused: int  # votes that arrived in the quarter and could not be accepted

    @property
    def rounding(self) -> Rounding:
        """As the office declares it."""
        return Rounding(self.period.rules.rounding, self.period.rules.decimals)

    @property
    def total(self) -> Answers:
        """The answers that make the official figure."""
        return self._none if self.survey is None else self.survey.main.official

    @property
    def raw(self) -> Answers:
        """All answers, those that the rules leave out among them."""
        return self._none if self.survey is None else self.survey.main.raw

    @property
    def uncounted(self) -> int:
        """Votes that were refused, or whose survey is not known here."""
        return self.refused + self.period.unknown_survey

    @property
    def elsewhere(self) -> int:
        """Votes that answer earlier surveys: their levels are others, so they are not added to these."""
        return sum(survey.votes for survey in self.period.surveys[:-1])

    @property
    def undated(self) -> int:
        """Votes that may have been cast in this quarter or in another: a person decides."""
        return self.period.undated

    @property
    def _none(self) -> Answers:
        return Answers((0,) * len(self.asked.levels), frozenset(level - 1 for level in self.asked.satisfied))


def quarterly(
    quarter: Quarter,
    office: Office,
    period: PeriodFigures,
    names: PeriodNames,
    in_force: Criterion,
    *,
    officers: Mapping[str, Entry],
    fields: Mapping[str, Entry],
    procedures: Mapping[str, Entry],
    refused: int = 0,
) -> Figures:
    """Name a quarter's figures.

    What is present but has no votes stands in its table with 0. Lines are ordered by votes, most first, then by name;
    the line of the votes that know none is last. *in_force* is what is asked where nothing was answered.
    """
    survey = period.surveys[-1] if period.surveys else None
    target = Fraction(period.rules.target) / 100

    def lines(breakdown: Breakdown, entries: Mapping[str, Entry]) -> tuple[Line, ...]:
        rows = () if survey is None else survey.tables.get(breakdown, ())
        return tuple(sorted(_lines(rows, breakdown, entries, names, target), key=_in_order))

    return Figures(
        quarter=quarter,
        office=office,
        asked=in_force if survey is None else survey.main.asked,
        period=period,
        survey=survey,
        by_officer=lines(Breakdown.OFFICER, officers) if period.rules.by_officer else (),
        by_field=lines(Breakdown.FIELD, fields),
        by_procedure=lines(Breakdown.PROCEDURE, procedures),
        by_channel=lines(Breakdown.CHANNEL, {}),
        refused=refused,
    )


def alphabetical(name: str) -> tuple[str, str]:
    """Return a key that sorts Vietnamese names by their letters first, marks after."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(sign))
    return plain.replace("đ", "d"), name


def _lines(
    rows: Iterable[Row], breakdown: Breakdown, entries: Mapping[str, Entry], names: PeriodNames, target: Fraction
) -> Iterable[Line]:
    counted = {row.key: row for row in rows}
    for key in (*counted, *(key for key, entry in entries.items() if entry.present and key not in counted)):
        row = counted.get(key) or Row(key, 0, 0)
        entry = None if key is None else entries.get(key)
        yield Line(
            row,
            names.row(breakdown, key) if entry is None else entry.name,
            "" if entry is None else entry.note,
            verdict(row.satisfied, row.answered, target) if row.satisfied is not None and row.answered else None,
        )


def _in_order(line: Line) -> tuple[bool, bool, int, tuple[str, str]]:
    # Hidden lines by name alone: their place would tell how many votes they have.
    return line.row.key is None, line.hidden, 0 if line.hidden else -(line.row.answered or 0), alphabetical(line.name)
