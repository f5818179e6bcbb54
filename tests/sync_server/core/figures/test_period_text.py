"""What a report says in words: whatever there is, and nothing of what there is not."""

from datetime import date

from sync_server.core.book import Book
from sync_server.core.figures.beside_text import times_as_text
from sync_server.core.figures.period import PeriodFigures, figures_of
from sync_server.core.figures.period_names import names_of
from sync_server.core.figures.period_text import period_as_text
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.rules import USUAL_RULES
from sync_server.core.surveys import Criterion, Survey, Surveys
from tests.sync_server.core.figures.test_period import FIRST, LAST, SURVEYS, cast, cell, figures

BOTH = {"vi": "Có", "en": "Yes"}
ALL_NINE = Survey(tuple(Criterion(f"indicator-{number}", BOTH, (BOTH,) * 3, (2, 3)) for number in range(1, 10)))
WITH_NINE: Surveys = SURVEYS | {3: ALL_NINE}


def told(counted: PeriodFigures) -> str:
    return period_as_text(counted, names_of(Book("sia"), LAST), "Quý IV năm 2026")


def of_nine(cells: list[VoteCell]) -> str:
    return told(figures_of(cells, [], WITH_NINE, USUAL_RULES, FIRST, LAST, served=0, reasons={}))


def test_votes_beyond_cases_and_votes_that_are_not_counted_are_named() -> None:
    later = date(2027, 1, 1)
    cells = [*cast(5, 9), *cast(4, 2, until_half=later), *cast(4, 3, survey=9)]
    lines = told(figures(cells, served=7)).splitlines()
    words = {line.rsplit(None, 1)[0].strip(): line.rsplit(None, 1)[-1] for line in lines if line}
    assert words["Số lượt vượt số hồ sơ"] == "5"
    assert words["Chưa rõ thuộc quý nào"] == "2"
    assert words["Phiếu hỏi không rõ"] == "3"
    usual = told(figures(cast(5, 9), served=70))
    for absent in ("vượt số hồ sơ", "Chưa rõ thuộc quý nào", "Phiếu hỏi không rõ", "ẩn"):
        assert absent not in usual


def test_what_is_hidden_is_said_to_be() -> None:
    text = told(figures([*cast(5, 50), *cast(4, 3, officer="binh")]))
    assert "• = ẩn, vì dưới 5 lượt" in text


def test_nine_indicators_with_data_leave_none_out() -> None:
    answers = [cell(f"indicator-{number}", 3, 4, survey=3) for number in range(1, 10)]
    text = of_nine([cell(None, None, 4, survey=3), *answers])
    assert "Tổng điểm (tối đa 18)" in text
    assert "18,0" in text
    assert "Chưa có số liệu, không tính" not in text


def test_indicators_that_nobody_answered_have_no_sum() -> None:
    text = of_nine([cell(None, None, 4, survey=3)])
    assert "Tổng điểm" not in text
    assert "chỉ số 1, 2, 3, 4, 5, 6, 7, 8, 9" in text


def test_times_of_two_surveys_stand_in_two_tables() -> None:
    both = figures([*cast(5, 10), *cast(3, 20, "time", survey=2)])
    one = figures(cast(5, 4))
    text = times_as_text([("Quý III", one), ("Quý IV", both)])
    assert text.count("Kỳ ") == 2
    assert [line.split()[:2] for line in text.splitlines() if line.startswith("Quý")] == [
        ["Quý", "III"],
        ["Quý", "IV"],
        ["Quý", "IV"],
    ]
    assert times_as_text([("Quý III", figures([]))]) == ""
