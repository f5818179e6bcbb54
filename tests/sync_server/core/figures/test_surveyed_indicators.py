"""A survey that asks for indicators gives their points."""

from pathlib import Path

from protocol.settings_file import read_settings
from sync_server.core.book import Book
from sync_server.core.figures.indicators import Indicator, Points
from sync_server.core.figures.period import PeriodFigures, figures_of
from sync_server.core.figures.period_names import names_of
from sync_server.core.figures.period_text import period_as_text
from sync_server.core.figures.surveyed_indicators import surveyed_points
from sync_server.core.rules import USUAL_RULES
from sync_server.core.surveys import Survey, Surveys
from tests.sync_server.core.figures.test_period import FIRST, LAST, SURVEYS, cast, cell

SHIPPED = Path(__file__).parents[4] / "deploy" / "surveys" / "nine-indicators.toml"
WITH_INDICATORS: Surveys = SURVEYS | {3: read_settings(SHIPPED, Survey)}


def figures() -> PeriodFigures:
    answers = [cell("indicator-1", level, votes, survey=3) for level, votes in ((1, 1), (2, 4), (3, 5))]
    answers.append(cell("indicator-7", 3, 8, survey=3))
    cells = [cell(None, None, 10, survey=3), *answers, *cast(5, 20)]
    return figures_of(cells, [], WITH_INDICATORS, USUAL_RULES, FIRST, LAST, served=0, reasons={})


def test_levels_are_points() -> None:
    usual, indicators = figures().surveys
    assert surveyed_points(usual) == {}
    points = surveyed_points(indicators)
    assert points[Indicator.WHOLE_TIME] == Points(1, 4, 5)
    assert points[Indicator.ATTITUDE] == Points(0, 0, 8)
    assert points[Indicator.CONTACTS] == Points()


def test_the_report_shows_averages_and_what_is_left_out() -> None:
    told = period_as_text(figures(), names_of(Book("sia"), LAST), "Quý IV năm 2026")
    lines = {line.split("  ")[0]: line.split()[-1] for line in told.splitlines() if "  " in line}
    assert lines["1. Tổng thời gian giải quyết hồ sơ"] == "1,4"
    assert lines["Tổng điểm (tối đa 4)"] == "3,4"
    assert "Chưa có số liệu, không tính: chỉ số 2, 3, 4, 5, 6, 8, 9" in told
    assert "không phải SIPAS): 94,4%" in told
