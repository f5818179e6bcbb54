"""What the numbers of a Decision rest on: the file of its votes, its rules, and the hashes of both that it prints."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from sync_server.core.decisions.ballots import Ballot, Single, singles
from sync_server.core.decisions.merkle import Tree
from sync_server.core.decisions.values import computed_of
from sync_server.core.decisions.votes_file import DICTIONARY, fingerprint, leaf_of, rules_as_json, tables_of
from sync_server.core.exports.tables import Row, Table
from sync_server.core.figures.period import PeriodFigures
from sync_server.exports.sqlite_files import count_sqlite, write_sqlite

Progress = Callable[[str, int, int | None], None]
TOLD_EVERY = 10_000


class ArchiveTrouble(Exception):
    """An archive cannot be made; the text says why."""


@dataclass(frozen=True)
class Ground:
    """The votes and rules of a time, frozen; *root* and *fingerprint* are hexadecimal and go into the document."""

    votes_file: Path
    rules: bytes
    computed: Mapping[str, str]
    root: str
    fingerprint: str
    votes: int


def silent(_what: str, _done: int, _total: int | None = None) -> None:
    """Say nothing of how far it has come."""


def lay_ground(folder: Path, ballots: Iterable[Ballot], figures: PeriodFigures, progress: Progress = silent) -> Ground:
    """Write the votes of a time into {folder}/votes.sqlite, whatever was there; ballots and figures are of one view.

    The same votes and rules become the same bytes, in whatever order they come, and are never all in memory.
    ArchiveTrouble where the votes are not those that the figures count; OSError.
    """
    path = folder / "votes.sqlite"
    path.write_bytes(b"")
    rules, computed = rules_as_json(figures), computed_of(figures)
    tree = Tree()
    total = figures.coverage.votes
    # SQLite sorts beyond memory; its name is empty, so the file is nobody's and goes with the connection.
    with closing(sqlite3.connect("")) as sorting:
        found = _fill(sorting, ballots, figures.rules.excluded, progress, total)
        if found != total:
            raise ArchiveTrouble(f"the votes changed meanwhile: the figures count {total:,}, and {found:,} are here")
        votes = _told(_sorted(sorting), progress, total)
        write_sqlite(path, (_grown(table, tree) for table in tables_of(figures, votes)), settled=True)
    count_sqlite(path)
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return Ground(path, rules, computed, tree.root().hex(), fingerprint(digest, rules, computed), found)


def _fill(
    sorting: sqlite3.Connection, ballots: Iterable[Ballot], excluded: Collection[str], progress: Progress, total: int
) -> int:
    def each() -> Iterator[Single]:
        for ballot in ballots:
            yield from singles(ballot, excluded)

    sorting.execute("PRAGMA journal_mode = OFF")
    sorting.execute("CREATE TABLE votes (vote TEXT, survey INTEGER, answers TEXT, left_out TEXT)")
    sorting.executemany("INSERT INTO votes VALUES (?, ?, ?, ?)", _told(each(), progress, total))
    [(found,)] = sorting.execute("SELECT count(*) FROM votes")
    return int(found)


def _sorted(sorting: sqlite3.Connection) -> Iterator[Row]:
    yield from sorting.execute("SELECT vote, survey, answers, left_out FROM votes ORDER BY vote")


def _told(rows: Iterable[Row], progress: Progress, total: int) -> Iterator[Row]:
    for done, row in enumerate(rows):
        if not done % TOLD_EVERY:
            progress("votes", done, total)
        yield row


def _grown(table: Table, tree: Tree) -> Table:
    """Return a table whose rows go into the tree as they are written."""
    if table.name == DICTIONARY:
        return table

    def rows() -> Iterator[Row]:
        for row in table.rows:
            tree.add(leaf_of(table.name, row))
            yield row

    return Table(table.name, table.title, table.columns, rows())
