"""How fast a quarter's figures are, beside DuckDB scanning the same votes: `python -m tests.bench figures`.

Made-up votes of a year in many offices. Measured in the same run: the quarter of one office by officer and procedure as
DuckDB scans and groups all votes (from its own columns, in memory), as the database groups the votes themselves, as the
server reads its folded cells, and the whole report with its intervals and hidden numbers; and how long folding takes.
"""

import csv
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb
from sqlalchemy import func, insert, select

from protocol.chain import EMPTY
from protocol.visits import VisitOutcome
from sync_server.core.book import THE_OFFICE, Kind
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.letterhead import Letterhead
from sync_server.core.office_data import Officer, Procedure
from sync_server.core.spans import Span
from sync_server.store.bulk import bulk_insert
from sync_server.store.cells import cells
from sync_server.store.database import Connection, Database
from sync_server.store.folding import fold_anew
from sync_server.store.period import period_figures
from sync_server.store.records import add_site, write_records
from sync_server.store.schema import answers, kiosks, streams, votes
from sync_server.store.votes import VOTE_COLUMNS
from tests.fakes.databases import new_database

OFFICERS, PROCEDURES = 12, 160
VOTES_AN_OFFICE = 10_000  # a year; a commune has hundreds to thousands
TOGETHER = 50_000  # rows at once
TIMES = 7
YEAR_BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
QUARTER = Span.parse("2026-Q2")
FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)
OFFICE = "s000"

Tell = Callable[[str], None]
VoteRow = tuple[object, ...]


@dataclass
class Summary:
    """Seconds, one entry a time; `votes` is how many there are, `of_quarter` how many the summary is of."""

    database: str
    votes: int
    of_quarter: int
    scanned: list[float] = field(default_factory=list)
    grouped: list[float] = field(default_factory=list)
    folded: list[float] = field(default_factory=list)
    reported: list[float] = field(default_factory=list)
    folding: float = 0.0


