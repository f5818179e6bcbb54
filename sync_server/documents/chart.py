"""A chart as SVG: a line with its interval beside a target, labelled directly. Pure.

It is drawn in points at the size at which it is printed, so its letters are as large as those of the text. Only plain
colours and shapes: PDF/A, Word and LibreOffice show them alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape

from sync_server.core.decisions.document import Chart, Point
from sync_server.documents.checking import percent
from sync_server.documents.measures import CHART, FONTS

POINTS_A_MM = 72 / 25.4
WIDTH, HEIGHT = CHART[0] * POINTS_A_MM, CHART[1] * POINTS_A_MM
LEFT, RIGHT, TOP, BOTTOM = 44.0, 84.0, 14.0, 36.0  # what the labels around the drawing take
LETTER = 0.5  # em, about what a letter of the labels is wide
SMALL, LARGE = 10.0, 11.5
BLUE, BAND, BROWN, GREY, FAINT = "#0b5aa8", "#dce7f3", "#8a3b00", "#4a5361", "#d5d9e0"
MOST_LABELLED = 8  # points: more of them would stand in each other's way
NEXT_LABEL = 13.0  # points between the middles of two labels
STEPS = (5, 10, 20)
MOST_LINES = 6


@dataclass(frozen=True)
class _Place:
    """A point of the line, where it is drawn."""

    x: float
    point: Point


def chart_svg(chart: Chart) -> str:
    """Draw a chart; every number in it is one of the chart's own texts, but those along the axis."""
    lowest, step = _scale(chart)
    places = [_Place(_x(number, len(chart.points)), point) for number, point in enumerate(chart.points)]
    family = escape(", ".join(f"'{font}'" for font in FONTS) + ", serif", {'"': "&quot;"})
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:.2f}pt" height="{HEIGHT:.2f}pt" '
        f'viewBox="0 0 {WIDTH:.2f} {HEIGHT:.2f}" font-family="{family}">',
        f'<rect width="{WIDTH:.2f}" height="{HEIGHT:.2f}" fill="#ffffff"/>',
        *_bands(places, lowest),
        *_grid(lowest, step),
        *_target(chart, lowest),
        *_line(places, lowest),
        *_labels(chart, places, lowest),
        *_axis(places),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _scale(chart: Chart) -> tuple[int, int]:
    """Return where the axis begins and its step, so that everything drawn stands above the beginning."""
    drawn = [text for point in chart.points for text in (point.percent, point.low, point.high) if text]
    smallest = min(percent(text) for text in (*drawn, chart.target))
    for step in STEPS:
        lowest = int(max(0.0, smallest - step / 2) // step) * step
        if (100 - lowest) / step <= MOST_LINES:
            return lowest, step
    return 0, STEPS[-1]


def _x(number: int, points: int) -> float:
    inside = WIDTH - LEFT - RIGHT
    return LEFT + (inside / 2 if points == 1 else inside * number / (points - 1))


def _y(value: float, lowest: int) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (100 - value) / (100 - lowest)


def _runs(places: list[_Place], *, interval: bool) -> Iterator[list[_Place]]:
    """Yield the stretches of points that have a value (or an interval)."""

    def has(place: _Place) -> bool:
        point = place.point
        return bool(point.low and point.high if interval else point.percent)

    for there, run in groupby(places, has):
        if there:
            yield list(run)


def _bands(places: list[_Place], lowest: int) -> Iterator[str]:
    for run in _runs(places, interval=True):
        if len(run) == 1:
            x, point = run[0].x, run[0].point
            top, bottom = (_y(percent(text), lowest) for text in (point.high, point.low))
            yield f'<rect x="{x - 5:.2f}" y="{top:.2f}" width="10" height="{bottom - top:.2f}" fill="{BAND}"/>'
        else:
            above = [_pair(place.x, place.point.high, lowest) for place in run]
            below = [_pair(place.x, place.point.low, lowest) for place in reversed(run)]
            yield f'<polygon points="{" ".join(above + below)}" fill="{BAND}"/>'


def _pair(x: float, text: str, lowest: int) -> str:
    return f"{x:.2f},{_y(percent(text), lowest):.2f}"


def _grid(lowest: int, step: int) -> Iterator[str]:
    for value in range(lowest, 101, step):
        y = _y(value, lowest)
        yield _stroke(LEFT, y, WIDTH - RIGHT, y, FAINT, 0.75)
        yield _text(LEFT - 7, y + SMALL * 0.34, f"{value}%", GREY, anchor="end")


def _target(chart: Chart, lowest: int) -> Iterator[str]:
    y = _y(percent(chart.target), lowest)
    yield _stroke(LEFT, y, WIDTH - RIGHT, y, BROWN, 1.25, ' stroke-dasharray="6 4"')


def _line(places: list[_Place], lowest: int) -> Iterator[str]:
    for run in _runs(places, interval=False):
        if len(run) > 1:
            points = " ".join(_pair(place.x, place.point.percent, lowest) for place in run)
            yield (
                f'<polyline points="{points}" fill="none" stroke="{BLUE}" stroke-width="2" stroke-linejoin="round" '
                'stroke-linecap="round"/>'
            )
        for place in run:
            y = _y(percent(place.point.percent), lowest)
            yield f'<circle cx="{place.x:.2f}" cy="{y:.2f}" r="3" fill="#ffffff" stroke="{BLUE}" stroke-width="1.75"/>'


def _labels(chart: Chart, places: list[_Place], lowest: int) -> Iterator[str]:
    """Write the values at their points, or only the last one; and the target at its line's end."""
    target = _y(percent(chart.target), lowest)
    drawn = [place for place in places if place.point.percent]
    beside = WIDTH - RIGHT + 7
    target_y = target
    if drawn:
        last = drawn[-1]
        y = _y(percent(last.point.percent), lowest)
        if last is places[-1] and len(places) > 1:
            apart = NEXT_LABEL - abs(y - target)  # of the two, the line's own label keeps its place
            target_y += 0 if apart <= 0 else apart if target >= y else -apart
            yield _text(beside, y + LARGE * 0.34, _percent_sign(last.point.percent), BLUE, size=LARGE, bold=True)
            rest = drawn[:-1] if len(places) <= MOST_LABELLED else []
        else:
            rest = drawn if len(places) <= MOST_LABELLED else [last]
        for place in rest:
            y = _y(percent(place.point.percent), lowest)
            label = _percent_sign(place.point.percent)
            above, below = y - 8, y + 8 + SMALL * 0.7
            begins = place is places[0] and len(places) > 1  # clear of the axis' own labels, and of a line that rises
            rises = begins and any(_y(percent(after.point.percent), lowest) < y for after in drawn[1:2])
            at, anchor = below if rises or above <= SMALL else above, "start" if begins else "middle"
            yield _text(place.x, at, label, BLUE, anchor=anchor, bold=True)
    words = _wrapped(chart.target_label, int((RIGHT - 8) / (SMALL * LETTER)))
    down = target_y >= target or target_y - NEXT_LABEL * len(words) < 0
    first = target_y + SMALL * 0.34 - (0 if down else (len(words) - 1) * (SMALL + 1.5))
    for number, line in enumerate(words):
        yield _text(beside, first + number * (SMALL + 1.5), line, BROWN)


def _axis(places: list[_Place]) -> Iterator[str]:
    """Write the labels below the axis, as many as there is room for, the last one among them."""
    widest = max(len(place.point.label) for place in places) * SMALL * LETTER + 6
    apart = (WIDTH - LEFT - RIGHT) / max(1, len(places) - 1)
    every = max(1, -int(-widest // apart))
    for number, place in enumerate(places):
        if (len(places) - 1 - number) % every == 0:
            yield _text(place.x, HEIGHT - BOTTOM + 17, place.point.label, GREY, anchor="middle")
            if place.point.count:
                yield _text(place.x, HEIGHT - BOTTOM + 30, f"n = {place.point.count}", GREY, anchor="middle", size=9)


def _percent_sign(text: str) -> str:
    return text if text.endswith("%") else f"{text}%"


def _wrapped(text: str, letters: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _stroke(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, more: str = "") -> str:
    places = f'x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}"'
    return f'<line {places} stroke="{colour}" stroke-width="{width}"{more}/>'


def _text(
    x: float, y: float, text: str, colour: str, *, anchor: str = "start", size: float = SMALL, bold: bool = False
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{weight}>'
        f"{escape(text)}</text>"
    )
