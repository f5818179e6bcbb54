"""Widths of columns: together the page's, and wide enough for the longest word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.document import Column, Row, Table
from sync_server.documents.columns import MARGIN, column_widths, lines
from sync_server.documents.letters import line_width

_words = st.text(alphabet="abcđêMWI1% ", max_size=20)
tables = st.integers(1, 12).flatmap(
    lambda columns: st.builds(
        Table,
        columns=st.lists(
            st.builds(Column, title=_words, width=st.integers(1, 50)), min_size=columns, max_size=columns
        ).map(tuple),
        rows=st.lists(
            st.builds(Row, cells=st.lists(_words, min_size=columns, max_size=columns).map(tuple)), max_size=4
        ).map(tuple),
    )
)


@given(tables, st.sampled_from((165.0, 252.0)))
def test_columns_fill_the_page_and_none_is_without_width(table: Table, whole: float) -> None:
    widths = column_widths(table, 12, whole)
    assert sum(widths) == pytest.approx(whole)
    assert min(widths) > 0


def test_a_narrow_column_is_made_wide_enough_for_its_longest_word() -> None:
    table = Table((Column("Không đạt", 1), Column("a", 1000)), ())
    narrow, wide = column_widths(table, 12, 165)
    assert narrow > line_width("Không") * 12 * 25.4 / 72 + 2 * MARGIN * 25.4 / 72
    assert narrow + wide == pytest.approx(165)


def test_shares_that_suffice_stay_as_they_are() -> None:
    assert column_widths(Table((Column("a", 1), Column("b", 2)), ()), 12, 165) == pytest.approx([55, 110])


def test_words_that_fit_nowhere_change_nothing() -> None:
    table = Table((Column("W" * 300, 1), Column("W" * 300, 2), Column("abc", 3)), ())
    assert column_widths(table, 12, 180) == pytest.approx([30, 60, 90])


def test_lines_are_counted_by_width_and_breaks() -> None:
    assert lines("", 50, 12) == 1
    assert 2 < lines("a\nb", 50, 12) < 3
    assert lines("a" * 1000, 50, 12) > 20


@pytest.mark.parametrize(
    ("text", "width"),  # as Times New Roman Bold has them
    [("XÃ AN BÌNH", 5.89), ("Độc lập - Tự do - Hạnh phúc", 12.22), ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 20.57)],
)
def test_bold_lines_are_measured_closely_enough_for_a_rule(text: str, width: float) -> None:
    assert line_width(text) == pytest.approx(width, rel=0.03)
    assert line_width(f"first\n{text}") == line_width(text)
