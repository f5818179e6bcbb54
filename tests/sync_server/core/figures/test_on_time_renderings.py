"""How cases keep their dates, in words and for programs."""

from dataclasses import replace
from datetime import date

from sync_server.core.cases import Channel
from sync_server.core.figures.apologies import apologies_due
from sync_server.core.figures.apologies_renderings import apologies_as_json, apologies_as_text
from sync_server.core.figures.on_time import CaseBreakdown, on_time
from sync_server.core.figures.on_time_renderings import on_time_as_text, on_time_values
from sync_server.core.figures.period import Breakdown
from sync_server.core.figures.period_names import PeriodNames
from sync_server.core.rounding import Mode, Rounding
from tests.sync_server.core.figures.case_cells import FIRST, LAST, cell

NAMES = PeriodNames(
    "sia", "Bộ phận Một cửa", "UBND thị trấn Sịa", {each: f"<{each}:{{}}>".format for each in Breakdown}, str
)
DAY = date(2026, 10, 2)
CELLS = [
    cell(DAY, date(2026, 10, 9), date(2026, 10, 8), 1234),
    cell(DAY, date(2026, 10, 9), date(2026, 10, 12), 617),
    cell(DAY, None, DAY),
    replace(cell(DAY, date(2026, 10, 9), None, 3, officer="an"), field=None, channel=None),
    cell(DAY, None, None, 2),
]
FIGURES = on_time(CELLS, FIRST, LAST, LAST, by_officer=True)
ROUNDING = Rounding(Mode.TRUNCATE, 2)


def test_a_person_reads_counts_shares_and_days() -> None:
    lines = on_time_as_text(FIGURES, NAMES, ROUNDING).splitlines()
    assert lines[:2] == ["", "Tiến độ giải quyết hồ sơ (tính đến 31/12/2026)"]
    told = {" ".join(line.split()) for line in lines}
    assert told >= {
        "Tiếp nhận trong kỳ 1.857",
        "Đã trả kết quả: trước hạn 1.234",
        "Đã trả kết quả: trễ hạn 617",
        "Đã trả kết quả: không ghi ngày hẹn 1",
        "Tỷ lệ đúng hạn (gồm trước hạn) 66,66%",
        "Thời gian giải quyết trung bình (ngày) 7,3",
        "Đang giải quyết: quá hạn 3",
        "Đang giải quyết: không ghi ngày hẹn 2",
        "<officer:huong> 1.854 1.234 0 617 66,66% 7,3 0",
        "<officer:an> 3 0 0 0 – – 3",
        "Không rõ 3 0 0 0 – – 3",
        "Trực tiếp 1.854 1.234 0 617 66,66% 7,3 0",
    }


def test_what_is_not_known_is_not_told() -> None:
    assert on_time_as_text(on_time([CELLS[-1]], FIRST, LAST, LAST, by_officer=True), NAMES, ROUNDING) == ""
    unknown = on_time([replace(CELLS[0], channel=None)], FIRST, LAST, LAST, by_officer=False)
    told = on_time_as_text(unknown, NAMES, ROUNDING)
    assert "Theo hình thức tiếp nhận" not in told
    assert "Theo công chức" not in told
    assert "không ghi ngày hẹn" not in told


def test_programs_get_the_same_numbers() -> None:
    told = on_time_values(FIGURES, NAMES, ROUNDING)
    assert (told["early"], told["late"], told["percent"], told["average_days"]) == (1234, 617, "66.66", "7.3")
    tables = told["tables"]
    assert isinstance(tables, dict)
    assert [row["name"] for row in tables[CaseBreakdown.CHANNEL]] == ["Trực tiếp", "Không rõ"]
    assert tables["officer"][1]["percent"] is None
    assert tables["officer"][1]["open_overdue"] == 3
    other = on_time([replace(CELLS[0], channel=Channel.POST)], FIRST, LAST, LAST, by_officer=True)
    assert "Bưu chính công ích" in on_time_as_text(other, NAMES, ROUNDING)


def test_apologies_are_listed_by_standing() -> None:
    cells = [CELLS[3], cell(DAY, date(2026, 10, 10), cases=2), cell(DAY, date(2026, 10, 11))]
    found = apologies_due(cells, date(2026, 10, 10))
    told = [" ".join(line.split()) for line in apologies_as_text(found, NAMES, date(2026, 10, 10)).splitlines()]
    assert told[:2] == ["Bộ phận Một cửa · UBND thị trấn Sịa", "10/10/2026"]
    assert "Quá hạn chưa trả kết quả: 3" in told
    assert "<procedure:1.001193> <officer:an> 02/10/2026 09/10/2026 1 3" in told
    assert "Đến hạn hôm nay: 2" in told
    assert "<procedure:1.001193> <officer:huong> 02/10/2026 11/10/2026 0 1" in told
    as_json = apologies_as_json(found, NAMES, date(2026, 10, 10))
    assert '"standing": "last-day"' in as_json
    assert '"days_late": 0' in as_json


def test_nothing_late_is_said() -> None:
    assert "Không có hồ sơ nào quá hạn" in apologies_as_text((), NAMES, DAY)


def test_item_54_is_told_apart_as_far_as_it_is_known() -> None:
    told = {" ".join(line.split()) for line in on_time_as_text(FIGURES, NAMES, ROUNDING).splitlines()}
    assert "Nội dung 5.4, QĐ 766/QĐ-TTg (theo hồ sơ, không theo lượt đánh giá; công thức chưa được đối chiếu)" in told
    assert told >= {
        "bị phản ánh, kiến nghị, không hài lòng trên Cổng DVCQG không có dữ liệu",
        "Tỷ lệ 766, nhiều nhất có thể 66,55%",
        "Điểm 766 (tối đa 6), nhiều nhất có thể 4,43",
    }
    values = on_time_values(FIGURES, NAMES, ROUNDING)["item_54_of_766"]
    assert values == {
        "cases": 1854,
        "overdue": 620,
        "complained_of": None,
        "percent_at_most": "66.55",
        "points_at_most": "4.43",
    }
    unknown = on_time([replace(CELLS[2])], FIRST, LAST, LAST, by_officer=False)
    assert "nhiều nhất" not in on_time_as_text(unknown, NAMES, ROUNDING)
    none = on_time_values(unknown, NAMES, ROUNDING)["item_54_of_766"]
    assert isinstance(none, dict)
    assert none["percent_at_most"] is None
