"""Texts of strangers do no harm in a spreadsheet, and stay readable."""

import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.exports.texts import CUT, LONGEST_CELL, csv_cell, is_too_long, one_line, xlsx_cell

texts = st.text(st.characters(codec="utf-8") | st.sampled_from("=+-@\t\r\n\x00\x1f\u2028😀"))


@given(texts)
def test_a_line_has_no_breaks_and_no_control_characters_and_loses_nothing_else(text: str) -> None:
    line = one_line(text)
    assert len(line) == len(text)
    assert len(f"{line}.".splitlines()) == 1
    assert all(now in (was, " ") for was, now in zip(text, line, strict=True))
    assert not any(ord(sign) < 32 or sign == "\x7f" for sign in line)


def test_emoji_of_several_signs_and_tones_stay_as_they_are() -> None:
    for text in ("👩‍👩‍👧", "e\u0301 ơ\u0323", "Đặng\u00a0Thị", "👍🏽"):
        assert one_line(text) == csv_cell(text) == xlsx_cell(text) == text


@given(texts)
def test_no_cell_of_csv_is_a_formula_and_each_reads_back(text: str) -> None:
    cell = csv_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.removeprefix("'") == one_line(text).removeprefix("'")
    written = StringIO()
    csv.writer(written).writerow([cell, "x"])
    assert next(csv.reader(StringIO(written.getvalue(), newline=""))) == [cell, "x"]


@given(st.integers(LONGEST_CELL - 3, LONGEST_CELL + 3), st.sampled_from(["a", "ế", "😀"]), st.integers(0, 1))
def test_what_a_cell_of_xlsx_cannot_hold_is_cut_with_a_sign(units: int, sign: str, odd: int) -> None:
    wide = len(sign.encode("utf-16-le")) // 2
    text = "a" * odd + sign * ((units - odd) // wide)
    held = xlsx_cell(text)
    assert len(held.encode("utf-16-le")) // 2 <= LONGEST_CELL
    if is_too_long(text):
        assert held.endswith(CUT)
        assert text.startswith(held.removesuffix(CUT))
        assert len(held.encode("utf-16-le")) // 2 >= LONGEST_CELL - 1
    else:
        assert held == text
