"""Phụ lục: Mẫu 01, 02 and 03 with the nine indicators of TT 01/2018/TT-VPCP, where a survey asks for them. Pure.

Mẫu 01 has a line a case; such a line is one person's answer, so that averages of officers stand in its place.
"""

from collections.abc import Iterator
from fractions import Fraction

from sync_server.core.decisions import wording
from sync_server.core.decisions.annex_children import ranking
from sync_server.core.decisions.document import Align, Block, Column, Paragraph, Row, Subtitle, Table
from sync_server.core.decisions.facts import Child, Facts
from sync_server.core.decisions.fields import literal
from sync_server.core.decisions.lines import field, level_name, of, question, survey_name
from sync_server.core.decisions.officer_points import shown_officers
from sync_server.core.decisions.offices import in_text
from sync_server.core.decisions.values import escaped
from sync_server.core.figures.indicators import OF_AN_OFFICER, Indicator, Score, officer_band, score, unit_band
from sync_server.core.figures.period import Breakdown, CriterionFigures, SurveyFigures
from sync_server.core.figures.surveyed_indicators import surveyed_points
from sync_server.core.figures.wording import INDICATORS, OFFICER_BANDS, UNIT_BANDS
from sync_server.core.rounding import NO_NUMBER, decimal_text

MOST = "2"  # points of an indicator
_ALL_POINTS = "18"
_OFFICER_ORDER = tuple(sorted(OF_AN_OFFICER))
_SCORED = (*(f"{indicator.value}" for indicator in Indicator), "total", "band")


def has_any(facts: Facts) -> bool:
    """Whether any survey of the time asks for an indicator."""
    return any(surveyed_points(survey) for survey in facts.figures.surveys)


def blocks(facts: Facts) -> Iterator[Block]:
    """Yield the forms of each survey that asks for indicators."""
    surveys = [survey for survey in facts.figures.surveys if surveyed_points(survey)]
    for survey in surveys:
        if len(surveys) > 1:
            yield Subtitle(survey_name(survey.revision))
        if facts.figures.rules.by_officer and facts.officer_points.get(survey.revision):
            yield Subtitle(wording.FORM_1)
            yield _form_1(facts, survey)
        yield Subtitle(wording.FORM_2)
        yield Paragraph(wording.NUMBER_OF_FORMS.replace("{}", field(f"s{survey.revision}", "votes")))
        yield _form_2(survey)
        satisfaction = _satisfaction(survey)
        if satisfaction is not None:
            yield Subtitle(f"{wording.LEVELS_PART}: {literal(question(satisfaction))}")
            yield _levels(survey, satisfaction)
        yield Subtitle(wording.FORM_3)
        yield _form_3(facts, survey, satisfaction)


