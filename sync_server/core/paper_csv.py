"""A batch of forms as a clerk types it into a spreadsheet: a line for each form, or for each tally of several. Pure.

The first line names the columns, in any order, parted by commas, semicolons or tabs. `form` is the number on the form
or on the tally. Of forms each criterion has a column, and a cell holds a level, by its number or its words, or nothing.
Of tallies there is a column for each level, with how many chose it, and `returned`: how many forms were counted.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from protocol.messages import CriterionKey, Level
from sync_server.core.book import Book
from sync_server.core.names import counted
from sync_server.core.paper import HIGHEST_NUMBER, MOST_FORMS, MOST_LINES, Batch, Line
from sync_server.core.paper_about import ABOUT, About, about_of
from sync_server.core.paper_typed import comment_of, day_of, level_of, whole
from sync_server.core.surveys import Survey

FORM, DAY, REASONS, COMMENT, RETURNED, EMPTY = "form", "day", "reasons", "comment", "returned", "empty"
FIXED = (FORM, DAY, *ABOUT, REASONS, COMMENT, RETURNED, EMPTY)
MOST_MISTAKES = 20
_DELIMITERS = ",;\t"


class PaperMistakes(ValueError):
    """The text cannot be entered; each mistake names its line and column, and quotes nothing of a form."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Reader:
    """What is needed to read the lines of a batch; with *tally* each counts several forms."""

    batch: Batch
    survey: Survey
    book: Book
    today: date
    tally: bool = False

    @property
    def heading(self) -> tuple[str, ...]:
        """Every column there may be."""
        if self.tally:
            levels = [_of_level(column, level) for column, levels in self._columns() for level in levels]
            return (FORM, DAY, *ABOUT, RETURNED, EMPTY, *levels)
        return (FORM, DAY, *ABOUT, *(column for column, _ in self._columns()), REASONS, COMMENT)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which nothing is read: leaving one out by mistake would leave out answers."""
        return tuple(name for name in self.heading if name not in FIXED or name in (FORM, RETURNED))

    def lines(self, text: str) -> tuple[Line, ...]:
        """Read all lines; PaperMistakes says what is wrong with which, the first 20 of them."""
        return self._read(_rows(text, self.heading, self.needed))

    def lines_of(self, forms: Sequence[Mapping[str, str]]) -> tuple[Line, ...]:
        """Read what a program says of each form, by the names of the columns; PaperMistakes as for a file."""
        return self._read(self._named(forms))

    def _named(self, forms: Sequence[Mapping[str, str]]) -> Iterator[tuple[int, Mapping[str, str]]]:
        for place, cells in enumerate(forms, start=1):
            if missing := [name for name in self.needed if name not in cells]:
                raise PaperMistakes([f"line {place}: lacks {', '.join(missing)}"])
            if not cells.keys() <= set(self.heading):
                raise PaperMistakes([f"line {place}: holds something that is none of {', '.join(self.heading)}"])
            yield place, {name: cells.get(name, "").strip() for name in self.heading}

    def _read(self, rows: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[Line, ...]:
        read: dict[int, Line] = {}
        mistakes: list[str] = []
        for place, cells in rows:
            try:
                line = self._line(cells)
                if line.number in read:
                    raise ValueError(f"{FORM}: the number {line.number} stands twice")
                read[line.number] = line
                if len(read) > MOST_LINES:
                    raise PaperMistakes([f"more than {MOST_LINES:,} lines; make several batches of them"])
            except PaperMistakes:
                raise
            except ValueError as error:
                mistakes.append(f"line {place}: {error}")
                if len(mistakes) == MOST_MISTAKES:
                    mistakes.append("there may be more; the rest was not read")
                    break
        if mistakes:
            raise PaperMistakes(mistakes)
        if not read:
            raise PaperMistakes(["there is no line below the heading"])
        return tuple(read[number] for number in sorted(read))

    def _columns(self) -> Iterator[tuple[str, range]]:
        for asked in self.survey.criteria:
            yield column_of(asked.criterion), range(1, len(asked.levels) + 1)

    def _line(self, cells: Mapping[str, str]) -> Line:
        number = whole(FORM, cells[FORM], HIGHEST_NUMBER, least=1)
        first, last = self._days(cells.get(DAY, ""))
        about = about_of(cells, self.book, first, last)
        return (
            self._tallied(cells, number, first, last, about)
            if self.tally
            else self._form(cells, number, first, last, about)
        )

    def _days(self, text: str) -> tuple[date, date]:
        if not text:
            return self.batch.first, self.batch.last
        day = day_of(DAY, text)
        if not self.batch.first <= day <= self.batch.last:
            raise ValueError(f"{DAY}: lies outside the days of the batch")
        if day > self.today:
            raise ValueError(f"{DAY}: has not come yet")
        return day, day

    def _form(self, cells: Mapping[str, str], number: int, first: date, last: date, about: About) -> Line:
        answers: dict[tuple[CriterionKey, Level], int] = {}
        for asked in self.survey.criteria:
            column = column_of(asked.criterion)
            level = level_of(column, cells[column], [texts.values() for texts in asked.levels])
            if level is not None:
                answers[asked.criterion, level] = 1
        return Line(
            number,
            first,
            last,
            *(about.counter, about.officer, about.field, about.procedure),
            forms=1,
            votes=int(bool(answers)),
            answers=answers,
            reasons=self._reasons(cells.get(REASONS, "")),
            comment=comment_of(COMMENT, cells.get(COMMENT, "")),
        )

    def _reasons(self, text: str) -> frozenset[str]:
        named = frozenset(re.findall(r"[^\s,;+]+", text))
        if named - {entry.reason for entry in self.survey.reasons}:
            raise ValueError(f"{REASONS}: the survey offers no such reason")
        return named

    def _tallied(self, cells: Mapping[str, str], number: int, first: date, last: date, about: About) -> Line:
        returned = whole(RETURNED, cells[RETURNED], MOST_FORMS, least=1)
        answers: dict[tuple[CriterionKey, Level], int] = {}
        most = 0
        for asked in self.survey.criteria:
            column, answered = column_of(asked.criterion), 0
            for level in range(1, len(asked.levels) + 1):
                name = _of_level(column, level)
                if forms := whole(name, cells[name] or "0", MOST_FORMS):
                    answers[asked.criterion, level] = forms
                    answered += forms
            if answered > returned:
                raise ValueError(f"{column}: its levels add up to {answered:,}, and {returned:,} forms were returned")
            most = max(most, answered)
        empty = whole(EMPTY, cells.get(EMPTY) or "0", MOST_FORMS)
        if len(self.survey.criteria) == 1:
            # Who leaves the only question blank has answered nothing.
            if cells.get(EMPTY) and empty != returned - most:
                raise ValueError(f"{EMPTY}: expected {returned - most:,}, as many as chose no level")
            empty = returned - most
        elif empty > returned - most:
            raise ValueError(f"{EMPTY}: at least {counted(most, 'form')} of {returned:,} answered something")
        return Line(
            number,
            first,
            last,
            *(about.counter, about.officer, about.field, about.procedure),
            forms=returned,
            votes=returned - empty,
            answers=answers,
        )


def column_of(criterion: CriterionKey) -> str:
    """Return the name of a criterion's column: its key, unless another column bears it."""
    return f"{criterion} (answer)" if criterion in FIXED else criterion


def _of_level(column: str, level: int) -> str:
    return f"{column} {level}"


def _rows(text: str, heading: tuple[str, ...], needed: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, str]]]:
    first, _, _ = text.partition("\n")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [cell.strip().lower() for cell in next(reader, [])]
        while names and not names[-1]:
            names.pop()
        _check_heading(names, heading, needed)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if any(cell.strip() for cell in cells[len(names) :]):
                raise PaperMistakes([f"line {reader.line_num}: more cells than headings"])
            named = dict(zip(names, cells, strict=False))
            yield reader.line_num, {name: named.get(name, "").strip() for name in heading}
    except csv.Error as error:
        raise PaperMistakes([f"line {reader.line_num}: {error}"]) from None


def _check_heading(names: list[str], heading: tuple[str, ...], needed: tuple[str, ...]) -> None:
    missing = [name for name in needed if name not in names]
    if missing:
        raise PaperMistakes([f"line 1: the heading lacks {', '.join(missing)}"])
    for place, name in enumerate(names, start=1):
        if name not in heading:
            raise PaperMistakes([f"line 1: column {place} is none of {', '.join(heading)}"])
        if names.count(name) > 1:
            raise PaperMistakes([f"line 1: the column {name} stands twice"])
