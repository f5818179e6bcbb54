"""The indicators of TT 01/2018/TT-VPCP that citizens answer: criteria named indicator-1 to indicator-9. Pure."""

import re
from collections.abc import Mapping

from sync_server.core.figures.indicators import Indicator, Points
from sync_server.core.figures.period import SurveyFigures

_KEY = re.compile(r"indicator-([1-9])")
LEVELS = 3  # 0, 1 and 2 points, in this order


def surveyed_points(survey: SurveyFigures) -> Mapping[Indicator, Points]:
    """Return the official points of each indicator that a survey asks for; empty where it asks for none."""
    points = {}
    for criterion in survey.criteria:
        indicator = indicator_of(criterion.asked.criterion)
        if indicator is not None and len(criterion.official.levels) == LEVELS:
            points[indicator] = Points(*criterion.official.levels)
    return points


def indicator_of(criterion: str) -> Indicator | None:
    """Return the indicator that a criterion is named for; None for any other."""
    match = _KEY.fullmatch(criterion)
    return None if match is None else Indicator(int(match[1]))
