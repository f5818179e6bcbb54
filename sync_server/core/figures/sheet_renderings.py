"""A sheet of counts with everything computed of it, as text for a terminal, as JSON and as CSV.

Keys of the JSON: `title`, `issued`, `returned`, `return_percent`, `criteria`, `mismatches` (sentences). A criterion
holds `criterion`, `answered`, `blank` and `levels`; a level, and `satisfied` for the levels that count as such, holds
`level`, `count`, `percent`, `interval_low` and `interval_high` (percent with four decimals), `published` and
`comes_out_by` (the ways of rounding that make the published digits). Percentages are digits as text, by way of
rounding, then by number of decimals. All of them are null where nothing was answered or said.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sync_server.core import wording as names
from sync_server.core.columns import aligned
from sync_server.core.figures import wording
from sync_server.core.figures.checks import mismatches, reproduced_by
from sync_server.core.figures.coverage import Coverage
from sync_server.core.figures.sheet import Criterion, Sheet, published_number
from sync_server.core.interval import Interval, wilson
from sync_server.core.renderings import harmless
from sync_server.core.rounding import (
    Mode,
    Rounding,
    count_text,
    decimal_text,
    half_up,
    interval_text,
    part_text,
)

# As many as are published anywhere, and none.
DECIMALS = (0, 1, 2)
ROUNDINGS = tuple(Rounding(mode, decimals) for mode in Mode for decimals in DECIMALS)
_INTERVAL_DECIMALS = 4


@dataclass(frozen=True)
class Line:
    """A level of a criterion, or its satisfied levels together."""

    name: str
    count: int
    answered: int
    published: Decimal | None

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.count, self.answered) if self.answered else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.count, self.answered)

    @property
    def comes_out_by(self) -> tuple[Mode, ...] | None:
        """The ways of rounding that make the published digits; None where nothing was published."""
        if self.published is None:
            return None
        return tuple(mode for mode in Mode if mode in reproduced_by(self.published, self.share))


def sheet_as_text(sheet: Sheet) -> str:
    """Return aligned tables in Vietnamese, what does not fit together below them, ending in a newline."""
    lines = [] if sheet.title is None else [sheet.title, ""]
    forms = [(wording.FORMS_ISSUED, sheet.issued), (wording.FORMS_RETURNED, sheet.returned)]
    lines += [f"{name}: {count_text(count)}" for name, count in forms if count is not None]
    if (rate := _return_rate(sheet)) is not None:
        percents = [rounding.percent_text(rate) for rounding in ROUNDINGS]
        lines += aligned([["", *map(_name, ROUNDINGS)], [wording.RETURN_RATE, *percents]])
    for criterion in sheet.criteria:
        answers = criterion.answers
        blank = "" if criterion.blank is None else f" · {wording.BLANK}: {count_text(criterion.blank)}"
        lines += ["", f"{criterion.name} · {wording.ANSWERED}: {count_text(answers.answered)}{blank}"]
        heading = [wording.LEVEL, wording.COUNT, *map(_name, ROUNDINGS), names.INTERVAL]
        rows = [heading, *map(_text_cells, _lines(criterion))]
        if any(line.published is not None for line in _lines(criterion)):
            rows[0] += [wording.PUBLISHED, wording.COMES_OUT_BY]
            for row, line in zip(rows[1:], _lines(criterion), strict=True):
                row += _published_cells(line)
        lines += aligned(rows)
    sentences = [wording.mismatch_sentence(mismatch) for mismatch in mismatches(sheet)]
    lines += ["", f"{wording.MISMATCHES}:", *(f"- {s}" for s in sentences)] if sentences else ["", wording.ALL_FITS]
    return "\n".join(lines).lstrip("\n") + "\n"


def sheet_as_json(sheet: Sheet) -> str:
    """Return a JSON object, ending in a newline; the keys stand in this module's docstring."""
    told = {
        "title": sheet.title,
        "issued": sheet.issued,
        "returned": sheet.returned,
        "return_percent": _json_percent(_return_rate(sheet)),
        "criteria": [_json_criterion(criterion) for criterion in sheet.criteria],
        "mismatches": [wording.mismatch_sentence(mismatch) for mismatch in mismatches(sheet)],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def sheet_as_csv(sheet: Sheet) -> str:
    """Return one CSV table, a row for each level; write it as UTF-8 with a byte order mark, for spreadsheets."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    heading = [wording.CRITERION, wording.LEVEL, wording.COUNT, wording.ANSWERED, *map(_name, ROUNDINGS)]
    ends = [f"{names.INTERVAL_LOW} (%)", f"{names.INTERVAL_HIGH} (%)"]
    writer.writerow([*heading, *ends, wording.PUBLISHED, wording.COMES_OUT_BY])
    for criterion in sheet.criteria:
        for line in _lines(criterion):
            percents = ["" if line.share is None else rounding.percent(line.share) for rounding in ROUNDINGS]
            low, high = _ends(line.interval)
            published = ["", ""] if line.published is None else [line.published, _modes(line)]
            texts = [harmless(criterion.name), harmless(line.name)]
            ends = ["" if end is None else str(end) for end in (low, high)]
            writer.writerow([*texts, line.count, line.answered, *percents, *ends, *published])
    return written.getvalue()


def _return_rate(sheet: Sheet) -> Fraction | None:
    if sheet.issued is None or sheet.returned is None:
        return None
    return Coverage(sheet.returned, sheet.issued).rate


def _lines(criterion: Criterion) -> Iterator[Line]:
    answers = criterion.answers
    for level in criterion.levels:
        yield Line(level.name, level.count, answers.answered, _number(level.published))
    if answers.satisfied_levels:
        yield Line(names.SATISFIED, answers.satisfied, answers.answered, _number(criterion.published))


def _number(published: str | None) -> Decimal | None:
    return None if published is None else published_number(published)


def _name(rounding: Rounding) -> str:
    return f"{wording.MODES[rounding.mode]} {rounding.decimals}"


def _text_cells(line: Line) -> list[str]:
    percents = [rounding.percent_text(line.share) for rounding in ROUNDINGS]
    return [line.name, part_text(line.count, line.answered), *percents, interval_text(line.interval)]


def _published_cells(line: Line) -> list[str]:
    return ["", ""] if line.published is None else [f"{decimal_text(line.published)}%", _modes(line)]


def _modes(line: Line) -> str:
    return ", ".join(wording.MODES[mode] for mode in line.comes_out_by or ()) or wording.COMES_OUT_BY_NONE


def _ends(interval: Interval | None) -> tuple[Decimal | None, Decimal | None]:
    if interval is None:
        return None, None
    low, high = (half_up(Fraction(end) * 100, _INTERVAL_DECIMALS) for end in (interval.low, interval.high))
    return low, high


def _json_criterion(criterion: Criterion) -> dict[str, object]:
    levels = [_json_line(line) for line in _lines(criterion)]
    satisfied = levels.pop() if len(levels) > len(criterion.levels) else None
    return {
        "criterion": criterion.name,
        "answered": criterion.answers.answered,
        "blank": criterion.blank,
        "levels": levels,
        "satisfied": satisfied,
    }


def _json_line(line: Line) -> dict[str, object]:
    low, high = (None if end is None else float(end) for end in _ends(line.interval))
    return {
        "level": line.name,
        "count": line.count,
        "percent": _json_percent(line.share),
        "interval_low": low,
        "interval_high": high,
        "published": None if line.published is None else str(line.published),
        "comes_out_by": None if line.comes_out_by is None else list(line.comes_out_by),
    }


def _json_percent(share: Fraction | None) -> dict[str, dict[str, str]] | None:
    if share is None:
        return None
    return {
        str(mode): {str(decimals): str(Rounding(mode, decimals).percent(share)) for decimals in DECIMALS}
        for mode in Mode
    }
