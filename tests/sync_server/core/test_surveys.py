"""What may be asked, and that the surveys that ship can be asked at every kiosk."""

from pathlib import Path

import msgspec
import pytest

from kiosk.core.setups import objection
from kiosk.languages import LANGUAGES
from protocol.messages import Look, Setup
from protocol.settings_file import read_settings
from sync_server.core.surveys import FIRST_REVISION, FIRST_SURVEY, SURVEYS, Criterion, Reason, Survey

SHIPPED = sorted((Path(__file__).parents[3] / "deploy" / "surveys").glob("*.toml"))
BOTH = {"vi": "Có", "en": "Yes"}
TIME = Criterion("time", BOTH, (BOTH, BOTH, BOTH), (2, 3))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_survey_can_be_asked(path: Path) -> None:
    survey = read_settings(path, Survey)
    setup = Setup(revision=1, survey=survey.setup(2), look=Look("A", "B"))
    assert objection(setup, None, LANGUAGES) == ""


def test_surveys_ship_with_two_to_five_levels_and_stars() -> None:
    shipped = [read_settings(path, Survey).criteria for path in SHIPPED]
    assert {len(asked.levels) for criteria in shipped for asked in criteria} == {3, 4, 5}
    assert any(asked.stars for criteria in shipped for asked in criteria)
    assert {len(criteria) for criteria in shipped} == {1, 5}


def test_the_first_survey_is_the_shipped_one_of_five_levels() -> None:
    assert read_settings(next(path for path in SHIPPED if path.stem == "five-levels"), Survey) == FIRST_SURVEY
    assert SURVEYS == {FIRST_REVISION: FIRST_SURVEY}


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({}, None),
        ({"time": 1}, None),
        ({"time": 3}, None),
        ({"time": 4}, "a level that the survey does not have"),
        ({"time": 3, "place": 1}, "answers a question that the survey does not ask"),
    ],
)
def test_answers_must_be_to_the_questions(answers: dict[str, int], reason: str | None) -> None:
    assert Survey((TIME,)).objection(answers) == reason


@pytest.mark.parametrize(
    ("criteria", "reasons", "message"),
    [
        ((TIME, TIME), (), "criteria: 'time' stands twice"),
        ((TIME,), (Reason("late", BOTH), Reason("late", BOTH)), "reasons: 'late' stands twice"),
        ((TIME,), (Reason("late", {"vi": "Trễ"}),), "reason 'late': expected a text in each of vi, en"),
        (
            (Criterion("time", {**BOTH, "fr": "Oui"}, (BOTH, BOTH), (2,)),),
            (),
            "question of 'time': expected a text in each of vi, en, and in no other",
        ),
    ],
)
def test_a_survey_that_makes_no_sense_is_refused(
    criteria: tuple[Criterion, ...], reasons: tuple[Reason, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Survey(criteria, reasons=reasons)


def test_the_first_question_stands_for_all() -> None:
    assert Survey((TIME, msgspec.structs.replace(TIME, criterion="place"))).main == "time"
