"""A vote of a kiosk is a row; a tally becomes as many rows as votes, which add up to it and look like all others."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.ballots import Ballot, ids_of, singles
from tests.fakes.archives import quarters


def test_a_vote_is_a_row_under_its_own_id() -> None:
    ballot = Ballot("a" * 32, "kiosk", 1, (("time", 2, 1), ("overall", 4, 1)), ("duplicate", "hasty", "play"))
    assert list(singles(ballot, ("hasty", "duplicate"))) == [("a" * 32, 1, "overall=4,time=2", "duplicate,hasty")]
    assert list(singles(ballot, ())) == [("a" * 32, 1, "overall=4,time=2", "")]
    assert list(ids_of("a" * 32, 1)) == ["a" * 32]


def test_nobody_answers_nothing_in_a_tally_of_votes_that_each_answered_something() -> None:
    ballot = Ballot("a" * 32, "box", 1, (("papers", 1, 2), ("time", 3, 1), ("time", 1, 1)), votes=4)
    assert [single.answers for single in singles(ballot, ())] == ["papers=1", "papers=1", "time=1", "time=3"]


@given(quarters, st.sets(st.sampled_from(["hasty", "play"])))
def test_rows_add_up_to_the_ballots(quarter, excluded) -> None:  # type: ignore[no-untyped-def]
    for ballot in quarter.ballots:
        rows = list(singles(ballot, excluded))
        assert [row.vote for row in rows] == list(ids_of(ballot.ballot, ballot.votes))
        assert len({row.vote for row in rows}) == ballot.votes
        assert all(len(row.vote) == 32 for row in rows)
        found = Counter[tuple[str, int]]()
        for row in rows:
            for each in row.answers.split(",") if row.answers else []:
                criterion, level = each.split("=")
                found[criterion, int(level)] += 1
        assert found == {(criterion, level): votes for criterion, level, votes in ballot.answers}
