"""Charts: whatever the numbers, everything lies within the picture and only the chart's own numbers are printed."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.document import Chart, Point
from sync_server.documents.chart import HEIGHT, WIDTH, chart_svg
from sync_server.documents.typesetting import Job, typeset
from tests.fakes.a_decision import a_decision

SVG = "{http://www.w3.org/2000/svg}"
_percents = st.integers(0, 1000).map(lambda tenths: f"{tenths // 10},{tenths % 10}")
_numbers = st.one_of(st.just(""), _percents)
_labels = st.text(alphabet="0123456789/IVXquý <>&\"'", max_size=12)
_points = st.builds(
    Point, label=_labels, percent=_numbers, low=_numbers, high=_numbers, count=st.sampled_from(("", "1.445"))
)
charts = st.builds(
    Chart,
    points=st.lists(_points, min_size=1, max_size=40).map(tuple),
    target=_percents,
    target_label=st.text(alphabet="Mục tiêu80%& <", max_size=40),
    caption=st.just(""),
    told=st.just(""),
)


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart_svg(chart))


def numbers(element: ElementTree.Element) -> list[tuple[float, float]]:
    """Return all places at which an element is drawn."""
    get = element.get
    places = [tuple(map(float, pair.split(","))) for pair in (get("points") or "").split()]
    for across, down in (("x", "y"), ("x1", "y1"), ("x2", "y2"), ("cx", "cy")):
        if get(across) is not None:
            places.append((float(get(across) or 0), float(get(down) or 0)))
    return [(place[0], place[1]) for place in places]


@given(charts)
def test_everything_lies_within_the_picture(chart: Chart) -> None:
    for element in drawn(chart).iter():
        for across, down in numbers(element):
            assert -0.01 <= across <= WIDTH + 0.01
            assert -0.01 <= down <= HEIGHT + 0.01


@given(charts)
def test_a_number_is_printed_as_the_chart_says_it_or_belongs_to_the_axis(chart: Chart) -> None:
    known = {f"{value}%" for value in range(0, 101, 5)} | {f"{point.percent}%" for point in chart.points}
    known |= {point.label for point in chart.points} | {f"n = {point.count}" for point in chart.points}
    for element in drawn(chart).iter(f"{SVG}text"):
        text = element.text or ""
        assert text in known or all(word in chart.target_label.split() for word in text.split())
        assert not re.search(r"\d\.\d(?!\d\d)", text)


@given(charts)
def test_the_line_is_broken_where_nothing_was_counted(chart: Chart) -> None:
    root = drawn(chart)
    assert len(root.findall(f"{SVG}circle")) == sum(1 for point in chart.points if point.percent)
    runs = "".join("x" if point.percent else " " for point in chart.points).split()
    lines = [element.get("points", "").count(",") for element in root.findall(f"{SVG}polyline")]
    assert lines == [len(run) for run in runs if len(run) > 1]
    bands = "".join("x" if point.low and point.high else " " for point in chart.points).split()
    assert len(root.findall(f"{SVG}polygon")) == sum(1 for run in bands if len(run) > 1)
    assert len(root.findall(f"{SVG}rect")) == 1 + sum(1 for run in bands if len(run) == 1)


def test_the_last_value_and_the_target_do_not_stand_in_each_other_s_way() -> None:
    for last in ("79,5", "80", "80,4", "81", "84"):
        chart = Chart((Point("a", "85,7"), Point("b", last)), "80", "Mục tiêu 80%", "", "")
        labels = [element for element in drawn(chart).iter(f"{SVG}text") if float(element.get("x") or 0) > WIDTH - 80]
        places = [float(element.get("y") or 0) for element in labels]
        assert len(places) == 2
        assert abs(places[0] - places[1]) >= 10, last


def test_the_target_is_dashed_and_told_from_the_line_without_colours() -> None:
    block = a_decision().annexes[2].blocks[0]
    assert isinstance(block, Chart)
    dashed = [element for element in drawn(block).iter(f"{SVG}line") if element.get("stroke-dasharray")]
    assert len(dashed) == 1


@pytest.mark.parametrize("points", [1, 2, 5, 53])
def test_typst_draws_it(points: int, tmp_path: Path) -> None:
    chart = Chart(
        tuple(Point(f"<{number}>", "85,7", "80", "90") for number in range(points)), "80", "Mục & tiêu", "", ""
    )
    [result] = typeset([Job("picture.typ", {"svg": chart_svg(chart)}, "png", ppi=72)])
    assert result.contents().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("percents", "below"), [(("78,3", "81,3"), True), (("81,3", "78,3"), False), (("100", ""), True)]
)
def test_the_first_number_is_clear_of_the_axis_and_of_a_line_that_rises(percents: tuple[str, str], below: bool) -> None:
    points = tuple(Point(label="", percent=text, low="", high="", count="") for text in percents)
    picture = drawn(Chart(points=points, target="80", target_label="", caption="", told=""))
    circle = next(picture.iter(f"{SVG}circle"))
    [label] = [
        text for text in picture.iter(f"{SVG}text") if text.text == f"{percents[0]}%" and text.get("font-weight")
    ]
    assert label.get("text-anchor") == "start"
    assert float(label.get("x") or 0) >= float(circle.get("cx") or 0)
    assert (float(label.get("y") or 0) > float(circle.get("cy") or 0)) == below
