"""The chain: the same votes in the same order, or another chain."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.chain import EMPTY, extend, link
from tests.protocol.strategies import hex128

ids = st.lists(hex128, max_size=8)


@given(ids, ids)
def test_a_chain_goes_on_where_it_was_left(first: list[str], then: list[str]) -> None:
    assert extend(extend(EMPTY, first), then) == extend(EMPTY, first + then)


@given(ids, ids)
def test_other_votes_give_another_chain(one: list[str], other: list[str]) -> None:
    assert (extend(EMPTY, one) == extend(EMPTY, other)) == (one == other)


def test_the_chain_of_a_released_stream_stays_what_it_was() -> None:
    assert link(EMPTY, "0f" * 16) == "f83d72b54cc7980ba7112f8e3919688b"
