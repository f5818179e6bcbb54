"""A long run of best votes is told, by the numbers of the stream."""

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.labelling.cast import Cast
from sync_server.core.labelling.top_runs import top_runs
from tests.sync_server.core.labelling.by_chance import a_cast, votes

few = st.integers(1, 4)


@given(st.data(), votes(), few)
def test_the_order_of_arrival_changes_nothing(data: st.DataObject, cast: list[Cast], least: int) -> None:
    assert top_runs(data.draw(st.permutations(cast)), least) == top_runs(cast, least)


@given(votes(), few)
def test_a_vote_is_labelled_when_so_many_best_ones_stand_around_it(cast: list[Cast], least: int) -> None:
    expected = set()
    for vote in cast:
        stream = sorted((other for other in cast if other.stream == vote.stream), key=lambda other: other.number)
        place = stream.index(vote)
        for first in range(max(0, place - least + 1), place + 1):
            window = stream[first : first + least]
            if len(window) == least and all(other.all_best for other in window):
                expected.add(vote.vote_id)
    assert top_runs(cast, least) == expected


@given(votes(), few)
def test_asking_for_longer_runs_labels_fewer(cast: list[Cast], least: int) -> None:
    assert top_runs(cast, least + 1) <= top_runs(cast, least)


def test_a_visit_without_a_vote_ends_no_run_and_another_stream_is_another_run() -> None:
    run = [a_cast(1, all_best=True), a_cast(3, all_best=True)]
    assert top_runs(run, 2) == {"a1", "a3"}
    assert top_runs([*run, a_cast(2)], 2) == frozenset()
    assert top_runs([run[0], a_cast(3, stream="b", all_best=True)], 2) == frozenset()
