"""Which officers' points may be shown: nobody's of few answers, and none that the others give away. Pure."""

from collections.abc import Mapping

from sync_server.core.figures.indicators import Indicator, Points

_FEWEST_HIDDEN = 2  # of one alone the points follow from those of the office and all others

OfficerPoints = Mapping[str, Mapping[Indicator, Points]]


def shown_officers(points: OfficerPoints, least: int) -> frozenset[str]:
    """Return the officers of whom every indicator that has answers has at least so many."""
    fewest = {officer: _fewest(each) for officer, each in points.items()}
    shown = [officer for officer in sorted(fewest, key=lambda officer: (fewest[officer], officer))]
    hidden = sum(fewest[officer] < least for officer in shown)
    if hidden:
        hidden = max(hidden, _FEWEST_HIDDEN)
    return frozenset(shown[hidden:])


def _fewest(points: Mapping[Indicator, Points]) -> int:
    return min((each.cases for each in points.values() if each.cases), default=0)
