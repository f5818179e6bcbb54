"""Phụ lục: results by field, by procedure and by officer, with interval and verdict. Pure.

Rows of which anything is hidden are one row, marked: which they are tells nobody anything that he may know."""

from collections.abc import Iterator

from sync_server.core.decisions import wording
from sync_server.core.decisions.document import Align, Block, Column, Paragraph, Row, Subtitle, Table
from sync_server.core.decisions.facts import Facts
from sync_server.core.decisions.fields import literal
from sync_server.core.decisions.lines import field, of, survey_name
from sync_server.core.decisions.values import escaped, is_shown
from sync_server.core.figures.period import Breakdown, SurveyFigures
from sync_server.core.figures.period import Row as Counted

_NUMBERS = ("answered", "satisfied", "percent", "interval", "verdict")
_NAMES = {
    Breakdown.FIELD: wording.FIELD,
    Breakdown.PROCEDURE: wording.PROCEDURE,
    Breakdown.OFFICER: wording.OFFICER,
}


def blocks(facts: Facts) -> Iterator[Block]:
    """Yield the blocks by field and by procedure."""
    yield from _blocks(facts, (Breakdown.FIELD, Breakdown.PROCEDURE))


def officer_blocks(facts: Facts) -> Iterator[Block]:
    """Yield the blocks by officer."""
    yield from _blocks(facts, (Breakdown.OFFICER,))


def has_officers(facts: Facts) -> bool:
    """Whether the rules of the time have figures of officers, and there are any."""
    return facts.figures.rules.by_officer and any(
        survey.tables.get(Breakdown.OFFICER) for survey in facts.figures.surveys
    )


def _blocks(facts: Facts, breakdowns: tuple[Breakdown, ...]) -> Iterator[Block]:
    surveys = facts.figures.surveys
    if not surveys:
        yield Paragraph(wording.NO_VOTES)
    for survey in surveys:
        for breakdown in breakdowns:
            title = _NAMES[breakdown]
            yield Subtitle(title if len(surveys) == 1 else f"{title} ({survey_name(survey.revision)})")
            rows = survey.tables.get(breakdown, ())
            yield _table(facts, survey, breakdown, rows) if rows else Paragraph(wording.BREAKDOWN_EMPTY)


def _table(facts: Facts, survey: SurveyFigures, breakdown: Breakdown, rows: tuple[Counted, ...]) -> Table:
    with_field = breakdown is Breakdown.PROCEDURE
    columns = (
        Column(wording.ORDER, 2),
        Column(_NAMES[breakdown], 10, Align.LEFT),
        *((Column(wording.FIELD, 6, Align.LEFT),) if with_field else ()),
        Column(wording.RATED, 4),
        Column(wording.SATISFIED, 4),
        Column(wording.SHARE, 4),
        Column(wording.INTERVAL, 8),
        Column(wording.AGAINST_TARGET, 5),
    )
    empty = ("",) if with_field else ()
    total = [of(survey, survey.main, name) for name in _NUMBERS]
    hidden = field(f"s{survey.revision}", "by", breakdown, "hidden")
    shown = [row for row in rows if is_shown(row)]
    others = (Row(("", wording.OTHERS.replace("{hidden}", hidden), *empty, *[wording.HIDDEN] * len(_NUMBERS))),)
    return Table(
        columns,
        (
            *(_row(facts, survey, breakdown, place, row) for place, row in enumerate(shown, start=1)),
            *(others if len(shown) < len(rows) else ()),
            Row(("", wording.TOTAL, *empty, *total), bold=True),
        ),
        wording.HIDDEN_NOTE if len(shown) < len(rows) else "",
    )


def _row(facts: Facts, survey: SurveyFigures, breakdown: Breakdown, place: int, row: Counted) -> Row:
    name = literal(facts.names.row(breakdown, row.key))
    fields = (literal(facts.field_of.get(row.key or "", "")),) if breakdown is Breakdown.PROCEDURE else ()
    begin = (f"s{survey.revision}", "by", breakdown, escaped(row.key))
    return Row((f"{place}", name, *fields, *(field(*begin, each) for each in _NUMBERS)))
