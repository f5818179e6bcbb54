"""From the touch to the receipt, in buckets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.delays import MOST_MEASURED, Delays
from tests.fakes.votes import a_vote


@pytest.mark.parametrize(
    ("seconds", "bucket"),
    [(0.2, "1"), (1.0, "1"), (1.1, "10"), (59.0, "60"), (61.0, "3600"), (3601.0, "86400"), (86400.1, "more")],
)
def test_a_bucket_is_named_by_its_upper_end(seconds: float, bucket: str) -> None:
    delays = Delays()
    vote = a_vote(1)
    delays.touched(vote.vote_id, 1000.0)
    delays.sent([vote])
    delays.confirmed(1, 1000.0 + seconds)
    assert delays.reported() == {bucket: 1}


def test_a_vote_counts_once_however_often_it_is_sent_and_confirmed() -> None:
    delays = Delays()
    vote = a_vote(1)
    delays.touched(vote.vote_id, 0.0)
    for _ in range(2):
        delays.sent([vote])
        delays.confirmed(1, 5.0)
    assert delays.reported() == {"10": 1}


def test_every_confirmation_adds_to_its_bucket() -> None:
    delays = Delays()
    for number in (1, 2, 3):
        vote = a_vote(number)
        delays.touched(vote.vote_id, 0.0)
        delays.sent([vote])
        delays.confirmed(number, 5.0)
    assert delays.reported() == {"10": 3}


def test_votes_of_an_earlier_process_count_in_none() -> None:
    delays = Delays()
    delays.sent([a_vote(1), a_vote(2)])
    delays.confirmed(2, 5.0)
    assert delays.reported() == {}


def test_a_vote_that_got_a_new_number_is_measured_from_its_touch() -> None:
    delays = Delays()
    vote = a_vote(40)
    delays.touched(vote.vote_id, 0.0)
    delays.sent([vote])
    delays.renumbered()
    delays.confirmed(40, 5.0)
    assert delays.reported() == {}
    delays.sent([a_vote(1, vote_id=vote.vote_id)])
    delays.confirmed(1, 30.0)
    assert delays.reported() == {"60": 1}


def test_a_kiosk_that_is_offline_for_months_does_not_grow() -> None:
    delays = Delays()
    for number in range(1, MOST_MEASURED + 100):
        delays.touched(f"{number:032x}", 0.0)
    assert len(delays._touched) == MOST_MEASURED


@given(st.lists(st.tuples(st.floats(0, 1e6), st.booleans()), max_size=60), st.data())
def test_every_confirmed_vote_of_this_process_is_in_exactly_one_bucket(
    votes: list[tuple[float, bool]], data: st.DataObject
) -> None:
    delays = Delays()
    sent = [a_vote(number) for number in range(1, len(votes) + 1)]
    for vote, (at, ours) in zip(sent, votes, strict=True):
        if ours:
            delays.touched(vote.vote_id, at)
    delays.sent(sent)
    up_to = data.draw(st.integers(0, len(votes)))
    delays.confirmed(up_to, 1e6)
    assert sum(delays.reported().values()) == sum(ours for _, ours in votes[:up_to])
