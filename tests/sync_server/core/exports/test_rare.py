"""Too few votes about somebody are not told apart, and nobody is told by being the only one left out."""

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.exports.rare import rare

counts = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=1), st.integers(1, 12))


@given(counts, st.integers(1, 8))
def test_nobody_of_too_few_votes_is_shown_and_nobody_is_left_out_alone(votes: dict[str, int], least: int) -> None:
    hidden = rare(votes, least)
    assert {key for key, count in votes.items() if count < least} <= hidden
    shown = set(votes) - hidden
    if hidden and shown:
        assert len(hidden) > 1
        assert sum(votes[key] for key in hidden) >= least
    if all(count >= least for count in votes.values()):
        assert not hidden


@given(counts, st.integers(1, 8))
def test_no_more_are_left_out_than_it_takes(votes: dict[str, int], least: int) -> None:
    in_need = {key: votes[key] for key in rare(votes, least) if votes[key] >= least}
    too_few = [count for count in votes.values() if count < least]
    if in_need:
        others = [count for key, count in votes.items() if key not in in_need and count >= least]
        assert len(in_need) == 1  # its own votes are enough, and it makes them two
        assert len(too_few) == 1 or sum(too_few) < least
        assert all(count >= max(in_need.values()) for count in others)
