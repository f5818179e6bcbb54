"""Too few votes about somebody are not told apart, and nobody is told by being the only one left out."""

from collections import Counter
from collections.abc import Mapping

from hypothesis import example, given
from hypothesis import strategies as st

from sync_server.core.exports.rare import ALL_NAMED, NAMED, Combination, left_out, rare, seen
from sync_server.core.figures.period import Breakdown

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


few = st.sampled_from(["a", "b", None])
combinations = st.dictionaries(
    st.tuples(st.sampled_from(["kiosk", "paper"]), st.tuples(*[few] * len(NAMED))), st.integers(0, 9), max_size=12
)
NOTHING_RARE = {each: frozenset[str]() for each in Breakdown}
ONE: Combination = ("kiosk", ("1.1", "7", "k-1", "an", "ho-tich"))


@given(combinations, st.integers(1, 8), st.frozensets(st.sampled_from(["a", "b"])))
@example({("kiosk", ("a",) * 5): 2, ("paper", ("b",) * 5): 9}, 5, frozenset())
def test_no_combination_that_is_seen_stands_for_too_few_votes(
    votes: Mapping[Combination, int], least: int, hidden: frozenset[str]
) -> None:
    out = left_out(votes, NOTHING_RARE | {Breakdown.OFFICER: hidden}, least)
    assert out.keys() == votes.keys()
    told: Counter[object] = Counter()
    for one, many in votes.items():
        told[seen(one, out[one])] += many
        assert all(
            each in out[one] for each, key in zip(NAMED, one[1], strict=True) if each == "officer" and key in hidden
        )
    nothing = sum(many for one, many in votes.items() if out[one] == ALL_NAMED)
    assert all(many == 0 or many >= least for shown, many in told.items() if shown[-1] != ALL_NAMED)  # type: ignore[index]
    assert nothing == 0 or nothing >= min(least, sum(votes.values()))


@given(combinations, st.integers(1, 8))
def test_where_every_combination_has_enough_votes_all_are_seen(votes: Mapping[Combination, int], least: int) -> None:
    enough = {one: many + least for one, many in votes.items()}
    assert set(left_out(enough, NOTHING_RARE, least).values()) <= {frozenset()}


def test_the_finest_is_left_out_first() -> None:
    other: Combination = ("kiosk", ("2.2", *ONE[1][1:]))
    out = left_out({ONE: 3, other: 3}, NOTHING_RARE, 5)
    assert set(out.values()) == {frozenset({Breakdown.PROCEDURE})}


def test_rows_that_name_nothing_are_not_few_either() -> None:
    many: Combination = ("paper", ("2.2", "8", None, "binh", "dat-dai"))
    assert set(left_out({ONE: 3, many: 9}, NOTHING_RARE, 5).values()) == {ALL_NAMED}
    assert left_out({ONE: 0}, NOTHING_RARE, 5) == {ONE: frozenset()}
