"""The figures of a time as JSON for programs. Pure.

Keys: `site`, `office`, `unit`, `time`, `first_day`, `last_day`, `rules`, `outcomes`, `excluded` (votes by label),
`excluded_votes`, `labelled` (votes with a label), `unreviewed` (those with one that nobody has decided on), `undated`,
`unknown_survey`, `cases_served`, `answer_rate`, `forms` (on paper), `cases` (see `on_time_renderings`), `reasons`,
`surveys`. A survey holds `revision`, `votes`, `raw_votes`, `criteria` and `tables`. Counts and percentages of what is
hidden are null, and percentages are texts with the declared decimals.
"""

import json
from fractions import Fraction

from sync_server.core.figures.answers import Answers
from sync_server.core.figures.on_time import OnTimeFigures
from sync_server.core.figures.on_time_renderings import on_time_values
from sync_server.core.figures.period import Breakdown, CriterionFigures, PeriodFigures, Row, SurveyFigures
from sync_server.core.figures.period_names import PeriodNames
from sync_server.core.rounding import Rounding


def period_as_json(figures: PeriodFigures, names: PeriodNames, time: str, cases: OnTimeFigures) -> str:
    """Return a JSON object, ending in a newline; the keys stand in this module's docstring."""
    rules = figures.rules
    rounding = Rounding(rules.rounding, rules.decimals)
    return (
        json.dumps(
            {
                "site": names.site,
                "office": names.office,
                "unit": names.unit,
                "time": time,
                "first_day": figures.first.isoformat(),
                "last_day": figures.last.isoformat(),
                "rules": {
                    "period": rules.period,
                    "rounding": rules.rounding,
                    "decimals": rules.decimals,
                    "target": str(rules.target),
                    "excluded": list(rules.excluded),
                    "least_shown": rules.least_shown,
                },
                "outcomes": figures.outcomes,
                "excluded": figures.excluded,
                "excluded_votes": figures.excluded_votes,
                "labelled": figures.labelled,
                "unreviewed": figures.unreviewed,
                "undated": figures.undated,
                "unknown_survey": figures.unknown_survey,
                "cases_served": figures.coverage.served,
                "answer_rate": _percent(figures.coverage.rate, rounding),
                "forms": {
                    "issued": figures.forms.issued,
                    "returned": figures.forms.returned,
                    "returned_uncounted": figures.forms.returned_uncounted,
                    "return_rate": _percent(figures.forms.coverage.rate, rounding),
                },
                "cases": on_time_values(cases, names, rounding),
                "reasons": figures.reasons,
                "surveys": [_survey(survey, names, rounding) for survey in figures.surveys],
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _survey(survey: SurveyFigures, names: PeriodNames, rounding: Rounding) -> dict[str, object]:
    return {
        "revision": survey.revision,
        "votes": survey.votes,
        "raw_votes": survey.raw_votes,
        "criteria": [_criterion(criterion, rounding) for criterion in survey.criteria],
        "tables": {
            breakdown: [_row(row, names, breakdown, rounding) for row in rows]
            for breakdown, rows in survey.tables.items()
        },
    }


def _criterion(criterion: CriterionFigures, rounding: Rounding) -> dict[str, object]:
    change = criterion.change
    return {
        "criterion": criterion.asked.criterion,
        "question": criterion.asked.question,
        "levels": list(criterion.asked.levels),
        "satisfied": sorted(criterion.asked.satisfied),
        "official": _answers(criterion.official, rounding),
        "raw": _answers(criterion.raw, rounding),
        "change": None
        if change is None
        else {
            "points": str(rounding.percent(change.difference)),
            "probability": change.probability,
            "direction": change.direction,
        },
        "verdict": criterion.verdict,
    }


def _answers(answers: Answers, rounding: Rounding) -> dict[str, object]:
    interval = answers.interval
    return {
        "levels": list(answers.levels),
        "percentages": [_percent(answers.share_of(place), rounding) for place in range(len(answers.levels))],
        "satisfied": answers.satisfied,
        "answered": answers.answered,
        "blank": answers.blank,
        "percent": _percent(answers.share, rounding),
        "interval": None if interval is None else [round(interval.low * 100, 1), round(interval.high * 100, 1)],
    }


def _row(row: Row, names: PeriodNames, breakdown: Breakdown, rounding: Rounding) -> dict[str, object]:
    return {
        "key": row.key,
        "name": names.row(breakdown, row.key),
        "satisfied": row.satisfied,
        "answered": row.answered,
        "percent": _percent(row.share, rounding),
    }


def _percent(share: Fraction | None, rounding: Rounding) -> str | None:
    return None if share is None else str(rounding.percent(share))
