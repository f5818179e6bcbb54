"""Pauses grow up to a minute, spread over their whole range, and begin anew after a success."""

import random

from hypothesis import given
from hypothesis import strategies as st

from protocol.backoff import FIRST_SECONDS, LONGEST_SECONDS, Backoff


class Longest(random.Random):
    """Chance that always draws the largest number."""

    def uniform(self, a: float, b: float) -> float:
        return b


class Shortest(random.Random):
    """Chance that always draws the smallest number."""

    def uniform(self, a: float, b: float) -> float:
        return a


def test_pauses_double_from_one_second_to_a_minute_and_begin_anew() -> None:
    backoff = Backoff(Longest())
    assert [backoff.pause() for _ in range(9)] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    backoff.reset()
    assert [backoff.pause() for _ in range(2)] == [1.0, 2.0]


def test_a_pause_may_be_as_short_as_nothing() -> None:
    backoff = Backoff(Shortest())
    assert [backoff.pause() for _ in range(3)] == [0.0, 0.0, 0.0]


@given(st.randoms(use_true_random=False), st.integers(1, 50))
def test_a_pause_is_drawn_from_the_whole_range(chance: random.Random, attempts: int) -> None:
    backoff = Backoff(chance)
    for attempt in range(attempts):
        assert 0.0 <= backoff.pause() <= min(FIRST_SECONDS * 2**attempt, LONGEST_SECONDS)


@given(st.integers())
def test_two_kiosks_do_not_come_back_at_the_same_moment(seed: int) -> None:
    one, other = Backoff(random.Random(seed)), Backoff(random.Random(seed + 100))
    assert [one.pause() for _ in range(5)] != [other.pause() for _ in range(5)]
