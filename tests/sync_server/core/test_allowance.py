"""However a client sends, over any time it gets no more than its rate and what may come at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.allowance import Allowance


def test_some_comes_at_once_and_the_rest_has_to_wait() -> None:
    allowance = Allowance(10, 30, 100.0)
    assert [allowance.spend(1, 100.0) for _ in range(30)] == [0.0] * 30
    assert allowance.spend(1, 100.0) == pytest.approx(0.1)
    assert allowance.spend(0, 100.1) == pytest.approx(0.0)


def test_what_is_not_used_is_not_saved_up_beyond_that() -> None:
    allowance = Allowance(10, 30, 0.0)
    assert allowance.spend(30, 1000.0) == 0.0
    assert allowance.spend(10, 1000.0) == pytest.approx(1.0)


@given(
    st.floats(1, 1000),
    st.floats(0, 1000),
    st.lists(st.tuples(st.floats(0, 5), st.floats(0, 3000)), min_size=1, max_size=50),
)
def test_whoever_waits_as_told_stays_within_the_rate(
    rate: float, at_once: float, events: list[tuple[float, float]]
) -> None:
    now, spent = 0.0, 0.0
    allowance = Allowance(rate, at_once, now)
    for idle, amount in events:
        now += idle
        now += allowance.spend(amount, now)
        spent += amount
        assert spent <= (rate * now + at_once) * (1 + 1e-9) + 1e-6
