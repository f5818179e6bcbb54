"""A sheet of counts as text, JSON and CSV."""

import csv
import json
from fractions import Fraction

from hypothesis import given

from sync_server.core.figures.sheet import Criterion, Level, Sheet
from sync_server.core.figures.sheet_renderings import sheet_as_csv, sheet_as_json, sheet_as_text
from sync_server.core.rounding import Mode, Rounding
from tests.sync_server.core.figures.sheets import criterion, published, sheets

FORMS = Sheet(
    (
        Criterion(
            "Mức độ hài lòng",
            (
                published(10, "32,3%", "Rất hài lòng", satisfied=True),
                published(16, "51,6", "Hài lòng", satisfied=True),
                Level("Bình thường", 5),
                Level("Không hài lòng", 0),
            ),
            blank=9,
            published="84,9",
        ),
    ),
    title="Sở Tài nguyên và Môi trường",
    issued=50,
    returned=40,
)


def narrow(text: str) -> list[str]:
    """Return the lines without what aligns them."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_counts_percentages_and_intervals_stand_side_by_side() -> None:
    text = sheet_as_text(FORMS)
    lines = narrow(text)
    assert text.startswith("Sở Tài nguyên và Môi trường\n\nSố phiếu phát ra: 50\nSố phiếu thu về: 40\n")
    assert "Mức độ hài lòng · Trả lời: 31 · Bỏ trống: 9" in text
    assert "Tỷ lệ thu về 80% 80,0% 80,00% 80% 80,0% 80,00%" in lines
    very = "Rất hài lòng 10/31 32% 32,3% 32,26% 32% 32,2% 32,25% 18,6% – 49,9% 32,3% làm tròn"
    assert very in lines
    assert "Bình thường 05/31 16% 16,1% 16,13% 16% 16,1% 16,12% 7,1% – 32,6%" in lines
    assert "Hài lòng trở lên 26/31 84% 83,9% 83,87% 83% 83,8% 83,87% 67,4% – 92,9% 84,9% không khớp" in lines


def test_what_does_not_fit_stands_below() -> None:
    assert sheet_as_text(FORMS).endswith(
        "\nChưa khớp:\n- Mức độ hài lòng, Hài lòng trở lên: 84,9% đã công bố không ra được từ số phiếu (83,8710%).\n"
    )


def test_every_mismatch_has_its_sentence() -> None:
    mixed = Criterion("Thời gian", (published(239, "79,66"), published(41, "13,67", "b"), published(20, None, "c")))
    more = Sheet((criterion(250, 41), mixed), issued=290, returned=301)
    sentences = json.loads(sheet_as_json(more))["mismatches"]
    assert sentences == [
        "Số phiếu thu về (301) nhiều hơn số phiếu phát ra (290).",
        "Thái độ: các mức cộng lại được 291, thiếu 10 so với 301 phiếu thu về.",
        "Thời gian: các mức cộng lại được 300, thiếu 1 so với 301 phiếu thu về.",
        "Thời gian: các tỷ lệ đã công bố không cùng một cách làm tròn.",
    ]
    blank = Criterion("Thái độ", criterion(250, 41).levels, blank=1000)
    assert json.loads(sheet_as_json(Sheet((blank,), returned=1200)))["mismatches"] == [
        "Thái độ: các mức cộng lại được 291 cộng 1.000 phiếu bỏ trống, thừa 91 so với 1.200 phiếu thu về."
    ]


def test_where_all_fits_it_is_said() -> None:
    assert sheet_as_text(Sheet((criterion(1, 2),))).endswith("\nSố liệu khớp nhau.\n")
    assert sheet_as_text(Sheet((criterion(1, 2),))).startswith("Thái độ · Trả lời: 3\n")


def test_where_no_level_counts_as_satisfied_no_share_is_made_up() -> None:
    sheet = Sheet((criterion(1, 2, satisfied=0),))
    assert "Hài lòng trở lên" not in sheet_as_text(sheet)
    assert json.loads(sheet_as_json(sheet))["criteria"][0]["satisfied"] is None


def test_nothing_answered_has_no_percentage() -> None:
    sheet = Sheet((criterion(0, 0),))
    assert "a 00/00 – – – – – – –" in narrow(sheet_as_text(sheet))
    told = json.loads(sheet_as_json(sheet))["criteria"][0]["levels"][0]
    assert (told["percent"], told["interval_low"], told["comes_out_by"]) == (None, None, None)
    assert list(csv.reader(sheet_as_csv(sheet).splitlines()))[1] == ["Thái độ", "a", "0", "0", *[""] * 10]


@given(sheets)
def test_json_holds_every_digit_of_every_way_of_rounding(sheet: Sheet) -> None:
    told = json.loads(sheet_as_json(sheet))
    for mine, theirs in zip(sheet.criteria, told["criteria"], strict=True):
        answers = mine.answers
        assert theirs["answered"] == answers.answered
        for place, (level, line) in enumerate(zip(mine.levels, theirs["levels"], strict=True)):
            assert (line["level"], line["count"]) == (level.name, level.count)
            share = answers.share_of(place)
            for mode in Mode:
                for decimals in (0, 1, 2) if share is not None else ():
                    assert line["percent"][mode][str(decimals)] == str(
                        Rounding(mode, decimals).percent(share or Fraction())
                    )


@given(sheets)
def test_csv_has_a_row_for_each_level_and_each_satisfied_share(sheet: Sheet) -> None:
    rows = list(csv.reader(sheet_as_csv(sheet).splitlines()))
    expected = sum(len(c.levels) + bool(c.answers.satisfied_levels) for c in sheet.criteria)
    assert len(rows) == 1 + expected
    assert {len(row) for row in rows} == {14}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@given(sheets)
def test_text_names_everything(sheet: Sheet) -> None:
    text = sheet_as_text(sheet)
    for mine in sheet.criteria:
        assert mine.name in text
        assert all(level.name in text for level in mine.levels)
