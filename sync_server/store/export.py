"""Reading the votes of a time one by one, for an export: in one view of the database, never all at once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    case,
    cast,
    collate,
    func,
    literal_column,
    select,
    type_coerce,
)

from protocol.visits import VisitOutcome
from sync_server.core.book import Book
from sync_server.core.channels import Channel
from sync_server.core.exports.content import Content
from sync_server.core.exports.tables import Column, Row, Text
from sync_server.core.exports.votes import Layout, about_cells, said_cells
from sync_server.core.figures.period_names import PeriodNames, names_of
from sync_server.core.masking import masked
from sync_server.core.quarter import VIETNAM
from sync_server.core.rules import Period, Rules
from sync_server.core.spans import Span
from sync_server.store.cells import cells, labels_in_force
from sync_server.store.database import Database
from sync_server.store.paper_rows import comments_on_paper, each_on_paper, rows_on_paper
from sync_server.store.records import book
from sync_server.store.schema import comments, votes

ROWS_AT_ONCE = 500
_KIOSK = str(Channel.KIOSK)

DIFFERENT_AT_ONCE = 50_000  # parts of rows that are kept ready

Part = TypeVar("Part")

_ANSWERS = "criterion || '=' || level", "answers"
_REASONS = "reason", "vote_reasons"


@dataclass(frozen=True)
class Votes:
    """The votes of a site and time, under the rules that held on its last day; valid while the view is open."""

    connection: Connection
    book: Book
    rules: Rules
    first: date
    last: date
    opened: ExitStack

    @cached_property
    def total(self) -> int:
        """How many rows there are: of each visit one, however it ended, and those of votes on paper."""
        visits = self.connection.scalar(select(func.count()).select_from(votes).where(self._within)) or 0
        return visits + rows_on_paper(self.connection, self.book.site, self.first, self.last)

    @cached_property
    def comments(self) -> int:
        """How many comments there are."""
        joined = select(func.count()).select_from(comments.join(votes, votes.c.vote_id == comments.c.vote_id))
        on_paper = select(func.count()).select_from(comments_on_paper(self.book.site, self.first, self.last).subquery())
        return sum(self.connection.scalar(query) or 0 for query in (joined.where(self._within), on_paper))

    @cached_property
    def content(self) -> Content:
        """What the votes are about."""
        found = cells(self.connection, self.book.site, self.first, self.last)
        return Content.of(found, self.first, self.last, self.rules, self.book.all_surveys)

    @cached_property
    def names(self) -> PeriodNames:
        """What things were called at the end of the time."""
        return names_of(self.book, self.last)

    @cached_property
    def layout(self) -> Layout:
        """The columns of the rows."""
        return Layout.of(self.book, self.rules, self.content.criteria)

    def parts(self, text: Text, form: Callable[[tuple[Column, ...], Row], Part]) -> Iterator[tuple[Part, Part, Part]]:
        """Yield a row a vote, each group of its columns formed by itself, for most rows have the same.

        They stand in the order of days and hours, and by chance within an hour: the order in which they came would say
        more than their hour does. Votes on paper follow, in the order of days.
        """
        layout, names, rules, out = self.layout, self.names, self.rules, self.content.left_out
        columns_when, columns_about, columns_said = layout.groups
        ready = lru_cache(maxsize=DIFFERENT_AT_ONCE)
        when = ready(lambda raw: form(columns_when, _when(raw)))
        about = ready(lambda raw: form(columns_about, about_cells(layout, names, out, text, raw)))
        said = ready(lambda raw: form(columns_said, said_cells(layout, rules, text, raw)))
        for rows in self._read(self._query()):
            for row in rows:
                yield when(row[:4]), about((_KIOSK, *row[4:9])), said((*row[9:12], 1, 1, *row[12:]))
        for of_paper in each_on_paper(self.connection, self.book.site, self.first, self.last):
            yield when(of_paper.when), about(of_paper.about), said(of_paper.said)

    def rows(self, text: Text) -> Iterator[Row]:
        """Yield the same as whole rows."""
        for when, about, said in self.parts(text, lambda _columns, cells: cells):
            yield (*when, *about, *said)

    def comment_rows(self, text: Text) -> Iterator[Row]:
        """Yield time and masked text of each comment, in the order of both: in no order of the votes.

        The time is the day, or only the month where so few votes were cast that day that the comment would tell whose
        of them it belongs to; of forms it is the month.
        """
        of_kiosks = (
            select(self._shown_time().label("shown"), comments.c.text)
            .select_from(comments.join(votes, votes.c.vote_id == comments.c.vote_id))
            .where(self._within)
        )
        both = of_kiosks.union_all(comments_on_paper(self.book.site, self.first, self.last)).subquery()
        own = collate(both.c.text, "C" if self.connection.dialect.name == "postgresql" else "BINARY")
        query = select(both.c.shown, both.c.text).order_by(both.c.shown, own)
        for rows in self._read(query):
            for row in rows:
                yield row[0] or None, text(masked(row[1]))

    def used_names(self) -> list[tuple[str, str, str]]:
        """Return kind, key and name of everything that the rows name."""
        used = self.content.used
        return [(str(kind), key, self.names.of[kind](key)) for kind in self.layout.named for key in used[kind]]

    @property
    def _within(self) -> ColumnElement[bool]:
        of_site = votes.c.site == self.book.site
        return of_site & (votes.c.day >= self.first) & (votes.c.day <= self.last) & (votes.c.until_day <= self.last)

    def _query(self) -> Select[Any]:
        gather = "string_agg({}, ',')" if self.connection.dialect.name == "postgresql" else "group_concat({})"
        lists: list[ColumnElement[Any]] = [
            literal_column(f"(SELECT {gather.format(what)} FROM {of} WHERE {of}.vote_id = votes.vote_id)")
            for what, of in (_ANSWERS, _REASONS)
        ]
        columns: list[ColumnElement[Any]] = [
            # As the database has them: a million moments are not to be understood one by one.
            *(type_coerce(votes.c[name], String) for name in ("day", "hour", "until_day", "until_hour")),
            *(votes.c[name] for name in ("kiosk", "counter", "officer", "field", "procedure")),
            *(votes.c[name] for name in ("survey", "outcome", "best_first")),
            *(lists[0], labels_in_force(self.connection), lists[1]),
        ]
        return select(*columns).where(self._within).order_by(votes.c.day, votes.c.hour, votes.c.vote_id)

    def _read(self, query: Select[Any]) -> Iterator[Any]:
        # Closed with the view, and not when somebody lets go of the rows: that may be after the database was closed.
        result = self.opened.enter_context(
            self.connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
        )
        yield from result.partitions()

    def _shown_time(self) -> ColumnElement[str]:
        counted = (
            select(votes.c.day)
            .where(self._within, votes.c.outcome == VisitOutcome.ANSWERED)
            .group_by(votes.c.day)
            .having(func.count() >= self.rules.least_shown)
        )
        enough = list(self.connection.execute(counted).scalars())
        day, until_day = cast(votes.c.day, String), cast(votes.c.until_day, String)
        month, until_month = func.substr(day, 1, 7), func.substr(until_day, 1, 7)
        return case(
            (votes.c.day.in_(enough) & (votes.c.day == votes.c.until_day), day),
            (month == until_month, month),
            else_="",
        )


@contextmanager
def reading_votes(database: Database, site: str, span: Span) -> Iterator[Votes]:
    """Open a view of the votes of a time; others may go on writing."""
    with database.reading_at_leisure() as connection, ExitStack() as opened:
        said = book(connection, site)
        rules = said.rules_on(span.days(Period.CALENDAR)[1])
        yield Votes(connection, said, rules, *span.days(rules.period), opened)


def _when(row: tuple[Any, Any, Any, Any]) -> Row:
    day, hour, until_day, until_hour = row
    if hour is None:
        return str(day), None, None if day == until_day else str(until_day), None
    certain = (day, hour) == (until_day, until_hour)
    until = (None, None) if certain else (str(until_day), _local_hour(until_hour))
    return (str(day), _local_hour(hour), *until)


def _local_hour(raw: Any) -> int:
    """Return the Vietnamese hour of a moment as the database gives it: SQLite a text of UTC, PostgreSQL a moment."""
    moment: datetime = datetime.fromisoformat(raw).replace(tzinfo=UTC) if isinstance(raw, str) else raw
    return moment.astimezone(VIETNAM).hour
