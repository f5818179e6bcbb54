"""More votes than cases are told, where the register knows of any."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.labelling.beyond_served import beyond_served
from sync_server.core.labelling.cast import Cast
from tests.sync_server.core.labelling.by_chance import DAY, a_cast, votes

received_by_chance = st.dictionaries(st.sampled_from(["huong", "thang", "bich"]), st.integers(0, 4), min_size=1)
registered_by_chance = st.dictionaries(
    st.sampled_from("xyz"), st.sampled_from([DAY, DAY - timedelta(days=9)]), max_size=3
)
few = st.integers(1, 3)


@given(st.data(), votes(), received_by_chance, registered_by_chance, few)
def test_the_order_of_arrival_changes_nothing(
    data: st.DataObject, cast: list[Cast], received: dict[str, int], registered: dict[str, date], a_case: int
) -> None:
    shuffled = data.draw(st.permutations(cast))
    assert beyond_served(shuffled, received, registered, a_case) == beyond_served(cast, received, registered, a_case)


@given(votes(), received_by_chance, registered_by_chance, few)
def test_as_many_are_labelled_as_are_beyond_and_none_whose_case_is_known(
    cast: list[Cast], received: dict[str, int], registered: dict[str, date], a_case: int
) -> None:
    found = beyond_served(cast, received, registered, a_case)
    for officer in (None, "huong", "thang"):
        about = [vote for vote in cast if vote.officer == officer]
        without = [vote.vote_id for vote in about if vote.case_token not in registered]
        earlier = {vote.case_token for vote in about if registered.get(vote.case_token or "") not in (None, vote.day)}
        beyond = len(about) - a_case * (received.get(officer or "", 0) + len(earlier))
        expected = 0 if officer is None else min(len(without), max(0, beyond))
        assert len(found & {vote.vote_id for vote in about}) == expected
        assert found & {vote.vote_id for vote in about} <= set(without)


@given(votes(), received_by_chance, registered_by_chance, few)
def test_another_case_never_adds_a_label(
    cast: list[Cast], received: dict[str, int], registered: dict[str, date], a_case: int
) -> None:
    found = beyond_served(cast, received, registered, a_case)
    more = {officer: number + 1 for officer, number in received.items()}
    assert beyond_served(cast, more, registered, a_case) <= found
    assert beyond_served(cast, received, registered, a_case + 1) <= found


def test_a_register_that_is_not_filled_in_says_nothing() -> None:
    cast = [a_cast(number) for number in (1, 2, 3)]
    assert beyond_served(cast, {}, {}, 2) == frozenset()
    assert beyond_served(cast, {"huong": 1}, {}, 2) == {"a3"}
    assert beyond_served(cast, {"thang": 1}, {}, 2) == {"a1", "a2", "a3"}


def test_who_fetches_a_result_was_served_too() -> None:
    cast = [a_cast(1, case_token="x"), a_cast(2), a_cast(3), a_cast(4)]
    earlier = {"x": DAY - timedelta(days=20)}
    assert beyond_served(cast, {"huong": 1}, {}, 1) == {"a2", "a3", "a4"}
    assert beyond_served(cast, {"huong": 1}, {"x": DAY}, 1) == {"a2", "a3", "a4"}
    assert beyond_served(cast, {"huong": 1}, earlier, 1) == {"a3", "a4"}