def stated(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the values of these fields."""
    for survey in facts.figures.surveys:
        points = surveyed_points(survey)
        if not points:
            continue
        begin = f"stated.indicator.s{survey.revision}"
        yield from _unit_values(begin, score(points))
        officers = facts.officer_points.get(survey.revision, {})
        for officer in shown_officers(officers, facts.figures.rules.least_shown):
            scored = score(officers[officer], OF_AN_OFFICER)
            yield from _values(f"{begin}.officer.{escaped(officer)}", scored)
            total = scored.total
            band = NO_NUMBER if total is None else OFFICER_BANDS[officer_band(total)]
            yield f"{begin}.officer.{escaped(officer)}.band", band
    scores = [score(child.points) for child in facts.children]
    ranks = ranking([None if each.total is None else Fraction(each.total) for each in scores])
    for child, scored, rank in zip(facts.children, scores, ranks, strict=True):
        begin = f"stated.indicator.child.{escaped(child.site)}"
        yield from _unit_values(begin, scored)
        yield f"{begin}.rank", rank


def _unit_values(begin: str, scored: Score) -> Iterator[tuple[str, str]]:
    yield from _values(begin, scored)
    yield f"{begin}.band", NO_NUMBER if scored.total is None else UNIT_BANDS[unit_band(scored.total)]


def _values(begin: str, scored: Score) -> Iterator[tuple[str, str]]:
    for indicator in Indicator:
        average = scored.averages.get(indicator)
        yield f"{begin}.{indicator.value}", NO_NUMBER if average is None else decimal_text(average)
    yield f"{begin}.total", NO_NUMBER if scored.total is None else decimal_text(scored.total)


def _form_1(facts: Facts, survey: SurveyFigures) -> Table:
    officers = facts.officer_points[survey.revision]
    shown = shown_officers(officers, facts.figures.rules.least_shown)
    names = [*(f"{indicator.value}" for indicator in _OFFICER_ORDER), "total", "band"]
    rows = []
    for place, officer in enumerate(sorted(officers), start=1):
        begin = ("stated.indicator", f"s{survey.revision}", "officer", escaped(officer))
        numbers = [field(*begin, name) if officer in shown else wording.HIDDEN for name in names]
        rows.append(Row((f"{place}", literal(facts.names.row(Breakdown.OFFICER, officer)), *numbers)))
    titles = [wording.INDICATOR.format(indicator.value) for indicator in _OFFICER_ORDER]
    return Table(
        (
            Column(wording.ORDER, 2),
            Column(wording.OFFICER, 8, Align.LEFT),
            *(Column(title, 3) for title in titles),
            Column(wording.POINTS_OF_OFFICER, 4),
            Column(wording.OFFICER_BAND, 8),
        ),
        tuple(rows),
        wording.FORM_1_NOTE,
    )


def _form_2(survey: SurveyFigures) -> Table:
    begin = ("stated.indicator", f"s{survey.revision}")
    asked = surveyed_points(survey)
    rows = [
        Row(
            (
                f"{indicator.value}",
                INDICATORS[indicator],
                MOST,
                field(*begin, indicator.value),
                "",
                "" if indicator in asked else wording.NO_DATA,
            )
        )
        for indicator in Indicator
    ]
    return Table(
        (
            Column(wording.INDICATOR.format("").strip(), 2),
            Column(wording.INDICATOR_NAME, 10, Align.LEFT),
            Column(wording.STANDARD, 3),
            Column(wording.SELF_SCORED, 3),
            Column(wording.APPRAISED, 3),
            Column(wording.REMARK, 4),
        ),
        (
            *rows,
            Row(("", wording.TOTAL, _ALL_POINTS, field(*begin, "total"), "", ""), bold=True),
            Row(("", wording.BAND, "", field(*begin, "band"), "", ""), bold=True),
        ),
        wording.FORM_2_NOTE,
    )


def _satisfaction(survey: SurveyFigures) -> CriterionFigures | None:
    """Return the first question that is no indicator."""
    return next((each for each in survey.criteria if not each.asked.criterion.startswith("indicator-")), None)


def _levels(survey: SurveyFigures, criterion: CriterionFigures) -> Table:
    places = range(len(criterion.asked.levels))
    columns = tuple(Column(literal(level_name(criterion, place)), 3) for place in places)
    return Table(columns, (Row(tuple(_level(survey, criterion, place) for place in places)),))


def _level(survey: SurveyFigures, criterion: CriterionFigures, place: int) -> str:
    return of(survey, criterion, f"level.{place + 1}.percent")


def _form_3(facts: Facts, survey: SurveyFigures, satisfaction: CriterionFigures | None) -> Table:
    children = [child for child in facts.children if child.points]
    if children:
        levels = [Column(wording.SHARE, 3)]
        rows = [_child_row(place, child) for place, child in enumerate(children, start=1)]
    else:
        places = () if satisfaction is None else tuple(range(len(satisfaction.asked.levels)))
        levels = [Column(literal(level_name(satisfaction, place)), 3) for place in places if satisfaction is not None]
        shares = [_level(survey, satisfaction, place) for place in places if satisfaction is not None]
        begin = ("stated.indicator", f"s{survey.revision}")
        own = literal(in_text(facts.letterhead.office))
        rows = [Row(("1", own, *(field(*begin, name) for name in _SCORED), NO_NUMBER, *shares))]
    return Table(
        (
            Column(wording.ORDER, 2),
            Column(wording.UNIT, 7, Align.LEFT),
            *(Column(f"{indicator.value}", 2) for indicator in Indicator),
            Column(wording.POINTS_IN_ALL, 3),
            Column(wording.BAND, 4),
            Column(wording.RANKING, 3),
            *levels,
        ),
        tuple(rows),
    )


def _child_row(place: int, child: Child) -> Row:
    begin = ("stated.indicator.child", escaped(child.site))
    share = field("stated.child", escaped(child.site), "percent")
    scored = (field(*begin, name) for name in (*_SCORED, "rank"))
    return Row((f"{place}", literal(child.office), *scored, share))
