"""A gap loses exactly the numbers that have come."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.gaps import Gap, growth, without

gaps = st.tuples(st.integers(1, 40), st.integers(0, 30)).map(lambda at: Gap(at[0], at[0] + at[1], "A", "b"))


@given(gaps, st.lists(st.integers(1, 80)))
def test_what_is_left_is_the_gap_without_the_numbers(gap: Gap, numbers: list[int]) -> None:
    left = without(gap, numbers)
    assert [number for part in left for number in range(part.first, part.last + 1)] == [
        number for number in range(gap.first, gap.last + 1) if number not in numbers
    ]
    assert growth(gap, numbers) == len(left) - 1
    assert all((part.accepted_by, part.accepted_because) == ("A", "b") for part in left)
    assert all(one.last + 1 < other.first for one, other in pairwise(left)), "as few as can be"
