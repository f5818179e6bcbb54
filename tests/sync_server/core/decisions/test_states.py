"""Whatever is done in whatever order, a quarter has one version in force and one in hand at most, and loses none."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.states import (
    ENDED,
    IN_HAND,
    SUPERSEDED,
    Change,
    NotNow,
    State,
    Step,
    Version,
    amending,
    begun,
    current,
    in_force,
    in_hand,
    moved,
)

WAY = (Step.CLOSE, Step.DRAFT, Step.REVIEW, Step.ISSUE)


def test_the_way_from_open_to_issued() -> None:
    state = State.OPEN
    passed = [state := moved(state, step) for step in WAY]
    assert passed == [State.CLOSING, State.DRAFT, State.REVIEWED, State.ISSUED]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_a_step_is_either_possible_or_refused_with_what_is_possible(state: State, step: Step) -> None:
    try:
        after = moved(state, step)
    except NotNow as refusal:
        assert f"it is {state}, so there is nothing to {step}; possible is: " in str(refusal)
    else:
        assert after in State


def test_what_has_ended_is_never_drafted_or_issued_again() -> None:
    for state in ENDED:
        for step in (*WAY, Step.DISCARD, Step.AMEND):
            with pytest.raises(NotNow):
                moved(state, step)
    with pytest.raises(NotNow, match="nothing any more"):
        moved(State.DISCARDED, Step.NUMBER)


def test_a_time_that_was_issued_is_not_begun_again_but_amended() -> None:
    with pytest.raises(NotNow, match="what is issued is changed by: decision amend"):
        begun([Version(1, State.ISSUED)])
    with pytest.raises(NotNow, match="go on with it, or discard it"):
        begun([Version(1, State.DRAFT)])
    assert amending([Version(1, State.ISSUED)], Change.AMENDS) == Version(2, State.OPEN, 1, Change.AMENDS)


Doing = tuple[Step, Change]


def after(versions: list[Version], step: Step, change: Change) -> list[Version]:
    """Do as the glue does: whatever is refused changes nothing."""
    try:
        if step is Step.AMEND:
            return [*versions, amending(versions, change)]
        seen = current(versions)
        if seen is None:
            return [*versions, replace(begun(versions), state=moved(State.OPEN, step))]
        state = moved(seen.state, step)
    except NotNow:
        return versions
    others = {seen.number: replace(seen, state=state)}
    if step is Step.ISSUE and seen.change is not None and (before := in_force(versions)) is not None:
        others[before.number] = replace(before, state=SUPERSEDED[seen.change])
    return [others.get(version.number, version) for version in versions]


@given(st.lists(st.tuples(st.sampled_from(Step), st.sampled_from(Change)), max_size=60))
def test_one_is_in_force_and_one_in_hand_and_none_is_lost(done: list[Doing]) -> None:
    versions: list[Version] = []
    issued = 0
    for step, change in done:
        before, versions = versions, after(versions, step, change)
        assert [version.number for version in versions] == list(range(1, len(versions) + 1))
        assert sum(version.state in IN_HAND for version in versions) <= 1
        assert sum(version.state is State.ISSUED for version in versions) <= 1
        for was, now in zip(before, versions, strict=False):
            assert was.state not in ENDED or now == was
            if was.state is State.ISSUED:
                assert now.state in (State.ISSUED, *SUPERSEDED.values())
        issued = max(issued, sum(version.state in (State.ISSUED, *SUPERSEDED.values()) for version in versions))
        # What was once issued stays issued, by this or a later version.
        assert (in_force(versions) is not None) == (issued > 0)
        assert current(versions) == (in_hand(versions) or in_force(versions))