def measure(kind: str, number: int, tell: Tell) -> Summary:
    """Make so many votes in a database of a kind and measure."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, new_database(kind, Path(folder)) as url:
        database = Database(url)
        try:
            columns = duckdb.connect()
            _fill(database, columns, number, tell)
            return _measured(database, columns, kind, number, tell)
        finally:
            database.close()


def _measured(database: Database, columns: "duckdb.DuckDBPyConnection", kind: str, number: int, tell: Tell) -> Summary:
    tell(f"{kind}: folding")
    began = perf_counter()
    for done, _ in enumerate(fold_anew(database, YEAR_BEGINS), start=1):
        if done % 500 == 0:
            tell(f"{kind}: {done} half months folded")
    folding = perf_counter() - began
    summary = Summary(kind, number, _of_quarter(database), folding=folding)
    for _ in range(TIMES):
        for seconds, act in (
            (summary.scanned, lambda: _scan(columns)),
            (summary.grouped, lambda: _group(database)),
            (summary.folded, lambda: _read_cells(database)),
            (summary.reported, lambda: period_figures(database, OFFICE, QUARTER)),
        ):
            began = perf_counter()
            act()
            seconds.append(perf_counter() - began)
    assert _scan(columns) == _group(database) == _read_cells(database)
    return summary


def _of_quarter(database: Database) -> int:
    with database.reading() as connection:
        within = (votes.c.site == OFFICE) & votes.c.day.between(FIRST, LAST)
        return connection.scalar(select(func.count()).select_from(votes).where(within)) or 0


def _scan(columns: "duckdb.DuckDBPyConnection") -> dict[tuple[object, ...], int]:
    rows = columns.execute(
        "SELECT officer, procedure, level, count(*) FROM votes WHERE site = ? AND day BETWEEN ? AND ? GROUP BY ALL",
        [OFFICE, FIRST, LAST],
    ).fetchall()
    return {tuple(row[:3]): row[3] for row in rows}


def _group(database: Database) -> dict[tuple[object, ...], int]:
    alike = (votes.c.officer, votes.c.procedure, answers.c.level)
    with database.reading() as connection:
        rows = connection.execute(
            select(*alike, func.count())
            .join(answers, answers.c.vote_id == votes.c.vote_id)
            .where(votes.c.site == OFFICE, votes.c.day.between(FIRST, LAST))
            .group_by(*alike)
        ).all()
    return {tuple(row[:3]): row[3] for row in rows}


def _read_cells(database: Database) -> dict[tuple[object, ...], int]:
    sums: dict[tuple[object, ...], int] = {}
    with database.reading() as connection:
        for cell in cells(connection, OFFICE, FIRST, LAST):
            if cell.criterion is not None:
                key = (cell.officer, cell.procedure, cell.level)
                sums[key] = sums.get(key, 0) + cell.votes
    return sums


def _fill(database: Database, columns: "duckdb.DuckDBPyConnection", number: int, tell: Tell) -> None:
    offices = [f"s{place:03}" for place in range(max(1, number // VOTES_AN_OFFICE))]
    columns.execute("CREATE TABLE votes (site VARCHAR, day DATE, officer VARCHAR, procedure VARCHAR, level TINYINT)")
    with database.writing() as connection:
        for site in offices:
            _found(connection, site)
    chance = random.Random(7)
    made = 0
    while made < number:
        rows, levels, flat = _some(chance, offices, made, min(TOGETHER, number - made))
        with database.writing() as connection:
            bulk_insert(connection, votes, VOTE_COLUMNS, rows, all_new=True)
            bulk_insert(connection, answers, ("vote_id", "criterion", "level"), levels, all_new=True)
        _into_columns(columns, flat)
        made += len(rows)
        tell(f"{made:,} of {number:,} votes made")


def _into_columns(columns: "duckdb.DuckDBPyConnection", flat: list[VoteRow]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(flat)
        file.flush()
        columns.execute(f"COPY votes FROM '{file.name}' (HEADER false)")


def _found(connection: Connection, site: str) -> None:
    people = [(f"o{number}", Officer(f"o{number}", f"Công chức {number}", "x", "f")) for number in range(OFFICERS)]
    work = [(f"1.{number}", Procedure(f"1.{number}", f"Thủ tục {number}", "f")) for number in range(PROCEDURES)]
    now = YEAR_BEGINS
    add_site(connection, site)
    said: list[tuple[Kind, Record[object]]] = [(Kind.OFFICE, Record(THE_OFFICE, ALWAYS, Letterhead(site, "x")))]
    said += [(Kind.OFFICER, Record(key, ALWAYS, entry)) for key, entry in people]
    said += [(Kind.PROCEDURE, Record(key, ALWAYS, entry)) for key, entry in work]
    write_records(connection, site, said, "the bench", now)
    connection.execute(insert(kiosks).values(site=site, kiosk="k", password_digest="", added_at=now))
    stream = {"stream": f"{site:>032}", "stored_up_to": 0, "chain": EMPTY, "highest_announced": 0, "conflicts": 0}
    connection.execute(insert(streams).values(**stream, site=site, kiosk="k", first_seen=now, last_seen=now))


def _some(
    chance: random.Random, offices: list[str], made: int, number: int
) -> tuple[list[VoteRow], list[VoteRow], list[VoteRow]]:
    rows: list[VoteRow] = []
    levels: list[VoteRow] = []
    flat: list[VoteRow] = []
    for place in range(made, made + number):
        site = offices[place % len(offices)]
        hour = YEAR_BEGINS + timedelta(days=chance.randrange(365), hours=chance.randrange(1, 10))
        day = hour.date()
        officer = f"o{chance.randrange(OFFICERS)}"
        procedure = f"1.{min(int(chance.expovariate(0.06)), PROCEDURES - 1)}"
        level = chance.choices((1, 2, 3, 4, 5), (1, 2, 5, 30, 62))[0]
        vote_id = f"{place:032x}"
        rows.append(
            (
                *(vote_id, f"{site:>032}", place + 1, site, "k", hour, hour, day, day, 1, None),
                *(None, officer, "f", procedure, hour, VisitOutcome.ANSWERED, 0),
            )
        )
        levels.append((vote_id, "overall", level))
        flat.append((site, day, officer, procedure, level))
    return rows, levels, flat


def summary_table(summaries: Iterator[Summary] | list[Summary]) -> str:
    """Return the times as multiples of DuckDB's scan."""
    lines = [
        "| database | votes, of the quarter | DuckDB scans, ms | grouped from the votes | read from cells"
        " | the whole report | folding, votes/s |",
        "|---" * 7 + "|",
    ]
    for summary in summaries:
        scan = median(summary.scanned)
        ways = " | ".join(
            f"{median(way) * 1000:.1f} ms, {scan / median(way):.1f} × as fast"
            for way in (summary.grouped, summary.folded, summary.reported)
        )
        speed = summary.votes / summary.folding
        lines.append(
            f"| {summary.database} | {summary.votes:,}, {summary.of_quarter:,} | {scan * 1000:.1f}"
            f" | {ways} | {speed:,.0f} |"
        )
    return "\n".join(lines)
