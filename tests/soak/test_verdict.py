"""A run holds when nothing grew, nothing went wrong and nothing is missing; else it says what did not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.soak.audit import Audit
from tests.soak.footprint import Footprint
from tests.soak.verdict import (
    FEWEST_SESSIONS,
    MOST_GROWTH,
    MOST_MORE_OBJECTS,
    WARM_UP_SHARE,
    Figures,
    objections,
    report,
)

EVERY = 20
MEGABYTE = 10**6
RUN = Figures(
    seed=1,
    sessions=FEWEST_SESSIONS,
    seconds=100.0,
    thanked=1200,
    mishaps=0,
    stuck=(),
    readings=tuple(
        Footprint(done, 300 * MEGABYTE, 14, 8, 35, 290_000) for done in range(EVERY, FEWEST_SESSIONS + 1, EVERY)
    ),
    audit=Audit({"answered": 1200}, {}, ()),
)


def growing(share: float) -> Figures:
    """Return a run whose memory grows evenly by this share of it between the warm-up and the end."""
    span = 1 - WARM_UP_SHARE
    grown = (
        replace(each, rss=round(each.rss * (1 + share * (each.sessions / FEWEST_SESSIONS - WARM_UP_SHARE) / span)))
        for each in RUN.readings
    )
    return replace(RUN, readings=tuple(grown))


def gathering(share: float) -> Figures:
    """Return a run whose memory stays and whose objects become more, evenly, by this share of them."""
    more = [each.rss / RUN.readings[0].rss for each in growing(share).readings]
    return replace(
        RUN,
        readings=tuple(
            replace(each, objects=round(each.objects * by)) for each, by in zip(RUN.readings, more, strict=True)
        ),
    )


def test_a_run_that_held_says_so() -> None:
    assert objections(RUN) == []
    assert report(RUN).endswith("all of it holds")
    assert "20.0 a second" in report(RUN)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (replace(RUN, stuck=("Servicing",)), "a restart to leave: Servicing"),
        (replace(RUN, mishaps=1), "1 errors"),
        (replace(RUN, audit=Audit({}, {}, ("1 visits: thanked for twice",))), "thanked for twice"),
        (growing(2 * MOST_GROWTH), "memory grew"),
        (replace(RUN, readings=(*RUN.readings, replace(RUN.readings[-1], handles=15))), "handles was not constant: 14"),
        (replace(RUN, readings=(*RUN.readings, replace(RUN.readings[-1], fonts=65))), "65 files of letters"),
        (gathering(2 * MOST_MORE_OBJECTS), "Python's objects became 1."),
        (
            replace(RUN, readings=(*RUN.readings, replace(RUN.readings[-1], threads=9))),
            "threads was not constant: 8, 9",
        ),
    ],
)
def test_whatever_does_not_hold_is_said(run: Figures, words: str) -> None:
    [wrong] = objections(run)
    assert words in wrong
    assert f"DOES NOT HOLD: {wrong}" in report(run)


@given(st.floats(0.0, 0.9), st.integers(0, 100))
def test_the_warm_up_is_no_growth_and_neither_is_a_moment(share: float, peak: int) -> None:
    readings = [
        replace(each, rss=round(each.rss * (1 - share)), handles=30)
        if each.sessions < WARM_UP_SHARE * FEWEST_SESSIONS
        else each
        for each in growing(MOST_GROWTH / 2).readings
    ]
    place = peak % len(readings)
    readings[place] = replace(readings[place], rss=2 * readings[place].rss)
    assert objections(replace(RUN, readings=readings)) == []


def test_a_short_run_judges_neither_memory_nor_handles_but_threads() -> None:
    short = replace(growing(1.0), sessions=FEWEST_SESSIONS - 1)
    assert objections(short) == []
    assert "too short to judge memory and handles" in report(short)
    more = replace(short, readings=(*short.readings, Footprint(FEWEST_SESSIONS - 1, 1, 99, 9, 35, 290_000)))
    assert objections(more) == ["the number of threads was not constant: 8, 9"]


def test_a_run_that_never_began_has_nothing_to_say_of_memory() -> None:
    nothing = replace(RUN, sessions=0, seconds=0.0, readings=(), thanked=0)
    assert objections(nothing) == []
    assert "0.0 a second" in report(nothing)
