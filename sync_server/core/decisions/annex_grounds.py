"""Phụ lục: what the figures rest on: completeness, exclusions, official beside raw, channels, who took part. Pure."""

from collections.abc import Iterator

from sync_server.core.decisions import wording
from sync_server.core.decisions.document import Align, Block, Column, Paragraph, Row, Subtitle, Table
from sync_server.core.decisions.facts import Facts
from sync_server.core.decisions.fields import literal
from sync_server.core.decisions.lines import field, names_and_numbers, of, question, survey_name
from sync_server.core.figures.period import CriterionFigures, SurveyFigures
from sync_server.core.figures.period_wording import CHANNELS, LABELS, OUTCOMES
from sync_server.core.rounding import count_text

_BOTH = (("answered", wording.COUNT), ("satisfied", wording.SATISFIED), ("percent", wording.SHARE))


def blocks(facts: Facts) -> Iterator[Block]:
    """Yield the blocks."""
    yield Subtitle(wording.COMPLETENESS)
    yield from _completeness(facts)
    yield Subtitle(wording.OFFICIAL_AND_RAW)
    yield _official_and_raw(facts) if facts.figures.surveys else Paragraph(wording.NO_VOTES)
    yield Subtitle(wording.EXCLUSIONS)
    yield _exclusions(facts)
    yield Subtitle(wording.PARTICIPATION)
    yield _participation(facts)
    yield Subtitle(wording.OUTCOMES)
    outcomes = [(OUTCOMES[outcome], field("stated.outcome", outcome)) for outcome in wording.OUTCOME_ROWS]
    yield names_and_numbers(wording.CONTENT, wording.COUNT, outcomes)
    if facts.figures.reasons:
        yield Subtitle(wording.REASONS)
        reasons = [(facts.names.reason(reason), field("reason", reason)) for reason in facts.figures.reasons]
        yield names_and_numbers(wording.LABEL, wording.COUNT, reasons)


def stated(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the values of these fields."""
    for number, finding in enumerate(facts.findings or (), start=1):
        yield f"stated.finding.{number}", _without_end(finding)
    yield "stated.reason", _without_end(facts.reason)
    yield "stated.late", count_text(facts.late)
    yield "stated.undated", count_text(facts.figures.undated)
    for outcome in wording.OUTCOME_ROWS:
        yield f"stated.outcome.{outcome}", count_text(facts.figures.outcomes[outcome])


def _without_end(text: str) -> str:
    return text.rstrip(" .;")  # the document ends the sentence


def _completeness(facts: Facts) -> Iterator[Block]:
    if facts.findings is None:
        yield Paragraph(wording.NOT_ASSESSED)
    elif not facts.findings:
        yield Paragraph(wording.ALL_THERE)
    for number in range(1, len(facts.findings or ()) + 1):
        yield Paragraph(wording.FINDING.format(number))
    if facts.reason:
        yield Paragraph(wording.WENT_ON)


def _official_and_raw(facts: Facts) -> Table:
    several = len(facts.figures.surveys) > 1
    columns = [Column(title.format(name), 4) for title in (wording.OFFICIAL, wording.ALL) for _, name in _BOTH]
    rows = [
        Row((_asked(survey, criterion, several), *_numbers(survey, criterion)))
        for survey in facts.figures.surveys
        for criterion in survey.criteria
    ]
    return Table((Column(wording.CRITERION, 8, Align.LEFT), *columns), tuple(rows))


def _asked(survey: SurveyFigures, criterion: CriterionFigures, several: bool) -> str:
    text = literal(question(criterion))
    return f"{text} ({survey_name(survey.revision)})" if several else text


def _numbers(survey: SurveyFigures, criterion: CriterionFigures) -> Iterator[str]:
    for begin in ("", "raw."):
        for name, _ in _BOTH:
            yield of(survey, criterion, f"{begin}{name}")


def _exclusions(facts: Facts) -> Table:
    rows = [(LABELS.get(label, label), field("excluded_votes", label)) for label in facts.figures.excluded]
    rows += [
        (wording.EXCLUDED_IN_ALL, "{excluded}"),
        (wording.LABELLED, "{labelled}"),
        (wording.UNREVIEWED, "{unreviewed}"),
    ]
    table = names_and_numbers(wording.LABEL, wording.COUNT, rows)
    return Table(table.columns, table.rows, wording.EXCLUSIONS_NOTE)


def _participation(facts: Facts) -> Table:
    rows = [(CHANNELS[channel], field("channel", channel)) for channel in facts.figures.channels]
    rows += [
        (wording.RAW_VOTES, "{raw}"),
        (wording.SERVED, "{stated.served}"),
        (wording.ANSWER_RATE, "{stated.answer_rate}"),
        (wording.UNDATED, "{stated.undated}"),
        (wording.UNKNOWN_SURVEY, "{unknown_survey}"),
    ]
    if facts.late:
        rows.append((wording.LATE, "{stated.late}"))
    return names_and_numbers(wording.CONTENT, wording.COUNT, rows)
