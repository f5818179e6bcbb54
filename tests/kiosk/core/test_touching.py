"""A touch is meant when it ends where it began, in a time that a finger takes, and not twice at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.touching import LONGEST, ONCE, SHORTEST, STUCK, Touching, judge

NEVER = float("inf")


@pytest.mark.parametrize(
    ("held", "inside", "since_last", "was"),
    [
        (SHORTEST, True, NEVER, Touching.MEANT),
        (LONGEST, True, NEVER, Touching.MEANT),
        (SHORTEST - 0.001, True, NEVER, Touching.SHORT),
        (LONGEST + 0.001, True, NEVER, Touching.LONG),
        (STUCK - 0.001, True, NEVER, Touching.LONG),
        (STUCK, True, NEVER, Touching.STUCK),
        (0.2, False, NEVER, Touching.SLID),
        (0.2, True, ONCE, Touching.MEANT),
        (0.2, True, ONCE - 0.001, Touching.TWICE),
    ],
)
def test_each_bound_has_two_sides(held: float, inside: bool, since_last: float, was: Touching) -> None:
    assert judge(held, inside=inside, since_last=since_last) is was


@given(st.floats(0, 1e6), st.booleans(), st.floats(0, 1e6) | st.just(NEVER))
def test_only_what_ends_where_it_began_is_meant(held: float, inside: bool, since_last: float) -> None:
    if judge(held, inside=inside, since_last=since_last) is Touching.MEANT:
        assert inside
        assert SHORTEST <= held <= LONGEST
        assert since_last >= ONCE
