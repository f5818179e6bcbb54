"""The figures as text, JSON and CSV: the same numbers in three forms."""

import csv
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.quarterly import Entry, Figures
from sync_server.core.renderings import as_csv, as_json, as_text, harmless
from sync_server.core.rounding import Mode
from sync_server.core.rules import USUAL_RULES, Rules
from tests.fakes.quarter_figures import Count, counted


def some(*counts: Count, name: str = "Nguyễn Thị Hương Giang", rules: Rules = USUAL_RULES) -> Figures:
    return counted(
        *counts,
        officers={"huong": Entry(name, "Hộ tịch")},
        fields={"ho-tich": Entry("Hộ tịch")},
        procedures={"1.1": Entry("Khai sinh, khai tử", "Hộ tịch")},
        rules=rules,
        refused=2,
    )


VOTES = (
    Count(5, 700, "huong", "ho-tich", "1.1"),
    Count(4, 539, "huong", "ho-tich", None),
    Count(1, 206, "huong", "ho-tich", "1.1"),
)
VOTED = some(*VOTES)


def test_percentages_are_rounded_as_the_office_says() -> None:
    by_rule = some(*VOTES, rules=Rules(rounding=Mode.TRUNCATE, decimals=2))
    assert "85,74%" in as_text(by_rule)
    assert json.loads(as_json(by_rule))["total"]["percent"] == 85.74


def test_the_text_is_vietnamese_and_aligned() -> None:
    assert as_text(VOTED) == (
        "Bộ phận Một cửa · UBND thị trấn Sịa\n"
        "Quý IV năm 2026 (01/10/2026 – 31/12/2026)\n"
        "\n"
        "Lượt đánh giá       1.445\n"
        "Hài lòng trở lên    1.239          85,7%\n"
        "Khoảng tin cậy 95%         83,8% – 87,5%\n"
        "Rất hài lòng          700          48,4%\n"
        "Hài lòng              539          37,3%\n"
        "Bình thường             0           0,0%\n"
        "Không hài lòng          0           0,0%\n"
        "Rất không hài lòng    206          14,3%\n"
        "Không được tính         2\n"
        "\n"
        "Theo công chức\n"
        "Tên                      Lượt  Hài lòng trở lên  Tỷ lệ  Khoảng tin cậy 95%\n"
        "Nguyễn Thị Hương Giang  1.445             1.239  85,7%       83,8% – 87,5%\n"
        "\n"
        "Theo lĩnh vực\n"
        "Tên       Lượt  Hài lòng trở lên  Tỷ lệ  Khoảng tin cậy 95%\n"
        "Hộ tịch  1.445             1.239  85,7%       83,8% – 87,5%\n"
        "\n"
        "Theo thủ tục\n"
        "Tên                 Lượt  Hài lòng trở lên   Tỷ lệ  Khoảng tin cậy 95%\n"
        "Khai sinh, khai tử   906               700   77,3%       74,4% – 79,9%\n"
        "Không rõ             539               539  100,0%      99,3% – 100,0%\n"
    )


def test_votes_of_no_certain_quarter_are_named_where_there_are_any() -> None:
    assert "Chưa rõ" not in as_text(VOTED)
    assert "Chưa rõ thuộc quý nào" in as_text(replace(VOTED, period=replace(VOTED.period, undated=3)))


def test_the_text_of_an_empty_quarter_says_so() -> None:
    text = as_text(some())
    assert "Chưa có lượt đánh giá nào trong quý này." in text
    assert "Nguyễn Thị Hương Giang" in text


def test_the_json_has_the_documented_keys() -> None:
    told = json.loads(as_json(VOTED))
    assert told["quarter"] == "2026-Q4"
    assert (told["first_day"], told["last_day"]) == ("2026-10-01", "2026-12-31")
    assert (told["site"], told["office"], told["unit"]) == ("sia", "Bộ phận Một cửa", "UBND thị trấn Sịa")
    assert (told["uncounted"], told["undated"]) == (2, 0)
    assert told["total"] == {
        "votes": 1445,
        "levels": {"1": 206, "2": 0, "3": 0, "4": 539, "5": 700},
        "satisfied": 1239,
        "percent": 85.7,
        "interval_low": 83.8,
        "interval_high": 87.5,
    }
    numbers = {name: number for name, number in told["total"].items() if name != "levels"}
    assert told["officers"] == [{"key": "huong", "name": "Nguyễn Thị Hương Giang", "note": "Hộ tịch", **numbers}]
    assert [row["key"] for row in told["fields"]] == ["ho-tich"]
    assert [row["key"] for row in told["procedures"]] == ["1.1", None]


def test_the_json_of_an_empty_quarter_has_nulls() -> None:
    total = json.loads(as_json(some()))["total"]
    assert (total["votes"], total["percent"], total["interval_low"], total["interval_high"]) == (0, None, None, None)


def test_the_csv_holds_every_row_under_one_heading() -> None:
    heading, *rows = csv.reader(as_csv(VOTED).splitlines())
    assert heading[:5] == ["Bảng", "Mã", "Tên", "Thuộc", "Lượt đánh giá"]
    assert {len(row) for row in rows} == {len(heading)}
    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("Tổng số", "sia", "1445"),
        ("Theo công chức", "huong", "1445"),
        ("Theo lĩnh vực", "ho-tich", "1445"),
        ("Theo thủ tục", "1.1", "906"),
        ("Theo thủ tục", "", "539"),
        ("Không được tính", "", "2"),
        ("Trả lời phiếu hỏi trước", "", "0"),
        ("Chưa rõ thuộc quý nào", "", "0"),
    ]
    assert rows[0][5:] == ["206", "0", "0", "539", "700", "1239", "85.7", "83.8", "87.5"]


def test_the_csv_of_an_empty_quarter_has_empty_cells() -> None:
    total = list(csv.reader(as_csv(some()).splitlines()))[1]
    assert total[4:] == ["0", "0", "0", "0", "0", "0", "0", "", "", ""]


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_name_becomes_a_formula(name: str) -> None:
    row = list(csv.reader(as_csv(some(name=name)).splitlines()))[2]
    assert row[2].startswith("'")


@given(st.text(alphabet=st.characters(exclude_categories=["Cc"], exclude_characters="=+-@")))
def test_other_texts_are_left_alone(text: str) -> None:
    assert harmless(text) == text


FEW = some(Count(5, 70, "huong", "ho-tich", "1.1"), Count(4, 3))


def test_what_is_hidden_stands_in_no_form() -> None:
    assert "Nguyễn Thị Hương Giang     •" in as_text(FEW)
    told = json.loads(as_json(FEW))
    assert [row["votes"] for row in told["officers"]] == [None, None]
    assert told["total"]["votes"] == 73
    for row in csv.reader(as_csv(FEW).splitlines()):
        if row[0] in ("Theo công chức", "Theo lĩnh vực", "Theo thủ tục"):
            assert set(row[4:]) == {""}
