"""Small parts that several annexes are built of. Pure."""

from collections.abc import Iterable
from datetime import date

from sync_server.core.decisions import wording
from sync_server.core.decisions.document import Align, Column, Row, Table
from sync_server.core.decisions.fields import literal
from sync_server.core.figures.period import CriterionFigures, SurveyFigures

_FEW = 10
_EARLY_MONTHS = 2


def field(*parts: object) -> str:
    """Return a field of which the name is built of parts: {s1.overall.percent}."""
    return "{" + ".".join(map(str, parts)) + "}"


def of(survey: SurveyFigures, criterion: CriterionFigures, name: str) -> str:
    """Return a field of a question."""
    return field(f"s{survey.revision}", criterion.asked.criterion, name)


def survey_name(revision: int) -> str:
    """Return the field that names a survey."""
    return field("stated", f"s{revision}", "name")


def question(criterion: CriterionFigures) -> str:
    """Return a question as it is asked."""
    return criterion.asked.question.get("vi") or criterion.asked.criterion


def level_name(criterion: CriterionFigures, place: int) -> str:
    """Return what the level at a place (0, 1 …) is called."""
    return criterion.asked.levels[place].get("vi") or f"{wording.LEVEL} {place + 1}"


def names_and_numbers(title: str, number: str, rows: Iterable[tuple[str, str]]) -> Table:
    """Return a table of two columns; names are literal texts, numbers fields."""
    lines = tuple(Row((literal(name), cell)) for name, cell in rows)
    return Table((Column(title, 5, Align.LEFT), Column(number, 2)), lines)


def day_text(day: date) -> str:
    """Return a day as documents write it: a leading zero below 10, and in January and February (NĐ 30/2020, PL I)."""
    return f"ngày {day.day:02} {month_text(day)}"


def month_text(day: date) -> str:
    """Return month and year in the same way."""
    month = f"{day.month:02}" if day.month <= _EARLY_MONTHS else str(day.month)
    return f"tháng {month} năm {day.year}"


def number_text(number: str) -> str:
    """Return the number of a document: a leading zero below 10."""
    return f"{int(number):02}" if number.isdecimal() and int(number) < _FEW else number
