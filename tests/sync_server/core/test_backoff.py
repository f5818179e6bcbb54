"""Pauses grow up to a minute, spread over their whole range, and begin anew after a success."""

import random

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.backoff import FIRST_SECONDS, LONGEST_SECONDS, Backoff


class Longest(random.Random):
    """Chance that always draws the largest number."""

    def uniform(self, a: float, b: float) -> float:
        return b


def test_pauses_double_from_one_second_to_a_minute_and_begin_anew() -> None:
    backoff = Backoff(Longest())
    assert [backoff.pause() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    backoff.reset()
    assert backoff.pause() == FIRST_SECONDS


@given(st.randoms(use_true_random=False), st.integers(1, 100))
def test_no_pause_is_longer_than_a_minute(chance: random.Random, attempts: int) -> None:
    backoff = Backoff(chance)
    assert all(0 <= backoff.pause() <= LONGEST_SECONDS for _ in range(attempts))
