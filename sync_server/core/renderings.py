"""The figures as text for a terminal, as JSON for programs and as CSV for spreadsheets.

Keys of the JSON: `quarter`, `first_day`, `last_day`, `site`, `office`, `unit`, `total`, `officers`, `fields`,
`procedures`, `uncounted`, `elsewhere` (votes of earlier surveys), `undated`. `total` and each row of the three lists
hold `votes`, `satisfied`, `percent`, `interval_low` and `interval_high` (percent with one decimal, null without votes;
all of them are null in a row that is hidden); `total` also holds `levels` (how many chose "1", the worst, and so on); a
row also holds `key` (null for the votes that know none), `name` and `note`.
"""

import csv
import json
from fractions import Fraction

from sync_server.core import wording
from sync_server.core.columns import aligned
from sync_server.core.figures.quarterly import Figures, Row, Tally
from sync_server.core.rounding import count_text, half_up, interval_text, percent_text

# What a spreadsheet would take for a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def as_text(figures: Figures) -> str:
    """Return aligned tables in Vietnamese, ending in a newline."""
    quarter, office, total = figures.quarter, figures.office, figures.total
    lines = [
        f"{office.name} · {office.unit}",
        f"{quarter.label} ({quarter.first:%d/%m/%Y} – {quarter.last:%d/%m/%Y})",
        "",
    ]
    if not total.total:
        lines += [wording.NO_VOTES, ""]
    summary = [
        [wording.VOTES, count_text(total.total), ""],
        [wording.SATISFIED, count_text(total.satisfied), percent_text(total.share)],
        [wording.INTERVAL, "", interval_text(total.interval)],
        *([figures.asked.said(level), *_level_texts(total, level)] for level in reversed(_levels(figures))),
        [wording.UNCOUNTED, count_text(figures.uncounted), ""],
        *([[wording.ELSEWHERE, count_text(figures.elsewhere), ""]] if figures.elsewhere else []),
        *([[wording.UNDATED, count_text(figures.undated), ""]] if figures.undated else []),
    ]
    lines += aligned(summary)
    heading = [wording.NAME, wording.VOTES_SHORT, wording.SATISFIED, wording.SHARE, wording.INTERVAL]
    tables = [(title, rows) for title, rows in _tables(figures) if rows]
    for title, rows in tables:
        lines += ["", title, *aligned([heading, *(_text_cells(row) for row in rows)])]
    return "\n".join(lines) + "\n"


def as_json(figures: Figures) -> str:
    """Return a JSON object, ending in a newline; the keys stand in this module's docstring."""
    quarter, office = figures.quarter, figures.office
    return (
        json.dumps(
            {
                "quarter": str(quarter),
                "first_day": quarter.first.isoformat(),
                "last_day": quarter.last.isoformat(),
                "site": office.site,
                "office": office.name,
                "unit": office.unit,
                "total": _json_tally(figures.total),
                "officers": [_json_row(row) for row in figures.by_officer],
                "fields": [_json_row(row) for row in figures.by_field],
                "procedures": [_json_row(row) for row in figures.by_procedure],
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
    everything = Row(figures.office.site, figures.office.name, figures.office.unit, figures.total)
    for title, rows in ((wording.TOTAL, (everything,)), *_tables(figures)):
        for row in rows:
            names = (title, row.key or "", row.name, row.note)
            numbers = _csv_numbers(row.tally, whole=row is everything)
            writer.writerow([*map(harmless, names), *([""] * len(numbers) if row.hidden else numbers)])
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


def _tables(figures: Figures) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    return (
        (wording.BY_OFFICER, figures.by_officer),
        (wording.BY_FIELD, figures.by_field),
        (wording.BY_PROCEDURE, figures.by_procedure),
    )


def _level_texts(tally: Tally, level: int) -> tuple[str, str]:
    return count_text(tally.levels[level - 1]), percent_text(tally.share_of(level))


def _text_cells(row: Row) -> list[str]:
    if row.hidden:
        return [row.name, *[wording.HIDDEN] * 4]
    tally = row.tally
    numbers = [
        count_text(tally.total),
        count_text(tally.satisfied),
        percent_text(tally.share),
        interval_text(tally.interval),
    ]
    return [row.name, *numbers]


def _json_tally(tally: Tally) -> dict[str, object]:
    share, low, high = _percents(tally)
    return {
        "votes": tally.total,
        "levels": {str(level): votes for level, votes in enumerate(tally.levels, start=1)},
        "satisfied": tally.satisfied,
        "percent": share,
        "interval_low": low,
        "interval_high": high,
    }


def _json_row(row: Row) -> dict[str, object]:
    numbers = _json_tally(row.tally)
    del numbers["levels"]  # of a single row they would be small
    if row.hidden:
        numbers = dict.fromkeys(numbers)
    return {"key": row.key, "name": row.name, "note": row.note, **numbers}


def _csv_numbers(tally: Tally, *, whole: bool) -> list[object]:
    # Of a single row its levels would be small.
    levels = tally.levels if whole else [""] * len(tally.levels)
    return [tally.total, *levels, tally.satisfied, *("" if p is None else p for p in _percents(tally))]


def _percents(tally: Tally) -> list[float | None]:
    interval = tally.interval
    low, high = (None, None) if interval is None else (interval.low, interval.high)
    return [None if part is None else float(half_up(Fraction(part) * 100)) for part in (tally.share, low, high)]
