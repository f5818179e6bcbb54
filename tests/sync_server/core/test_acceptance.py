"""A stream goes on without a gap or not at all, and what is refused keeps its number."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.chain import extend
from protocol.codec import ReadBatch, UnreadableVote
from protocol.messages import Vote, whole_hour
from sync_server.core.acceptance import Accepted, Held, Refused, accept, until_hour, why_refused
from sync_server.core.surveys import SURVEYS
from tests.fakes.votes import THE_HOUR, a_vote, some_votes

STREAM = "5" * 32
NOW = THE_HOUR + timedelta(days=3, minutes=17)


def read(*entries: Vote | UnreadableVote) -> ReadBatch:
    return ReadBatch(STREAM, entries)


def held(stored_up_to: int, *votes: Vote) -> Held:
    """What is held after so many votes, the last of them named."""
    return Held(stored_up_to, extend("c" * 32, (vote.vote_id for vote in votes)))


def test_the_continuation_is_accepted_and_lengthens_the_chain() -> None:
    votes = some_votes(4, 6)
    assert accept(held(3), read(*votes), SURVEYS, NOW) == Accepted(votes, (), (), held(6, *votes))


def test_what_is_there_already_is_told_apart() -> None:
    votes = some_votes(1, 6)
    assert accept(held(6), read(*votes), SURVEYS, NOW) == Accepted((), (), votes, held(6))
    assert accept(held(9), read(*votes), SURVEYS, NOW) == Accepted((), (), votes, held(9))
    assert accept(held(4), read(*votes), SURVEYS, NOW) == Accepted(votes[4:], (), votes[:4], held(6, *votes[4:]))


def test_what_begins_beyond_a_gap_waits() -> None:
    assert accept(held(3), read(*some_votes(5, 6)), SURVEYS, NOW) == Accepted((), (), (), held(3))


def test_a_refused_vote_takes_its_number_and_is_kept_whole() -> None:
    good, bad = a_vote(1), a_vote(2, survey=99)
    unreadable = UnreadableVote(3, "Expected `int`", b'{"number":3}', "ab")
    accepted = accept(held(0), read(good, bad, unreadable), SURVEYS, NOW)
    assert accepted.votes == (good,)
    assert accepted.held == Held(3, extend("c" * 32, [good.vote_id, bad.vote_id, "ab"]))
    assert accepted.refused == (
        Refused(2, "no such survey", msgspec.json.encode(bad)),
        Refused(3, "Expected `int`", b'{"number":3}'),
    )


def test_a_refused_vote_that_comes_again_is_not_refused_again() -> None:
    votes = (a_vote(1), a_vote(2, survey=99))
    unreadable = UnreadableVote(3, "Expected `int`", b"{}", "ab")
    assert accept(held(3), read(*votes, unreadable), SURVEYS, NOW) == Accepted((), (), (*votes, unreadable), held(3))


def test_no_vote_may_have_been_cast_later_than_now() -> None:
    exact = a_vote(1)
    open_end = a_vote(1, latest_hour=NOW.replace(year=9999, minute=0, second=0, microsecond=0))
    narrow = a_vote(1, latest_hour=THE_HOUR + timedelta(hours=1))
    ahead = a_vote(1, hour=whole_hour(NOW) + timedelta(hours=3), latest_hour=whole_hour(NOW) + timedelta(hours=4))
    assert [until_hour(vote, whole_hour(NOW)) for vote in (exact, open_end, narrow, ahead)] == [
        THE_HOUR,
        whole_hour(NOW),
        THE_HOUR + timedelta(hours=1),
        ahead.hour,
    ]


@pytest.mark.parametrize(
    ("vote", "reason"),
    [
        (a_vote(1), None),
        (a_vote(1, level=1), None),
        (a_vote(1, survey=2), "no such survey"),
        (a_vote(1, criterion="speed"), "answers a question that the survey does not ask"),
        (a_vote(1, level=6), "a level that the survey does not have"),
        (a_vote(1, hour=THE_HOUR.replace(year=2020)), None),
        (a_vote(1, hour=whole_hour(NOW) + timedelta(hours=20)), None),
        (a_vote(1, hour=THE_HOUR.replace(year=2019)), "dated before 2020"),
        (a_vote(1, hour=THE_HOUR.replace(year=1970)), "dated before 2020"),
        (a_vote(1, hour=whole_hour(NOW) + timedelta(hours=25)), "dated in the future"),
        (a_vote(1, hour=THE_HOUR.replace(year=2099)), "dated in the future"),
    ],
)
def test_a_vote_is_refused_for_one_reason_in_words(vote: Vote, reason: str | None) -> None:
    assert why_refused(vote, SURVEYS, NOW) == reason


def test_a_day_ahead_is_the_furthest_that_a_clock_may_be_wrong() -> None:
    ahead = a_vote(1, hour=whole_hour(NOW) + timedelta(days=1))
    assert why_refused(ahead, SURVEYS, whole_hour(NOW)) is None
    assert why_refused(ahead, SURVEYS, whole_hour(NOW) - timedelta(microseconds=1)) == "dated in the future"


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 8)), max_size=30), st.sets(st.integers(1, 30)))
def test_whatever_comes_in_whatever_order_every_number_counts_once(
    batches: list[tuple[int, int]], bad: set[int]
) -> None:
    standing, votes, refused = Held(), list[int](), list[int]()
    for first, count in batches:
        entries = [a_vote(number, survey=99 if number in bad else 1) for number in range(first, first + count)]
        accepted = accept(standing, read(*entries), SURVEYS, NOW)
        assert accepted.held.stored_up_to >= standing.stored_up_to
        assert (accepted.held == standing) == (not accepted.votes and not accepted.refused)
        standing = accepted.held
        votes += [vote.number for vote in accepted.votes]
        refused += [entry.number for entry in accepted.refused]
    assert sorted(votes + refused) == list(range(1, standing.stored_up_to + 1))
    assert set(refused) <= bad
    assert not set(votes) & bad
