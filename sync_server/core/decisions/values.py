"""The numbers of a time that follow from its votes, as they are printed, by the names that documents use. Pure.

Whoever has the votes of an archive can make all of them again (`sync_server.verifier`); what comes from elsewhere, such
as how many cases were served, is stated and not computed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from urllib.parse import unquote

from sync_server.core.figures.answers import Answers
from sync_server.core.figures.period import (
    Breakdown,
    CriterionFigures,
    PeriodFigures,
    Printed,
    Row,
    RowName,
    SurveyFigures,
)
from sync_server.core.figures.verdict import Verdict, verdict
from sync_server.core.figures.wording import VERDICTS
from sync_server.core.interval import wilson
from sync_server.core.rounding import NO_NUMBER, Rounding, count_text

_PLAIN = re.compile(r"[A-Za-z0-9_-]")


_LINE = re.compile(rf"s(\d+)\.by\.({'|'.join(Breakdown)})\.([^.]*)\.answered")


def escaped(key: str | None) -> str:
    """Return a key as it stands in the name of a field: what could end the name is written by its bytes, like %2E."""
    return "".join(
        sign if _PLAIN.fullmatch(sign) else "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogatepass"))
        for sign in key or ""
    )


def is_shown(row: Row) -> bool:
    """Whether a row has fields: one of which anything is hidden has none, and documents show "*"."""
    return row.satisfied is not None and row.answered is not None


def computed_of(figures: PeriodFigures) -> dict[str, str]:
    """Return the text of every computed field."""
    return dict(_fields(figures))


def printed_rows(computed: Mapping[str, str]) -> Printed:
    """Return which lines of breakdowns a document shows by its computed fields, and what it says of each."""
    found: dict[RowName, tuple[int, int]] = {}
    for name, text in computed.items():
        if (line := _LINE.fullmatch(name)) is not None:
            survey, breakdown, key = line.groups()
            row = RowName(int(survey), Breakdown(breakdown), _unescaped(key))
            found[row] = _count(computed[f"{name.removesuffix('answered')}satisfied"]), _count(text)
    return found


def _unescaped(key: str) -> str | None:
    return unquote(key, errors="surrogatepass") if key else None


def _count(text: str) -> int:
    return int(text.replace(".", ""))


def _fields(figures: PeriodFigures) -> Iterator[tuple[str, str]]:
    rounding = Rounding(figures.rules.rounding, figures.rules.decimals)
    counts = {
        "votes": sum(survey.votes for survey in figures.surveys),
        "raw": figures.coverage.votes,
        "excluded": figures.excluded_votes,
        **{f"excluded_votes.{label}": votes for label, votes in figures.excluded.items()},
        "labelled": figures.labelled,
        "unreviewed": figures.unreviewed,
        "unknown_survey": figures.unknown_survey,
        **{f"channel.{channel}": votes for channel, votes in figures.channels.items()},
        **{f"reason.{reason}": votes for reason, votes in figures.reasons.items()},
    }
    yield from ((name, count_text(votes)) for name, votes in counts.items())
    target = Fraction(figures.rules.target) / 100
    for survey in figures.surveys:
        for name, text in _survey(survey, rounding, target):
            yield f"s{survey.revision}.{name}", text


def _survey(survey: SurveyFigures, rounding: Rounding, target: Fraction) -> Iterator[tuple[str, str]]:
    yield "votes", count_text(survey.votes)
    yield "raw", count_text(survey.raw_votes)
    yield "excluded", count_text(survey.raw_votes - survey.votes)
    for criterion in survey.criteria:
        for name, text in _criterion(criterion, rounding):
            yield f"{criterion.asked.criterion}.{name}", text
    for breakdown, rows in survey.tables.items():
        for name, text in _rows(rows, rounding, target):
            yield f"by.{breakdown}.{name}", text


def _criterion(criterion: CriterionFigures, rounding: Rounding) -> Iterator[tuple[str, str]]:
    official, raw = criterion.official, criterion.raw
    yield "answered", count_text(official.answered)
    yield "blank", count_text(official.blank)
    yield "satisfied", count_text(official.satisfied)
    yield "percent", rounding.percent_text(official.share)
    yield from _interval(official.satisfied, official.answered, rounding)
    yield "verdict", VERDICTS[criterion.verdict]
    yield from _levels(official, rounding)
    yield "raw.answered", count_text(raw.answered)
    yield "raw.satisfied", count_text(raw.satisfied)
    yield "raw.percent", rounding.percent_text(raw.share)


def _levels(official: Answers, rounding: Rounding) -> Iterator[tuple[str, str]]:
    for place, votes in enumerate(official.levels):
        yield f"level.{place + 1}", count_text(votes)
        yield f"level.{place + 1}.percent", rounding.percent_text(official.share_of(place))


def _rows(rows: Sequence[Row], rounding: Rounding, target: Fraction) -> Iterator[tuple[str, str]]:
    for row in rows:
        if row.satisfied is None or row.answered is None:
            continue
        satisfied, answered = row.satisfied, row.answered
        judged: Verdict = verdict(satisfied, answered, target)
        texts = {
            "answered": count_text(answered),
            "satisfied": count_text(satisfied),
            "unsatisfied": count_text(answered - satisfied),
            "percent": rounding.percent_text(row.share),
            **dict(_interval(satisfied, answered, rounding)),
            "verdict": VERDICTS[judged],
        }
        for name, text in texts.items():
            yield f"{escaped(row.key)}.{name}", text
    yield "hidden", count_text(sum(not is_shown(row) for row in rows))


def _interval(satisfied: int, answered: int, rounding: Rounding) -> Iterator[tuple[str, str]]:
    interval = wilson(satisfied, answered)
    low, high = (
        (NO_NUMBER, NO_NUMBER)
        if interval is None
        else (rounding.percent_text(Fraction(interval.low)), rounding.percent_text(Fraction(interval.high)))
    )
    yield "low", low
    yield "high", high
    yield "interval", NO_NUMBER if interval is None else f"{low} – {high}"
