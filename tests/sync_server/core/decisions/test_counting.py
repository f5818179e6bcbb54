"""What stands beside the figures is counted as the figures are."""

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.counting import counted, points_of_officers
from sync_server.core.decisions.facts import Counted, Earlier
from sync_server.core.decisions.officer_points import shown_officers
from sync_server.core.figures.indicators import Indicator, Points
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.rules import Rules
from sync_server.core.spans import Span
from sync_server.core.surveys import FIRST_SURVEY, Surveys
from tests.sync_server.core.decisions.samples import WITH_INDICATORS
from tests.sync_server.core.figures.test_period import FIRST, LAST, SURVEYS, cast, cell, figures, votes_by_chance


@given(votes_by_chance, st.sampled_from([(), ("hasty",), ("hasty", "play")]))
def test_another_time_is_counted_as_its_own_decision_does(cells: list[VoteCell], excluded: tuple[str, ...]) -> None:
    rules = Rules(excluded=excluded)
    of_figures = {
        survey.revision: (survey.main.official.satisfied, survey.main.official.answered)
        for survey in figures(cells, rules=rules).surveys
        if survey.main.official.answered
    }
    inside = [each for each in cells if each.lies_within(FIRST, LAST)]
    beside = {each.revision: (each.satisfied, each.answered) for each in counted(inside, SURVEYS, rules)}
    assert beside == of_figures


def test_points_of_an_officer_are_counted_by_indicator() -> None:
    surveys: Surveys = {1: FIRST_SURVEY, 3: WITH_INDICATORS}
    cells = [
        cell("indicator-1", 3, 4, survey=3),
        cell("indicator-1", 1, 2, survey=3),
        cell("indicator-7", 2, 5, survey=3, officer="binh"),
        cell("indicator-7", 2, 5, survey=3, officer=None),
        cell("indicator-7", 2, 9, survey=3, labels=("hasty",)),
        cell("indicator-7", 2, 9, survey=9),
        *cast(4, 7),
    ]
    points = points_of_officers(cells, surveys, Rules(excluded=("hasty",)))
    assert points == {3: {"an": {Indicator.WHOLE_TIME: Points(2, 0, 4)}, "binh": {Indicator.ATTITUDE: Points(0, 5, 0)}}}


def test_an_earlier_time_knows_surveys_that_nobody_answered() -> None:
    earlier = Earlier(Span.parse("2026"), (Counted(1, 3, 4),))
    assert earlier.of(1).answered == 4
    assert earlier.of(2).share is None


officers = st.dictionaries(
    st.sampled_from("abcdef"),
    st.dictionaries(st.sampled_from(Indicator), st.integers(0, 9).map(lambda votes: Points(two=votes)), max_size=3),
)


@given(officers, st.integers(1, 8))
def test_no_officer_is_alone_among_the_hidden_and_none_of_few_answers_is_shown(
    points: dict[str, dict[Indicator, Points]], least: int
) -> None:
    shown = shown_officers(points, least)
    for officer in shown:
        assert all(each.cases == 0 or each.cases >= least for each in points[officer].values())
    if len(points) > 1:
        assert len(points) - len(shown) != 1


def test_only_official_answers_to_the_first_question_count() -> None:
    cells = [*cast(5, 3), *cast(1, 2), *cast(5, 4, labels=("hasty",)), *cast(2, 6, "papers", survey=2)]
    assert counted(cells, SURVEYS, Rules(excluded=("hasty",))) == (Counted(1, 3, 5),)
