"""The figures as text for a terminal, as JSON for programs and as CSV for spreadsheets.

Keys of the JSON: `quarter`, `first_day`, `last_day`, `site`, `office`, `unit`, `total`, `officers`, `fields`,
`procedures`, `uncounted`, `elsewhere` (votes of earlier surveys), `undated`. Counts are official: votes that the rules
leave out are not in them, and percentages are rounded as the rules say. `total` and each row of the three lists hold
`votes`, `satisfied`, `percent`, `interval_low` and `interval_high` (percent, null without votes; all of them are null
in a row that is hidden); `total` also holds `levels` (how many chose "1", the worst, and so on); a row also holds `key`
(null for the votes that know none), `name` and `note`.
"""

import csv
import json
from fractions import Fraction

from sync_server.core import wording
from sync_server.core.columns import aligned
from sync_server.core.figures.answers import Answers
from sync_server.core.figures.period import Row
from sync_server.core.figures.quarterly import Figures, Line
from sync_server.core.rounding import Rounding, count_text, half_up, interval_text

# What a spreadsheet would take for a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def as_text(figures: Figures) -> str:
    """Return aligned tables in Vietnamese, ending in a newline."""
    office, total, rounding = figures.office, figures.total, figures.rounding
    lines = [
        f"{office.name} · {office.unit}",
        f"{figures.quarter.label} ({figures.period.first:%d/%m/%Y} – {figures.period.last:%d/%m/%Y})",
        "",
    ]
    if not total.answered:
        lines += [wording.NO_VOTES, ""]
    summary = [
        [wording.VOTES, count_text(total.answered), ""],
        [wording.SATISFIED, count_text(total.satisfied), rounding.percent_text(total.share)],
        [wording.INTERVAL, "", interval_text(total.interval)],
        *([figures.asked.said(level), *_level_texts(total, level, rounding)] for level in reversed(_levels(figures))),
        [wording.UNCOUNTED, count_text(figures.uncounted), ""],
        *([[wording.ELSEWHERE, count_text(figures.elsewhere), ""]] if figures.elsewhere else []),
        *([[wording.UNDATED, count_text(figures.undated), ""]] if figures.undated else []),
    ]
    lines += aligned(summary)
    heading = [wording.NAME, wording.VOTES_SHORT, wording.SATISFIED, wording.SHARE, wording.INTERVAL]
    for title, table in _tables(figures):
        if table:
            lines += ["", title, *aligned([heading, *(_text_cells(line, rounding) for line in table)])]
    return "\n".join(lines) + "\n"


def as_json(figures: Figures) -> str:
    """Return a JSON object, ending in a newline; the keys stand in this module's docstring."""
    office, rounding = figures.office, figures.rounding
    return (
        json.dumps(
            {
                "quarter": str(figures.quarter),
                "first_day": figures.period.first.isoformat(),
                "last_day": figures.period.last.isoformat(),
                "site": office.site,
                "office": office.name,
                "unit": office.unit,
                "total": _json_numbers(figures.total, rounding)
                | {"levels": {str(level): votes for level, votes in enumerate(figures.total.levels, start=1)}},
                "officers": [_json_line(line, rounding) for line in figures.by_officer],
                "fields": [_json_line(line, rounding) for line in figures.by_field],
                "procedures": [_json_line(line, rounding) for line in figures.by_procedure],
                "uncounted": figures.uncounted,
                "elsewhere": figures.elsewhere,
                "undated": figures.undated,
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def as_csv(figures: Figures) -> str:
    """Return one CSV table with all rows; write it as UTF-8 with a byte order mark, for spreadsheets."""
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow(
        [
            wording.TABLE,
            wording.KEY,
            wording.NAME,
            wording.BELONGS_TO,
            wording.VOTES,
            *(figures.asked.said(level) for level in _levels(figures)),
            wording.SATISFIED,
            f"{wording.SHARE_SATISFIED} (%)",
            f"{wording.INTERVAL_LOW} (%)",
            f"{wording.INTERVAL_HIGH} (%)",
        ]
    )
    total, office, rounding = figures.total, figures.office, figures.rounding
    everything = [office.site, office.name, office.unit]
    numbers = _csv_numbers(total, rounding)
    writer.writerow([wording.TOTAL, *map(harmless, everything), numbers[0], *total.levels, *numbers[1:]])
    for title, table in _tables(figures):
        for line in table:
            names = (title, line.row.key or "", line.name, line.note)
            first, *others = [""] * 5 if line.hidden else _csv_numbers(line.row, rounding)
            # Of a single line its levels would be small.
            writer.writerow([*map(harmless, names), first, *[""] * len(total.levels), *others])
    aside = (wording.UNCOUNTED, figures.uncounted), (wording.ELSEWHERE, figures.elsewhere)
    for name, votes in (*aside, (wording.UNDATED, figures.undated)):
        writer.writerow([name, "", "", "", votes, *[""] * (len(_levels(figures)) + 4)])
    return "".join(lines.written)


def harmless(cell: str) -> str:
    """Return a text that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell


class _Lines:
    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, line: str) -> None:
        self.written.append(line)


def _levels(figures: Figures) -> range:
    return range(1, len(figures.asked.levels) + 1)


def _tables(figures: Figures) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    return (
        (wording.BY_OFFICER, figures.by_officer),
        (wording.BY_FIELD, figures.by_field),
        (wording.BY_PROCEDURE, figures.by_procedure),
    )


def _level_texts(total: Answers, level: int, rounding: Rounding) -> tuple[str, str]:
    return count_text(total.levels[level - 1]), rounding.percent_text(total.share_of(level - 1))


def _text_cells(line: Line, rounding: Rounding) -> list[str]:
    row = line.row
    if row.answered is None or row.satisfied is None:
        return [line.name, *[wording.HIDDEN] * 4]
    numbers = [
        count_text(row.answered),
        count_text(row.satisfied),
        rounding.percent_text(row.share),
        interval_text(row.interval),
    ]
    return [line.name, *numbers]


def _json_numbers(counted: Answers | Row, rounding: Rounding) -> dict[str, object]:
    share, low, high = _percents(counted, rounding)
    return {
        "votes": counted.answered,
        "satisfied": counted.satisfied,
        "percent": share,
        "interval_low": low,
        "interval_high": high,
    }


def _json_line(line: Line, rounding: Rounding) -> dict[str, object]:
    numbers = _json_numbers(line.row, rounding)
    if line.hidden:
        numbers = dict.fromkeys(numbers)
    return {"key": line.row.key, "name": line.name, "note": line.note, **numbers}


def _csv_numbers(counted: Answers | Row, rounding: Rounding) -> list[object]:
    percents = ("" if part is None else part for part in _percents(counted, rounding))
    return [counted.answered, counted.satisfied, *percents]


def _percents(counted: Answers | Row, rounding: Rounding) -> list[float | None]:
    share, interval = counted.share, counted.interval
    return [
        None if share is None else float(rounding.percent(share)),
        *(
            [None, None]
            if interval is None
            else [float(half_up(Fraction(end) * 100)) for end in (interval.low, interval.high)]
        ),
    ]
