"""What an office says is followed as far as this kiosk can, and refused with a reason where it cannot."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.core.setups import Arrangement, arrange, objection
from kiosk.core.survey import LANGUAGES, SURVEY
from protocol.codec import decode
from protocol.messages import (
    CounterSetup,
    CriterionSetup,
    LevelSetup,
    Look,
    OfficerSetup,
    ReasonSetup,
    Setup,
    SurveySetup,
    Texts,
    Thresholds,
)

BOTH: Texts = {"vi": "Hài lòng", "en": "Satisfied"}
LEVELS = tuple(LevelSetup(level, BOTH) for level in SURVEY.levels)
OVERALL = CriterionSetup("overall", BOTH, LEVELS)
USUAL = Arrangement("UBND", "Một cửa", counter=2, field="Hộ tịch")
GOOD = Setup(
    revision=4,
    survey=SurveySetup(revision=3, languages=("vi", "en"), criteria=(OVERALL,)),
    look=Look("UBND XÃ VÍ DỤ", "Bộ phận Một cửa"),
    counters=(CounterSetup(1, "an", "Đất đai"), CounterSetup(2, "binh", "Tư pháp")),
    officers=(OfficerSetup("an", "Nguyễn Văn An", "Công chức"), OfficerSetup("binh", "Trần Bình", "Công chức")),
    thresholds=Thresholds(rating=45),
)


def asking(**changes: Any) -> Setup:
    return replace(GOOD, survey=replace(GOOD.survey, **changes))


def test_a_good_setup_has_no_objection_and_is_followed() -> None:
    assert objection(GOOD, 2) == objection(GOOD, None) == ""
    arranged = arrange(USUAL, GOOD)
    assert (arranged.office, arranged.unit, arranged.field) == ("UBND XÃ VÍ DỤ", "Bộ phận Một cửa", "Tư pháp")
    assert (arranged.counter, arranged.revision, arranged.thresholds.rating) == (2, 4, 45)
    assert (arranged.survey.revision, arranged.survey.levels) == (3, SURVEY.levels)


def test_a_kiosk_for_the_whole_room_has_no_field() -> None:
    assert arrange(Arrangement("UBND", "Một cửa"), GOOD).field == ""


@pytest.mark.parametrize(
    ("setup", "why"),
    [
        (replace(GOOD, look=Look(" ", "Một cửa")), "the header would be empty"),
        (replace(GOOD, look=Look("UBND", "")), "the header would be empty"),
        (asking(languages=("vi", "fr", "zh")), "the screens do not speak fr, zh"),
        (asking(criteria=(OVERALL, OVERALL)), "this kiosk asks for 'overall' and nothing else"),
        (asking(criteria=(replace(OVERALL, criterion="time"),)), "this kiosk asks for 'overall' and nothing else"),
        (
            asking(criteria=(replace(OVERALL, levels=LEVELS[:2]),)),
            "this kiosk shows the levels 1, 2, 3, 4, 5, worst first, and no others",
        ),
        (
            asking(criteria=(replace(OVERALL, levels=LEVELS[::-1]),)),
            "this kiosk shows the levels 1, 2, 3, 4, 5, worst first, and no others",
        ),
        (
            asking(criteria=(replace(OVERALL, question={"vi": "Có hài lòng không?"}),)),
            "a text is missing in one of its languages",
        ),
        (asking(reasons=(ReasonSetup("waiting", {"en": "A wait"}),)), "a text is missing in one of its languages"),
        (replace(GOOD, counters=GOOD.counters * 2), "a counter is listed twice"),
        (replace(GOOD, officers=GOOD.officers * 2), "an officer is listed twice"),
        (replace(GOOD, officers=GOOD.officers[:1]), "a counter has an officer who is not listed"),
        (replace(GOOD, counters=GOOD.counters[:1]), "there is no counter 2, where this kiosk stands"),
    ],
)
def test_what_the_kiosk_cannot_follow_is_refused_with_the_reason(setup: Setup, why: str) -> None:
    assert objection(setup, 2) == why


def test_a_question_in_one_of_the_languages_is_enough_if_no_other_is_asked_for() -> None:
    in_vietnamese = CriterionSetup("overall", {"vi": "?"}, tuple(LevelSetup(n, {"vi": "!"}) for n in SURVEY.levels))
    assert objection(asking(languages=("vi",), criteria=(in_vietnamese,)), 2) == ""


def test_the_golden_sample_s_scale_of_two_levels_is_not_for_this_firmware() -> None:
    sample = Path(__file__).parents[2] / "protocol" / "samples" / "v1" / "setup.json"
    assert "levels" in objection(decode(sample.read_bytes(), Setup), None)


@given(
    counters=st.lists(st.integers(1, 9), max_size=5),
    officers=st.lists(st.sampled_from("abc"), max_size=4),
    served_by=st.sampled_from("abc"),
    languages=st.lists(st.sampled_from(["vi", "en", "fr"]), min_size=1, max_size=3),
    counter=st.none() | st.integers(1, 9),
)
def test_what_is_followed_fits_this_kiosk(
    counters: list[int], officers: list[str], served_by: str, languages: list[str], counter: int | None
) -> None:
    setup = replace(
        asking(languages=tuple(languages)),
        counters=tuple(CounterSetup(number, served_by, f"field {number}") for number in counters),
        officers=tuple(OfficerSetup(officer, "name", "title") for officer in officers),
    )
    usual = Arrangement("UBND", "Một cửa", counter=counter, field="as its settings say")
    if objection(setup, counter):
        return
    assert set(languages) <= set(LANGUAGES)
    assert len(set(counters)) == len(counters)
    arranged = arrange(usual, setup)
    assert arranged.counter == counter
    assert arranged.field == ("as its settings say" if counter is None else f"field {counter}")
