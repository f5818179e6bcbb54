"""The texts of all fields that do not follow from the votes themselves: occasion, cases, forms, other times. Pure."""

from collections.abc import Iterator

from sync_server.core.decisions import (
    annex_check,
    annex_children,
    annex_grounds,
    annex_indicators,
    annex_on_time,
    annex_trend,
    offices,
    wording,
)
from sync_server.core.decisions.amending import OLD
from sync_server.core.decisions.facts import Amended, Facts
from sync_server.core.decisions.lines import day_text, level_name, month_text, number_text, question
from sync_server.core.decisions.roman import roman
from sync_server.core.figures.wording import change_sentence
from sync_server.core.rounding import NO_NUMBER, count_text, decimal_text
from sync_server.core.spans import Kind
from sync_server.core.working_days import after_working_days

BLANK_NUMBER = " " * 6  # for the clerk (văn thư) to write it
BLANK_DAY = f"ngày{' ' * 6}"


def stated_of(facts: Facts) -> dict[str, str]:
    """Return the text of every stated field."""
    return dict(_fields(facts))


def _fields(facts: Facts) -> Iterator[tuple[str, str]]:
    yield "stated.nothing", NO_NUMBER
    yield from _occasion(facts)
    yield from _counts(facts)
    for revision in {each.revision for year in facts.years for each in year.surveys}:
        yield f"stated.s{revision}.name", wording.SURVEY.format(revision)
    for survey in facts.figures.surveys:
        yield f"stated.s{survey.revision}.name", wording.SURVEY.format(survey.revision)
        for criterion in survey.criteria:
            begin = f"stated.s{survey.revision}.{criterion.asked.criterion}"
            levels = [f"“{level_name(criterion, level - 1)}”" for level in sorted(criterion.asked.satisfied)]
            yield f"{begin}.question", question(criterion)
            yield f"{begin}.satisfied_levels", _listed(levels)
            yield f"{begin}.change", change_sentence(criterion.change, facts.rounding)
    yield from annex_trend.stated(facts)
    yield from annex_grounds.stated(facts)
    yield from annex_on_time.stated(facts)
    yield from annex_indicators.stated(facts)
    yield from annex_children.stated(facts)
    yield from annex_check.stated(facts)
    if facts.amended is not None:
        yield from _amended(facts.amended)


def _occasion(facts: Facts) -> Iterator[tuple[str, str]]:
    span, figures = facts.span, facts.figures
    label = span.label
    yield "stated.period", f"{label[:1].lower()}{label[1:]}"
    yield "stated.period_title", label.upper()
    yield "stated.quarter", roman(span.number) if span.kind is Kind.QUARTER else NO_NUMBER
    yield "stated.year", f"{span.year}"
    yield "stated.first_day", day_text(figures.first)
    yield "stated.last_day", day_text(figures.last)
    yield "stated.number", number_text(facts.number) or BLANK_NUMBER
    yield "stated.day", day_text(facts.day) if facts.day else f"{BLANK_DAY} {month_text(facts.drafted)}"
    yield "stated.office", offices.in_text(facts.letterhead.office)
    yield "stated.unit", facts.letterhead.unit
    yield "stated.due", day_text(after_working_days(figures.last, facts.figures.rules.decision_days))
    yield "stated.complaint_days", f"{facts.figures.rules.complaint_days}"


def _counts(facts: Facts) -> Iterator[tuple[str, str]]:
    figures, percent = facts.figures, facts.rounding.percent_text
    target = decimal_text(figures.rules.target)
    yield "stated.target_number", target
    yield "stated.target", f"{target}%"
    yield "stated.least_shown", f"{figures.rules.least_shown}"
    yield "stated.served", count_text(figures.coverage.served)
    yield "stated.answer_rate", percent(figures.coverage.rate)
    yield "stated.forms.issued", count_text(figures.forms.issued)
    yield "stated.forms.returned", count_text(figures.forms.returned)
    yield "stated.forms.rate", percent(figures.forms.coverage.rate)
    yield "stated.forms.uncounted", count_text(figures.forms.returned_uncounted)


def _amended(amended: Amended) -> Iterator[tuple[str, str]]:
    yield "stated.amended.number", number_text(amended.number) or BLANK_NUMBER
    yield "stated.amended.day", day_text(amended.day)
    yield "stated.amended.because", amended.because
    for name, text in amended.old.items():
        yield f"{OLD}.{name}", text


def _listed(texts: list[str]) -> str:
    *others, last = texts
    return f"{', '.join(others)} và {last}" if others else last
