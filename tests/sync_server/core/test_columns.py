"""Tables for a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.columns import aligned

cells = st.text("aăâ1 ", min_size=1, max_size=9).map(str.strip).filter(bool)


def test_words_stand_left_and_numbers_right() -> None:
    assert aligned([["Tên", "Lượt"], ["Hộ tịch", "7"]]) == ["Tên      Lượt", "Hộ tịch     7"]


@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1)))
def test_every_line_ends_at_the_same_place(rows: list[list[str]]) -> None:
    assert len({len(line) for line in aligned(rows)}) == 1
