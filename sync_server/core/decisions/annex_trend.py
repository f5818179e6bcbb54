"""Phụ lục: the share satisfied over time with its interval, each survey a line, and the table of years. Pure."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from sync_server.core.decisions import wording
from sync_server.core.decisions.document import Align, Block, Chart, Column, Point, Row, Subtitle, Table
from sync_server.core.decisions.facts import Counted, Earlier, Facts
from sync_server.core.decisions.lines import field, survey_name
from sync_server.core.decisions.roman import roman
from sync_server.core.interval import wilson
from sync_server.core.rounding import NO_NUMBER, Rounding, count_text, decimal_text
from sync_server.core.spans import Kind, Span

MOST_TIMES = 8  # of a line, this one among them


def has_any(facts: Facts) -> bool:
    """Whether there is a time to compare with."""
    return bool(facts.years) or bool(facts.figures.surveys and facts.trend)


def blocks(facts: Facts) -> Iterator[Block]:
    """Yield a chart for each survey of the time, and the table of years if there are any."""
    for survey in facts.figures.surveys:
        yield _chart(facts, survey.revision)
    if facts.years:
        yield Subtitle(wording.YEARS_TITLE)
        yield _years(facts.years)


def stated(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the values of these fields; a point without answers has empty ones."""
    for earlier in _times(facts):
        for survey in facts.figures.surveys:
            for name, text in _point_values(earlier.of(survey.revision), facts.rounding).items():
                yield f"stated.trend.s{survey.revision}.{earlier.span}.{name}", text
        yield f"stated.trend.{earlier.span}.label", short_label(earlier.span)
    for year in facts.years:
        yield from _year_values(year, _revisions(facts.years), facts.rounding)


def short_label(span: Span) -> str:
    """Return a time as an axis has room for it: "III/2026"."""
    match span.kind:
        case Kind.QUARTER:
            return f"{roman(span.number)}/{span.year}"
        case Kind.HALF_YEAR:
            return f"6T{'đ' if span.number == 1 else 'c'}/{span.year}"
        case Kind.MONTH:
            return f"{span.number}/{span.year}"
        case _:
            return f"{span.year}"


def this_time(facts: Facts) -> Earlier:
    """Return the time itself as the trend shows it."""
    surveys = tuple(
        Counted(survey.revision, survey.main.official.satisfied, survey.main.official.answered)
        for survey in facts.figures.surveys
    )
    return Earlier(facts.span, surveys, facts.figures.coverage.served)


def _times(facts: Facts) -> tuple[Earlier, ...]:
    return (*facts.trend[-(MOST_TIMES - 1) :], this_time(facts))


def _chart(facts: Facts, revision: int) -> Chart:
    points, told = [], []
    for earlier in _times(facts):
        begin = ("stated.trend", f"s{revision}", earlier.span)
        label = field("stated.trend", earlier.span, "label")
        numbers = {name: field(*begin, name) for name in ("percent", "low", "high", "count")}
        points.append(Point(label, **numbers))
        if earlier.of(revision).answered:
            told.append(
                wording.TREND_POINT.replace("{label}", label)
                .replace("{percent}", numbers["percent"])
                .replace("{count}", numbers["count"])
            )
    return Chart(
        tuple(points),
        "{stated.target_number}",
        wording.TARGET,
        wording.TREND_CAPTION.replace("{survey}", survey_name(revision)),
        wording.TREND_TOLD.replace("{}", "; ".join(told) or NO_NUMBER),
    )


def _point_values(counted: Counted, rounding: Rounding) -> Mapping[str, str]:
    interval = wilson(counted.satisfied, counted.answered)
    if counted.share is None or interval is None:
        return {"percent": "", "low": "", "high": "", "count": count_text(0)}
    return {
        "percent": decimal_text(rounding.percent(counted.share)),
        "low": decimal_text(rounding.percent(Fraction(interval.low))),
        "high": decimal_text(rounding.percent(Fraction(interval.high))),
        "count": count_text(counted.answered),
    }


def _revisions(years: tuple[Earlier, ...]) -> tuple[int, ...]:
    return tuple(sorted({survey.revision for year in years for survey in year.surveys}))


def _years(years: tuple[Earlier, ...]) -> Table:
    rows = []
    for revision in _revisions(years):
        for title, name in (
            (wording.VOTES_OF, "votes"),
            (wording.SHARE_OF, "percent"),
            (wording.INTERVAL_OF, "interval"),
        ):
            told = title.replace("{}", survey_name(revision))
            rows.append(Row((told, *(field("stated.year", year.span, f"s{revision}", name) for year in years))))
    rows += [
        Row((title, *(field("stated.year", year.span, name) for year in years)))
        for title, name in ((wording.SERVED, "served"), (wording.ON_TIME_SHARE, "on_time"))
    ]
    columns = [Column(wording.YEAR.format(year.span.year), 3) for year in years]
    return Table((Column(wording.CONTENT, 6, Align.LEFT), *columns), tuple(rows))


def _year_values(year: Earlier, revisions: tuple[int, ...], rounding: Rounding) -> Iterator[tuple[str, str]]:
    begin = f"stated.year.{year.span}"
    for revision in revisions:
        values = _point_values(year.of(revision), rounding)
        share = year.of(revision).share
        yield f"{begin}.s{revision}.votes", values["count"]
        yield f"{begin}.s{revision}.percent", rounding.percent_text(share)
        interval = NO_NUMBER if share is None else f"{values['low']}% – {values['high']}%"
        yield f"{begin}.s{revision}.interval", interval
    yield f"{begin}.served", count_text(year.served)
    yield f"{begin}.on_time", rounding.percent_text(None if year.on_time is None else year.on_time.share)
