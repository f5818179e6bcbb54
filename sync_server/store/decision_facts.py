"""Reading what a Decision is made of, in one view of the database."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection

from sync_server.core.book import THE_OFFICE, Book, Kind
from sync_server.core.decisions.annex_trend import MOST_TIMES
from sync_server.core.decisions.counting import counted, points_of_officers
from sync_server.core.decisions.facts import Child, Counted, Earlier, Facts
from sync_server.core.decisions.values import printed_rows
from sync_server.core.figures.on_time import on_time
from sync_server.core.figures.period_names import names_of
from sync_server.core.figures.surveyed_indicators import surveyed_points
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.letterhead import Letterhead
from sync_server.core.rules import Period
from sync_server.core.spans import Kind as SpanKind
from sync_server.core.spans import Span
from sync_server.core.surveys import FIRST_REVISION
from sync_server.store.case_cells import cases_of
from sync_server.store.cells import cells
from sync_server.store.database import Database
from sync_server.store.decisions import kept_versions
from sync_server.store.period import figures_in, served_within
from sync_server.store.records import books, known_sites

MOST_YEARS = 5  # of the table of years, this one among them
_NOBODY = Counted(FIRST_REVISION, 0, 0)


def read_facts(database: Database, site: str, span: Span, drafted: date) -> Facts:
    """Read a time of a site; what is of the occasion is added by `dataclasses.replace`.

    Rules and names are those of the time's last day, office, signer, texts and legal bases those of the day *drafted*.
    """
    with database.reading() as connection:
        return facts_in(connection, site, span, drafted)


def facts_in(connection: Connection, site: str, span: Span, drafted: date) -> Facts:
    """Do the same in a view that is open."""
    issued = [kept.figures for kept in kept_versions(connection, site, str(span)) if kept.issued_at is not None]
    printed = [printed_rows(figures["computed"]) for figures in issued if figures is not None]
    figures, said = figures_in(connection, site, span, printed)
    first, last = figures.first, figures.last
    inside = list(_inside(connection, site, first, last))
    by_officer = figures.rules.by_officer
    return Facts(
        site=site,
        span=span,
        figures=figures,
        names=names_of(said, last),
        letterhead=said.letterhead(drafted) or Letterhead(site, site),
        drafted=drafted,
        form=said.decision_on(drafted),
        legal_bases=said.rules_on(drafted).legal_bases,
        field_of=_fields(said, last),
        trend=_trend(connection, said, span),
        years=_years(connection, said, span, drafted) if span.kind is SpanKind.YEAR else (),
        children=tuple(_children(connection, site, span, last)),
        officer_points=points_of_officers(inside, said.all_surveys, figures.rules) if by_officer else {},
        on_time=on_time(cases_of(connection, said, first, last), first, last, drafted, by_officer=by_officer),
    )


def _inside(connection: Connection, site: str, first: date, last: date) -> Iterator[VoteCell]:
    return (cell for cell in cells(connection, site, first, last) if cell.lies_within(first, last))


def _earlier(connection: Connection, said: Book, span: Span) -> Earlier:
    rules = said.rules_on(span.days(Period.CALENDAR)[1])
    inside = _inside(connection, said.site, *span.days(rules.period))
    return Earlier(span, counted(inside, said.all_surveys, rules))


def _trend(connection: Connection, said: Book, span: Span) -> tuple[Earlier, ...]:
    """Return the times before, without those before the first of which there is anything."""
    times: list[Earlier] = []
    for _ in range(MOST_TIMES - 1):
        span = span.previous()
        times.insert(0, _earlier(connection, said, span))
    return _since_any(times)


def _years(connection: Connection, said: Book, span: Span, drafted: date) -> tuple[Earlier, ...]:
    years: list[Earlier] = []
    for _ in range(MOST_YEARS):
        first, last = span.days(said.rules_on(span.days(Period.CALENDAR)[1]).period)
        kept = on_time(cases_of(connection, said, first, last), first, last, drafted, by_officer=False).total
        served = served_within(connection, said.site, first, last)
        years.insert(0, Earlier(span, _earlier(connection, said, span).surveys, served, kept))
        span = span.previous()
    return _since_any(years) or tuple(years[-1:])


def _since_any(times: list[Earlier]) -> tuple[Earlier, ...]:
    begun = next((place for place, each in enumerate(times) if each.surveys or each.served), len(times))
    return tuple(times[begun:])


def _children(connection: Connection, site: str, span: Span, last: date) -> Iterator[Child]:
    others = [each for each in known_sites(connection) if each != site]
    for child, said in books(connection, others, [Kind.OFFICE]).items():
        letterhead = said.office.at(THE_OFFICE, last)
        if letterhead is None or letterhead.parent != site:
            continue
        figures, _ = figures_in(connection, child, span)
        newest = figures.surveys[-1] if figures.surveys else None
        if newest is None:
            yield Child(child, letterhead.office, _NOBODY)
            continue
        official = newest.main.official
        answers = Counted(newest.revision, official.satisfied, official.answered)
        yield Child(child, letterhead.office, answers, surveyed_points(newest))


def _fields(said: Book, last: date) -> dict[str, str]:
    names = {}
    for key in said.procedures.keys:
        procedure = said.procedures.nearest(key, last)
        field = None if procedure is None else said.fields.nearest(procedure.field, last)
        if field is not None:
            names[key] = field.name
    return names
