"""The figures of a time as text for a person, in Vietnamese. Pure."""

from collections.abc import Iterator

from sync_server.core.columns import aligned
from sync_server.core.figures.coverage import Forms
from sync_server.core.figures.indicators import score
from sync_server.core.figures.period import Breakdown, CriterionFigures, PeriodFigures, Row, SurveyFigures
from sync_server.core.figures.period_names import PeriodNames
from sync_server.core.figures.period_wording import (
    EXCLUDED,
    FEW,
    FORMS_UNCOUNTED,
    HIDDEN,
    HIDDEN_NOTE,
    INDICATORS_TITLE,
    LABELLED,
    LABELS,
    LEFT_OUT,
    NO_VOTES,
    OFFICIAL,
    OUTCOMES,
    OUTCOMES_TITLE,
    POINTS_IN_ALL,
    RAW,
    REASONS_TITLE,
    SERVED,
    SURVEY,
    TARGET,
    TITLES,
    UNKNOWN_SURVEY,
    UNREVIEWED,
)
from sync_server.core.figures.sipas import pooled_index
from sync_server.core.figures.surveyed_indicators import surveyed_points
from sync_server.core.figures.wording import (
    ANSWER_RATE,
    BEYOND_SERVED,
    BLANK,
    FORMS_ISSUED,
    FORMS_RETURNED,
    INDEX,
    INDICATORS,
    LEVEL,
    RETURN_RATE,
    VERDICTS,
    change_sentence,
)
from sync_server.core.rounding import Rounding, count_text, decimal_text, interval_text
from sync_server.core.wording import INTERVAL, NAME, SATISFIED, SHARE, UNDATED, VOTES, VOTES_SHORT


def period_as_text(figures: PeriodFigures, names: PeriodNames, label: str) -> str:
    """Return tables, each under its title; ends in a newline."""
    rules = figures.rules
    rounding = Rounding(rules.rounding, rules.decimals)
    lines = [
        f"{names.office} · {names.unit}",
        f"{label} ({figures.first:%d/%m/%Y} – {figures.last:%d/%m/%Y})",
        "",
        *aligned(list(_summary(figures, rounding))),
    ]
    if not figures.surveys:
        lines += ["", NO_VOTES]
    for survey in figures.surveys:
        if len(figures.surveys) > 1:
            lines += ["", SURVEY.format(survey.revision)]
        lines += _survey(survey, names, figures, rounding)
    if figures.reasons:
        reasons = [[names.reason(reason), count_text(votes)] for reason, votes in figures.reasons.items()]
        lines += ["", REASONS_TITLE, *aligned(reasons)]
    return "\n".join(lines) + "\n"


def _summary(figures: PeriodFigures, rounding: Rounding) -> Iterator[list[str]]:
    for outcome, name in OUTCOMES.items():
        yield [f"{OUTCOMES_TITLE}: {name}", count_text(figures.outcomes[outcome])]
    yield [EXCLUDED, count_text(figures.excluded_votes)]
    for label, votes in figures.excluded.items():
        yield [f"  {LABELS.get(label, label)}", count_text(votes)]
    yield [LABELLED, count_text(figures.labelled)]
    yield [UNREVIEWED, count_text(figures.unreviewed)]
    coverage = figures.coverage
    yield [SERVED, count_text(coverage.served)]
    yield [ANSWER_RATE, rounding.percent_text(coverage.rate)]
    if coverage.served and coverage.beyond:
        yield [BEYOND_SERVED, count_text(coverage.beyond)]
    if figures.forms.are_any:
        yield from _forms(figures.forms, rounding)
    for what, votes in ((UNDATED, figures.undated), (UNKNOWN_SURVEY, figures.unknown_survey)):
        if votes:
            yield [what, count_text(votes)]


def _forms(forms: Forms, rounding: Rounding) -> Iterator[list[str]]:
    if forms.issued or forms.returned:
        yield [FORMS_ISSUED, count_text(forms.issued)]
        yield [FORMS_RETURNED, count_text(forms.returned)]
        yield [RETURN_RATE, rounding.percent_text(forms.coverage.rate)]
    if forms.returned_uncounted:
        yield [FORMS_UNCOUNTED, count_text(forms.returned_uncounted)]


def _survey(survey: SurveyFigures, names: PeriodNames, figures: PeriodFigures, rounding: Rounding) -> Iterator[str]:
    for criterion in survey.criteria:
        yield ""
        yield criterion.asked.question.get("vi") or criterion.asked.criterion
        yield from aligned(list(_criterion(criterion, rounding)))
        yield change_sentence(criterion.change, rounding)
        target = f"{decimal_text(figures.rules.target)}%"
        yield f"{TARGET} {target}: {VERDICTS[criterion.verdict]}"
    yield from _indices(survey, rounding)
    hidden = False
    for breakdown, rows in survey.tables.items():
        if not rows:
            continue
        yield ""
        yield TITLES[breakdown]
        heading = [NAME, VOTES_SHORT, SATISFIED, SHARE]
        shown = [_row(row, names, breakdown, rounding) for row in rows if not row.is_hidden]
        few = len(rows) - len(shown)
        others = [[FEW[breakdown].format(count_text(few)), *[HIDDEN] * 3]] if few else []
        yield from aligned([heading, *shown, *others])
        hidden = hidden or few > 0
    if hidden:
        yield ""
        yield HIDDEN_NOTE.format(HIDDEN, figures.rules.least_shown)


def _indices(survey: SurveyFigures, rounding: Rounding) -> Iterator[str]:
    if len(survey.criteria) > 1:
        index = pooled_index([criterion.official for criterion in survey.criteria])
        yield ""
        yield f"{INDEX}: {rounding.percent_text(index)}"
    points = surveyed_points(survey)
    if not points:
        return
    scored = score(points)
    rows = [
        [f"{indicator.value}. {INDICATORS[indicator]}", decimal_text(average)]
        for indicator, average in scored.averages.items()
    ]
    if scored.total is not None:
        rows.append([POINTS_IN_ALL.format(scored.attainable), decimal_text(scored.total)])
    yield ""
    yield INDICATORS_TITLE
    yield from aligned(rows)
    if scored.left_out:
        yield LEFT_OUT.format(", ".join(str(indicator.value) for indicator in scored.left_out))


def _criterion(criterion: CriterionFigures, rounding: Rounding) -> Iterator[list[str]]:
    official, raw = criterion.official, criterion.raw
    yield [LEVEL, OFFICIAL, SHARE, INTERVAL, RAW, SHARE]
    for place in reversed(range(len(official.levels))):
        name = criterion.asked.levels[place].get("vi") or f"{LEVEL} {place + 1}"
        yield [
            name,
            count_text(official.levels[place]),
            rounding.percent_text(official.share_of(place)),
            interval_text(official.interval_of(place)),
            count_text(raw.levels[place]),
            rounding.percent_text(raw.share_of(place)),
        ]
    yield [
        SATISFIED,
        count_text(official.satisfied),
        rounding.percent_text(official.share),
        interval_text(official.interval),
        count_text(raw.satisfied),
        rounding.percent_text(raw.share),
    ]
    yield [VOTES, count_text(official.answered), "", "", count_text(raw.answered), ""]
    yield [BLANK, count_text(official.blank), "", "", count_text(raw.blank), ""]


def _row(row: Row, names: PeriodNames, breakdown: Breakdown, rounding: Rounding) -> list[str]:
    return [
        names.row(breakdown, row.key),
        count_text(row.answered or 0),
        count_text(row.satisfied or 0),
        rounding.percent_text(row.share),
    ]
