"""Reading the votes of a time as they go into an archive, and the figures made of them, in one view of the database."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, literal_column, select

from protocol.visits import VisitOutcome
from sync_server.core.book import Book
from sync_server.core.channels import Channel
from sync_server.core.decisions.ballots import Ballot
from sync_server.core.figures.period import PeriodFigures
from sync_server.core.spans import Span
from sync_server.store.cells import labels_in_force
from sync_server.store.database import Database
from sync_server.store.paper_cells import COUNTED, LINES
from sync_server.store.period import figures_in
from sync_server.store.schema import paper_batches, paper_lines, votes

ROWS_AT_ONCE = 2_000
DIFFERENT_AT_ONCE = 50_000  # lists that are kept ready: most votes say what others have said

_GATHER = {"sqlite": "group_concat({}, ',')", "postgresql": "string_agg({}, ',')"}


@dataclass(frozen=True)
class Ballots:
    """The votes that the figures of a time count, before any is left out; valid while the view is open."""

    connection: Connection
    figures: PeriodFigures
    book: Book
    opened: ExitStack

    def __iter__(self) -> Iterator[Ballot]:
        """Yield votes of kiosks and lines of paper, in whatever order the database has them."""
        answers, labels = lru_cache(DIFFERENT_AT_ONCE)(_answers), lru_cache(DIFFERENT_AT_ONCE)(_labels)
        for row in self._read(self._of_kiosks()):
            yield Ballot(row[0], Channel.KIOSK, row[1], answers(row[2]), labels(row[3]))
        for row in self._read(self._on_paper()):
            yield Ballot(row[0], row[3], row[1], answers(row[2]), votes=row[4])

    def _of_kiosks(self) -> Select[Any]:
        said = self._gathered("criterion || '=' || level || '=1'", "answers WHERE answers.vote_id = votes.vote_id")
        return select(votes.c.vote_id, votes.c.survey, said, labels_in_force(self.connection)).where(
            votes.c.site == self.book.site,
            votes.c.day >= self.figures.first,
            votes.c.day <= self.figures.last,
            votes.c.until_day <= self.figures.last,
            votes.c.outcome == VisitOutcome.ANSWERED,
        )

    def _on_paper(self) -> Select[Any]:
        said = self._gathered(
            "criterion || '=' || level || '=' || forms",
            "paper_answers WHERE paper_answers.line = paper_lines.line AND paper_answers.forms > 0",
        )
        columns = (paper_lines.c.line, paper_batches.c.survey, said, paper_batches.c.channel, paper_lines.c.votes)
        return (
            select(*columns)
            .select_from(LINES)
            .where(
                COUNTED,
                paper_lines.c.site == self.book.site,
                paper_lines.c.votes > 0,
                paper_lines.c.day >= self.figures.first,
                paper_lines.c.until_day <= self.figures.last,
            )
        )

    def _gathered(self, what: str, of: str) -> Any:
        return literal_column(f"(SELECT {_GATHER[self.connection.dialect.name].format(what)} FROM {of})")

    def _read(self, query: Select[Any]) -> Iterator[Any]:
        # Closed with the view, as that of an export.
        result = self.opened.enter_context(
            self.connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
        )
        for rows in result.partitions():
            yield from rows


@contextmanager
def reading_ballots(database: Database, site: str, span: Span) -> Iterator[Ballots]:
    """Open a view of the votes of a time, under the rules that held on its last day; others may go on writing."""
    with database.reading_at_leisure() as connection, ExitStack() as opened:
        yield Ballots(connection, *figures_in(connection, site, span), opened)


def _answers(gathered: str | None) -> tuple[tuple[str, int, int], ...]:
    parts = [each.split("=") for each in gathered.split(",")] if gathered else []
    return tuple(sorted((criterion, int(level), int(votes)) for criterion, level, votes in parts))


def _labels(gathered: str | None) -> tuple[str, ...]:
    return tuple(sorted(gathered.split(","))) if gathered else ()
