"""What is asked, and in which order it stands."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.survey import SURVEY, Criterion, Reason, Survey

LEVELS = (1, 2, 3, 4, 5)
REASONS = (Reason("slow", {}),)
chosen = st.frozensets(st.sampled_from(LEVELS), min_size=1)


def test_levels_stand_worst_first_unless_the_office_wants_the_best_first() -> None:
    [asked] = SURVEY.criteria
    assert SURVEY.shown(asked) == LEVELS
    assert replace(SURVEY, best_first=True).shown(asked) == LEVELS[::-1]


def test_words_are_counted_in_the_language_that_needs_the_fewest() -> None:
    asked = tuple(
        Criterion(key, LEVELS, question=question)
        for key, question in (
            ("overall", {"vi": "Anh chị có hài lòng không?", "en": "Are you satisfied?"}),
            ("time", {"vi": "Có nhanh không?"}),
            ("place", {}),
        )
    )
    assert Survey(1, asked).words == 3 + 3
    assert SURVEY.words == 0


@given(chosen)
def test_without_reasons_and_comments_nothing_more_is_offered(levels: frozenset[int]) -> None:
    assert not SURVEY.offers_more(levels)


@given(chosen, st.sampled_from([replace(SURVEY, reasons=REASONS), replace(SURVEY, comments=True)]), chosen)
def test_more_is_offered_after_every_level_or_those_that_are_named(
    levels: frozenset[int], survey: Survey, after: frozenset[int]
) -> None:
    assert survey.offers_more(levels)
    assert replace(survey, reasons_after=after).offers_more(levels) == bool(after & levels)
