"""Phụ lục: results by question and level, each survey apart, and how many forms were handed out. Pure."""

from collections.abc import Iterator

from sync_server.core.decisions import wording
from sync_server.core.decisions.document import Align, Block, Column, Paragraph, Row, Subtitle, Table
from sync_server.core.decisions.facts import Facts
from sync_server.core.decisions.fields import literal
from sync_server.core.decisions.lines import field, level_name, of, question, survey_name
from sync_server.core.figures.period import CriterionFigures, SurveyFigures

_COLUMNS = (
    Column(wording.LEVEL, 5, Align.LEFT),
    Column(wording.COUNT, 2),
    Column(wording.SHARE, 2),
)


def blocks(facts: Facts) -> Iterator[Block]:
    """Yield the blocks."""
    surveys = facts.figures.surveys
    if not surveys:
        yield Paragraph(wording.NO_VOTES)
    for survey in surveys:
        if len(surveys) > 1:
            yield Subtitle(survey_name(survey.revision))
        for place, criterion in enumerate(survey.criteria, start=1):
            yield Subtitle(f"{place}. {literal(question(criterion))}")
            yield _table(survey, criterion)
            yield Paragraph(_judged(survey, criterion))
    if facts.figures.forms.are_any:
        yield Paragraph(wording.FORMS)


def _table(survey: SurveyFigures, criterion: CriterionFigures) -> Table:
    levels = [
        Row(
            (
                literal(level_name(criterion, place)),
                of(survey, criterion, f"level.{place + 1}"),
                of(survey, criterion, f"level.{place + 1}.percent"),
            )
        )
        for place in reversed(range(len(criterion.asked.levels)))
    ]
    satisfied = (of(survey, criterion, "satisfied"), of(survey, criterion, "percent"))
    return Table(
        _COLUMNS,
        (
            *levels,
            Row((wording.SATISFIED_OR_BETTER, *satisfied), bold=True),
            Row((wording.ANSWERED, of(survey, criterion, "answered"), ""), bold=True),
            Row((wording.BLANK, of(survey, criterion, "blank"), "")),
        ),
    )


def _judged(survey: SurveyFigures, criterion: CriterionFigures) -> str:
    begin = ("stated", f"s{survey.revision}", criterion.asked.criterion)
    return wording.JUDGED.format(
        levels=field(*begin, "satisfied_levels"),
        interval=of(survey, criterion, "interval"),
        verdict=of(survey, criterion, "verdict"),
        change=field(*begin, "change"),
    )
