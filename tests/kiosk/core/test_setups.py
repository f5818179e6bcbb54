"""What an office says is followed as far as this kiosk can, and refused with a reason where it cannot."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.core.session import Rules
from kiosk.core.setups import (
    LONGEST_LABEL,
    LONGEST_QUESTION,
    LONGEST_REASON,
    MOST_COUNTERS_SHOWN,
    MOST_REASONS_SHOWN,
    Arrangement,
    arrange,
    objection,
)
from kiosk.core.survey import Criterion, Reason, Survey
from kiosk.languages import LANGUAGES
from protocol.codec import decode
from protocol.messages import (
    CounterSetup,
    CriterionSetup,
    LevelSetup,
    Look,
    OfficerSetup,
    OpeningHours,
    Published,
    ReasonSetup,
    Setup,
    SurveySetup,
    Texts,
    Thresholds,
)

BOTH: Texts = {"vi": "Hài lòng", "en": "Satisfied"}
SCALE = (1, 2, 3, 4, 5)
LEVELS = tuple(LevelSetup(level, BOTH) for level in SCALE)
OVERALL = CriterionSetup("overall", BOTH, LEVELS)
NO_ROOM = "the screen of a kiosk for the whole room has room for 12 counters"
USUAL = Arrangement("UBND", "Một cửa", counter=2, field="Hộ tịch")
GOOD = Setup(
    revision=4,
    survey=SurveySetup(revision=3, languages=("vi", "en"), criteria=(OVERALL,)),
    look=Look("UBND XÃ VÍ DỤ", "Bộ phận Một cửa"),
    counters=(CounterSetup(1, "an", "Đất đai"), CounterSetup(2, "binh", "Tư pháp")),
    officers=(OfficerSetup("an", "Nguyễn Văn An", "Công chức"), OfficerSetup("binh", "Trần Bình", "Công chức")),
    thresholds=Thresholds(rating=45),
)


def long(letters: int) -> Texts:
    return {"vi": "Ngắn", "en": "x" * letters}


def asking(**changes: Any) -> Setup:
    return replace(GOOD, survey=replace(GOOD.survey, **changes))


def test_a_good_setup_has_no_objection_and_is_followed() -> None:
    assert objection(GOOD, 2, LANGUAGES) == objection(GOOD, None, LANGUAGES) == ""
    arranged = arrange(USUAL, GOOD)
    assert (arranged.office, arranged.unit, arranged.field) == ("UBND XÃ VÍ DỤ", "Bộ phận Một cửa", "Tư pháp")
    assert (arranged.counter, arranged.revision, arranged.thresholds.rating) == (2, 4, 45)
    overall = Criterion("overall", SCALE, question=BOTH, labels=dict.fromkeys(SCALE, BOTH))
    assert arranged.survey == Survey(3, (overall,))


def test_a_kiosk_for_the_whole_room_has_no_field() -> None:
    assert arrange(Arrangement("UBND", "Một cửa"), GOOD).field == ""


@pytest.mark.parametrize(
    ("setup", "why"),
    [
        (replace(GOOD, look=Look(" ", "Một cửa")), "the header would be empty"),
        (replace(GOOD, look=Look("UBND", "")), "the header would be empty"),
        (asking(languages=("vi", "fr", "zh")), "the screens do not speak fr, zh"),
        (asking(criteria=(OVERALL, OVERALL)), "a question is asked twice"),
        *(
            (
                asking(criteria=(OVERALL, replace(OVERALL, criterion="time", levels=levels))),
                "the levels of 'time' do not stand worst first, each once",
            )
            for levels in (LEVELS[::-1], (LEVELS[0], LEVELS[0]))
        ),
        (asking(reasons=(ReasonSetup("waiting", BOTH),) * 2), "a reason is listed twice"),
        (
            asking(reasons=tuple(ReasonSetup(f"reason-{place}", BOTH) for place in range(MOST_REASONS_SHOWN + 1))),
            "the screen has room for 8 reasons",
        ),
        (
            asking(criteria=(replace(OVERALL, question=long(LONGEST_QUESTION + 1)),)),
            "a question is longer than 120 characters",
        ),
        (
            asking(criteria=(replace(OVERALL, levels=(LEVELS[0], LevelSetup(2, long(LONGEST_LABEL + 1)))),)),
            "a level is longer than 32 characters",
        ),
        (asking(reasons=(ReasonSetup("waiting", long(LONGEST_REASON + 1)),)), "a reason is longer than 48 characters"),
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
    assert objection(setup, 2, LANGUAGES) == why


def test_a_question_in_one_of_the_languages_is_enough_if_no_other_is_asked_for() -> None:
    in_vietnamese = CriterionSetup("overall", {"vi": "?"}, tuple(LevelSetup(n, {"vi": "!"}) for n in SCALE))
    assert objection(asking(languages=("vi",), criteria=(in_vietnamese,)), 2, LANGUAGES) == ""


def test_texts_may_be_as_long_as_the_screen_has_room_for() -> None:
    fitting = asking(
        criteria=(replace(OVERALL, question=long(LONGEST_QUESTION), levels=(LevelSetup(1, long(LONGEST_LABEL)),)),),
        reasons=tuple(ReasonSetup(f"reason-{place}", long(LONGEST_REASON)) for place in range(MOST_REASONS_SHOWN)),
    )
    assert objection(fitting, 2, LANGUAGES) == ""


@pytest.mark.parametrize(("counters", "why"), [(MOST_COUNTERS_SHOWN, ""), (MOST_COUNTERS_SHOWN + 1, NO_ROOM)])
def test_only_a_kiosk_for_the_whole_room_has_to_show_every_counter(counters: int, why: str) -> None:
    setup = replace(GOOD, counters=tuple(CounterSetup(number, "an", "Đất đai") for number in range(1, counters + 1)))
    assert objection(setup, None, LANGUAGES) == why
    assert objection(setup, 2, LANGUAGES) == ""


def test_the_golden_sample_can_be_followed() -> None:
    sample = Path(__file__).parents[2] / "protocol" / "samples" / "v1" / "setup.json"
    assert objection(decode(sample.read_bytes(), Setup), None, LANGUAGES) == ""


def test_everything_that_a_setup_says_is_put_in_force() -> None:
    hours, published = (OpeningHours(1, 420, 690),), Published(2026, 3, "91,4%", 1288)
    said = SurveySetup(
        revision=9,
        languages=("vi", "en"),
        criteria=(OVERALL, replace(OVERALL, criterion="time", levels=LEVELS[::2], stars=True)),
        reasons=(ReasonSetup("waiting", BOTH),),
        reasons_after=(1, 2),
        comments=True,
        best_first=True,
        smile=True,
        daily=True,
    )
    arranged = arrange(USUAL, replace(GOOD, survey=said, opening_hours=hours, published=published))
    assert arranged.survey == Survey(
        revision=9,
        criteria=(
            Criterion("overall", SCALE, False, BOTH, dict.fromkeys(SCALE, BOTH)),
            Criterion("time", SCALE[::2], True, BOTH, dict.fromkeys(SCALE[::2], BOTH)),
        ),
        reasons=(Reason("waiting", BOTH),),
        reasons_after=frozenset({1, 2}),
        comments=True,
        best_first=True,
        smile=True,
        daily=True,
    )
    assert (arranged.counters, arranged.opening_hours, arranged.published) == (GOOD.counters, hours, published)
    assert arranged.officers == {officer.officer: officer for officer in GOOD.officers}


def test_counters_are_to_choose_where_the_kiosk_stands_at_none() -> None:
    rules = arrange(USUAL, GOOD).rules(is_open=False, has_pin=True)
    assert rules == Rules(GOOD.thresholds, arrange(USUAL, GOOD).survey, (), is_open=False, has_pin=True)
    assert arrange(Arrangement("UBND", "Một cửa"), GOOD).rules(is_open=True, has_pin=False).counters == (1, 2)


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
    if objection(setup, counter, LANGUAGES):
        return
    assert set(languages) <= set(LANGUAGES)
    assert len(set(counters)) == len(counters)
    arranged = arrange(usual, setup)
    assert arranged.counter == counter
    assert arranged.field == ("as its settings say" if counter is None else f"field {counter}")
