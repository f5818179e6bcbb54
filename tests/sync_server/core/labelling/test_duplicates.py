"""Of all votes for a case one counts, whichever arrived first."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.labelling.cast import Cast
from sync_server.core.labelling.duplicates import Spent, again, duplicates
from sync_server.core.quarter import local_day
from tests.sync_server.core.labelling.by_chance import BEGIN, a_cast, votes

NEXT_DAY = BEGIN + timedelta(days=1)


@given(st.data(), votes(days=3), st.sets(st.sampled_from([1, 2])))
def test_the_order_of_arrival_changes_nothing(data: st.DataObject, cast: list[Cast], daily: set[int]) -> None:
    assert duplicates(data.draw(st.permutations(cast)), daily) == duplicates(cast, daily)


@given(votes(days=3))
def test_where_a_case_is_rated_once_all_but_the_first_are_duplicates(cast: list[Cast]) -> None:
    found = duplicates(cast, daily=())
    for token in "xyz":
        of_case = [vote for vote in cast if vote.case_token == token]
        assert [vote for vote in of_case if vote.vote_id not in found] == (
            [min(of_case, key=lambda vote: vote.order)] if of_case else []
        )
    assert not found & {vote.vote_id for vote in cast if vote.case_token is None}


@given(votes(days=3))
def test_where_a_case_is_rated_daily_each_day_has_its_first(cast: list[Cast]) -> None:
    found = duplicates(cast, daily={1, 2})
    certain = [vote for vote in cast if vote.case_token is not None and vote.day == vote.until_day]
    days = {(vote.case_token, vote.day) for vote in certain}
    assert len(found) == len(certain) - len(days)
    assert {(vote.case_token, vote.day) for vote in certain if vote.vote_id not in found} == days
    assert found <= {vote.vote_id for vote in certain}


@given(votes(days=3), st.sets(st.sampled_from([1, 2])))
def test_a_further_vote_never_takes_a_label_away(cast: list[Cast], daily: set[int]) -> None:
    assert duplicates(cast[1:], daily) <= duplicates(cast, daily)


def test_the_number_decides_within_an_hour_and_a_vote_of_days_ago_still_comes_first() -> None:
    first, second = a_cast(1, case_token="x"), a_cast(2, case_token="x")
    elsewhere = a_cast(1, stream="b", kiosk="k-2", case_token="x", hour=NEXT_DAY)
    assert duplicates([elsewhere, second, first], ()) == {second.vote_id, elsewhere.vote_id}
    assert duplicates([elsewhere, second, first], {1}) == {second.vote_id}


@given(votes(days=3), st.integers(0, 2), st.sets(st.sampled_from([1, 2])))
def test_once_the_votes_of_some_days_have_forgotten_their_cases_the_others_are_judged_as_before(
    cast: list[Cast], days: int, daily: set[int]
) -> None:
    first = local_day(BEGIN)
    last = first + timedelta(days=days)
    forgotten = [vote for vote in cast if vote.day >= first and vote.until_day <= last]
    left = [vote for vote in cast if vote not in forgotten]
    spent = {Spent(vote.case_token, first, last) for vote in forgotten if vote.case_token is not None}
    further, unsure = again(left, spent, daily)
    before, after = duplicates(cast, daily), duplicates(left, daily) | further
    for vote in left:
        assert vote.vote_id in unsure or (vote.vote_id in before) == (vote.vote_id in after)
    # Of the others only those are doubtful of which nobody knows whether they belong to these days.
    assert unsure <= {vote.vote_id for vote in left if vote.day <= last}


def test_what_comes_later_of_days_that_were_forgotten_is_a_further_vote_and_what_was_before_is_none() -> None:
    day = local_day(BEGIN)
    spent = [Spent("x", day + timedelta(days=1), day + timedelta(days=2))]
    before, within = a_cast(1, case_token="x"), a_cast(2, case_token="x", hour=NEXT_DAY)
    other, none = a_cast(3, case_token="y", hour=NEXT_DAY), a_cast(4, hour=NEXT_DAY)
    assert again([before, within, other, none], spent, ()) == (frozenset({within.vote_id}), frozenset())
    assert again([before, within], spent, {before.survey}) == (frozenset(), frozenset())
