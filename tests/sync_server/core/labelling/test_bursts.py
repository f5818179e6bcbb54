"""No more votes an hour than people can be served."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.labelling.bursts import bursts
from sync_server.core.labelling.cast import Cast
from tests.sync_server.core.labelling.by_chance import BEGIN, a_cast, votes

few = st.integers(1, 4)


@given(st.data(), votes(), few, st.integers(0, 3))
def test_the_order_of_arrival_changes_nothing(data: st.DataObject, cast: list[Cast], most: int, counters: int) -> None:
    assert bursts(data.draw(st.permutations(cast)), most, counters) == bursts(cast, most, counters)


@given(votes(), few)
def test_as_many_are_labelled_as_are_beyond(cast: list[Cast], most: int) -> None:
    found = bursts(cast, most, counters=1)
    sure = [vote for vote in cast if vote.hour == vote.until_hour]

    def by_place(some: list[Cast]) -> Counter[object]:
        return Counter((vote.counter or vote.kiosk, vote.hour) for vote in some)

    labelled = by_place([vote for vote in sure if vote.vote_id in found])
    assert labelled == Counter({place: n - most for place, n in by_place(sure).items() if n > most})
    assert found <= {vote.vote_id for vote in sure}


@given(votes(), few, st.integers(0, 3))
def test_allowing_more_labels_fewer(cast: list[Cast], most: int, counters: int) -> None:
    assert bursts(cast, most + 1, counters) <= bursts(cast, most, counters)
    assert bursts(cast, most, counters + 1) <= bursts(cast, most, counters)


def test_a_counter_is_one_whichever_kiosk_it_was_touched_at_and_a_room_has_room_for_all_of_them() -> None:
    two = [a_cast(1, kiosk="k-1"), a_cast(1, stream="b", kiosk="k-2")]
    assert bursts(two, 1, counters=2) == {"b1"}
    room = [a_cast(number, counter=None) for number in (1, 2, 3)]
    assert bursts(room, 1, counters=2) == {"a3"}
    assert bursts(room, 1, counters=0) == {"a2", "a3"}
    apart = [a_cast(1), a_cast(2, hour=BEGIN + timedelta(hours=1))]
    assert bursts(apart, 1, counters=1) == frozenset()
