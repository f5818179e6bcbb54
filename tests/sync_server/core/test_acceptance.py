"""A stream goes on without a gap or not at all, and what is refused keeps its number."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codec import ReadBatch, UnreadableVote
from protocol.messages import Vote
from sync_server.core.acceptance import Accepted, Refused, accept, why_refused
from tests.fakes.votes import THE_HOUR, a_vote, some_votes

STREAM = "5" * 32


def read(*entries: Vote | UnreadableVote) -> ReadBatch:
    return ReadBatch(STREAM, entries)


def test_the_continuation_is_accepted() -> None:
    votes = some_votes(4, 6)
    assert accept(3, read(*votes)) == Accepted(votes, (), 6)


def test_what_is_there_already_is_dropped() -> None:
    votes = some_votes(1, 6)
    assert accept(6, read(*votes)) == Accepted((), (), 6)
    assert accept(9, read(*votes)) == Accepted((), (), 9)
    assert accept(4, read(*votes)) == Accepted(votes[4:], (), 6)


def test_what_begins_beyond_a_gap_waits() -> None:
    assert accept(3, read(*some_votes(5, 6))) == Accepted((), (), 3)


def test_a_refused_vote_takes_its_number_and_is_kept_whole() -> None:
    good, bad = a_vote(1), a_vote(2, survey=99)
    unreadable = UnreadableVote(3, "Expected `int`", b'{"number":3}')
    accepted = accept(0, read(good, bad, unreadable))
    assert accepted.votes == (good,)
    assert accepted.stored_up_to == 3
    assert accepted.refused == (
        Refused(2, "no such survey", msgspec.json.encode(bad)),
        Refused(3, "Expected `int`", b'{"number":3}'),
    )


def test_a_refused_vote_that_comes_again_is_not_refused_again() -> None:
    assert accept(2, read(a_vote(1), a_vote(2, survey=99))) == Accepted((), (), 2)


@pytest.mark.parametrize(
    ("vote", "reason"),
    [
        (a_vote(1), None),
        (a_vote(1, level=1), None),
        (a_vote(1, survey=2), "no such survey"),
        (a_vote(1, criterion="speed"), "answers a question that the survey does not ask"),
        (a_vote(1, level=6), "a level that the survey does not have"),
        (a_vote(1, hour=THE_HOUR.replace(year=2020)), None),
        (a_vote(1, hour=THE_HOUR.replace(year=2099)), None),
        (a_vote(1, hour=THE_HOUR.replace(year=2019)), "dated outside 2020 to 2099"),
        (a_vote(1, hour=THE_HOUR.replace(year=2100)), "dated outside 2020 to 2099"),
        (a_vote(1, hour=THE_HOUR.replace(year=1970)), "dated outside 2020 to 2099"),
    ],
)
def test_a_vote_is_refused_for_one_reason_in_words(vote: Vote, reason: str | None) -> None:
    assert why_refused(vote) == reason


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 8)), max_size=30), st.sets(st.integers(1, 30)))
def test_whatever_comes_in_whatever_order_every_number_counts_once(
    batches: list[tuple[int, int]], bad: set[int]
) -> None:
    stored_up_to, votes, refused = 0, list[int](), list[int]()
    for first, count in batches:
        entries = [a_vote(number, survey=99 if number in bad else 1) for number in range(first, first + count)]
        accepted = accept(stored_up_to, read(*entries))
        assert accepted.stored_up_to >= stored_up_to
        stored_up_to = accepted.stored_up_to
        votes += [vote.number for vote in accepted.votes]
        refused += [entry.number for entry in accepted.refused]
    assert sorted(votes + refused) == list(range(1, stored_up_to + 1))
    assert set(refused) <= bad
    assert not set(votes) & bad
