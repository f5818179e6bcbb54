"""How fast a quarter's figures are, beside DuckDB scanning the same votes: `python -m tests.bench figures`.

Made-up votes of a year in many offices. Measured in the same run: the quarter of one office by officer and procedure as
DuckDB scans and groups all votes (from its own columns, in memory), as the database groups the votes themselves, as the
server reads its folded cells, computes its page anew from cells and from votes, and shows the page it has kept; the
whole report, anew and kept; what keeping costs; and how long folding takes.
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
from sqlalchemy import delete, func, insert, select

from protocol.chain import EMPTY
from protocol.visits import VisitOutcome
from sync_server.core.book import THE_OFFICE, Kind
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.letterhead import Letterhead
from sync_server.core.office_data import Officer, Procedure
from sync_server.core.quarter import Quarter
from sync_server.core.spans import Span
from sync_server.store.bulk import bulk_insert
from sync_server.store.cells import cells, touch
from sync_server.store.database import Connection, Database
from sync_server.store.figures import figures
from sync_server.store.folding import QUIET, fold
from sync_server.store.kept import Asked, keep
from sync_server.store.period import period_figures
from sync_server.store.records import add_site, write_records
from sync_server.store.schema import answers, kept_figures, kiosks, streams, votes
from sync_server.store.votes import VOTE_COLUMNS
from tests.fakes.databases import new_database

OFFICERS, PROCEDURES = 12, 160
VOTES_AN_OFFICE = 10_000  # a year; a commune has hundreds to thousands
TOGETHER = 50_000  # rows at once
ONE_BY_ONE = 500_000  # votes; more are copies of them
TIMES = 7
YEAR_BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
QUARTER, PAGE = Span.parse("2026-Q2"), Quarter.parse("2026-Q2")
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
    from_votes: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)
    reported: list[float] = field(default_factory=list)
    report_kept: list[float] = field(default_factory=list)
    keeping: list[float] = field(default_factory=list)
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
    summary = Summary(kind, number, _of_quarter(database))
    for _ in range(TIMES):
        _forget(database)
        _time(summary.from_votes, lambda: figures(database, OFFICE, PAGE))
    tell(f"{kind}: folding")
    began = perf_counter()
    for _ in fold(database, YEAR_BEGINS + QUIET):
        pass
    summary.folding = perf_counter() - began
    for _ in range(TIMES):
        _time(summary.scanned, lambda: _scan(columns))
        _time(summary.grouped, lambda: _group(database))
        _time(summary.folded, lambda: _read_cells(database))
        _forget(database)
        _time(summary.computed, lambda: figures(database, OFFICE, PAGE))
        _time(summary.kept, lambda: figures(database, OFFICE, PAGE))
        _time(summary.reported, lambda: period_figures(database, OFFICE, QUARTER))
        _time(summary.report_kept, lambda: period_figures(database, OFFICE, QUARTER))
        result, asked = figures(database, OFFICE, PAGE), Asked("quarter", OFFICE, FIRST, LAST)
        _time(summary.keeping, lambda: keep(database, asked, "of the bench", result))  # noqa: B023
    assert _scan(columns) == _group(database) == _read_cells(database)
    return summary


def _time(seconds: list[float], act: Callable[[], object]) -> None:
    began = perf_counter()
    act()
    seconds.append(perf_counter() - began)


def _forget(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(delete(kept_figures))


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
    one_by_one = min(number, ONE_BY_ONE)
    offices = [f"s{place:03}" for place in range(max(1, one_by_one // VOTES_AN_OFFICE))]
    columns.execute("CREATE TABLE votes (site VARCHAR, day DATE, officer VARCHAR, procedure VARCHAR, level TINYINT)")
    with database.writing() as connection:
        for site in offices:
            _found(connection, site)
    chance = random.Random(7)
    made = 0
    while made < one_by_one:
        rows, levels, flat = _some(chance, offices, made, min(TOGETHER, one_by_one - made))
        with database.writing() as connection:
            bulk_insert(connection, votes, VOTE_COLUMNS, rows, all_new=True)
            bulk_insert(connection, answers, ("vote_id", "criterion", "level"), levels, all_new=True)
        _into_columns(columns, flat)
        made += len(rows)
        tell(f"{made:,} of {number:,} votes made")
    for copy in range(1, number // one_by_one):
        _copied(database, columns, offices, copy)
        tell(f"{(copy + 1) * one_by_one:,} of {number:,} votes made")
    # Offices side by side would let DuckDB pass over all others; votes of all of them come mixed.
    columns.execute("CREATE OR REPLACE TABLE votes AS SELECT * FROM votes ORDER BY hash(rowid)")
    with database.writing() as connection:
        touch(connection, [(OFFICE, YEAR_BEGINS.date() + timedelta(days=day)) for day in range(365)], YEAR_BEGINS)
    if not database.is_sqlite:  # as PostgreSQL would by itself, sooner or later
        with database.writing() as connection:
            connection.exec_driver_sql("ANALYZE")


def _copied(database: Database, columns: "duckdb.DuckDBPyConnection", offices: list[str], copy: int) -> None:
    """Give other offices the same votes: the databases copy faster than Python makes."""
    ids, names = f"{copy:04x}", f"c{copy}"
    changed = {"vote_id": f"'{ids}' || substr(vote_id, 5)", "stream": f"'{ids}' || substr(stream, 5)"}
    changed["site"] = f"'{names}' || site"
    with database.writing() as connection:
        for site in offices:
            _seat(connection, f"{names}{site}", f"{ids}{site:>028}")
        for table, named in (("votes", VOTE_COLUMNS), ("answers", ("vote_id", "criterion", "level"))):
            values = ", ".join(changed.get(name, f'"{name}"') for name in named)
            into = ", ".join(f'"{name}"' for name in named)
            connection.exec_driver_sql(
                f"INSERT INTO {table} ({into}) SELECT {values} FROM {table} WHERE vote_id < '0001'"
            )
    columns.execute(
        f"INSERT INTO votes SELECT '{names}' || site, day, officer, procedure, level FROM votes WHERE site < 't'"
        " AND site >= 's'"
    )


def _into_columns(columns: "duckdb.DuckDBPyConnection", flat: list[VoteRow]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(flat)
        file.flush()
        columns.execute(f"COPY votes FROM '{file.name}' (HEADER false)")


def _found(connection: Connection, site: str) -> None:
    people = [(f"o{number}", Officer(f"o{number}", f"Công chức {number}", "x", "f")) for number in range(OFFICERS)]
    work = [(f"1.{number}", Procedure(f"1.{number}", f"Thủ tục {number}", "f")) for number in range(PROCEDURES)]
    _seat(connection, site, f"{site:>032}")
    said: list[tuple[Kind, Record[object]]] = [(Kind.OFFICE, Record(THE_OFFICE, ALWAYS, Letterhead(site, "x")))]
    said += [(Kind.OFFICER, Record(key, ALWAYS, entry)) for key, entry in people]
    said += [(Kind.PROCEDURE, Record(key, ALWAYS, entry)) for key, entry in work]
    write_records(connection, site, said, "the bench", YEAR_BEGINS)


def _seat(connection: Connection, site: str, stream_id: str) -> None:
    now = YEAR_BEGINS
    add_site(connection, site)
    connection.execute(insert(kiosks).values(site=site, kiosk="k", password_digest="", added_at=now))
    stream = {"stream": stream_id, "stored_up_to": 0, "chain": EMPTY, "highest_announced": 0, "conflicts": 0}
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


_WAYS = {
    "grouped from the votes": "grouped",
    "read from cells": "folded",
    "the page, from votes": "from_votes",
    "the page, from cells": "computed",
    "the page, kept": "kept",
    "the report, from cells": "reported",
    "the report, kept": "report_kept",
    "keeping a page": "keeping",
}


def summary_table(summaries: Iterator[Summary] | list[Summary]) -> str:
    """Return the times as multiples of DuckDB's scan."""
    lines = ["| way | database | votes, of the quarter | ms | × as fast as DuckDB's scan |", "|---" * 5 + "|"]
    for summary in summaries:
        scan = median(summary.scanned)
        about = f"{summary.database} | {summary.votes:,}, {summary.of_quarter:,}"
        lines.append(f"| DuckDB scans | {about} | {scan * 1000:.1f} | 1.0 |")
        for name, way in _WAYS.items():
            took = median(getattr(summary, way))
            lines.append(f"| {name} | {about} | {took * 1000:.1f} | {scan / took:.1f} |")
        speed = VOTES_AN_OFFICE / summary.folding
        lines.append(f"| folding | {about} | {speed:,.0f} votes/s | |")
    return "\n".join(lines)
