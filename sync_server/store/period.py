"""Reading the figures of a time, under the rules that held on its last day."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, func, select

from protocol.visits import VisitOutcome
from sync_server.core.book import Book
from sync_server.core.figures.hours import HourCount
from sync_server.core.figures.on_time import OnTimeFigures, on_time
from sync_server.core.figures.period import PeriodFigures, Printed, figures_of
from sync_server.core.figures.trend import DayCount
from sync_server.core.rules import Period, Rules
from sync_server.core.spans import Span
from sync_server.store.case_cells import cases_of
from sync_server.store.cells import cells, labels_in_force
from sync_server.store.database import Database
from sync_server.store.kept import Asked, keep, recall
from sync_server.store.paper_cells import days_on_paper, forms_within, reasons_on_paper
from sync_server.store.records import book
from sync_server.store.reviews import count_reviewed
from sync_server.store.schema import answers, cases, vote_reasons, votes


def period_figures(database: Database, site: str, span: Span) -> tuple[PeriodFigures, Book]:
    """Count a time of a site, in one view of the database; return its figures, and the book that names things."""
    with database.reading() as connection:
        said = book(connection, site)
        rules = _rules(said, span)
        asked = Asked("period", site, *span.days(rules.period))
        version, kept = recall(connection, asked, PeriodFigures)
        if kept is not None:
            return kept, said
        figures = _counted(connection, said, span)
    keep(database, asked, version, figures)
    return figures, said


def figures_in(
    connection: Connection, site: str, span: Span, printed: Sequence[Printed] = ()
) -> tuple[PeriodFigures, Book]:
    """Count anew, in a view that is open; *printed*: what is in the world about this time already."""
    said = book(connection, site)
    return _counted(connection, said, span, printed), said


def _rules(said: Book, span: Span) -> Rules:
    # The last day of the calendar's span decides, also about where the span ends.
    return said.rules_on(span.days(Period.CALENDAR)[1])


def _counted(connection: Connection, said: Book, span: Span, printed: Sequence[Printed] = ()) -> PeriodFigures:
    site, rules = said.site, _rules(said, span)
    first, last = span.days(rules.period)
    before = span.previous().days(rules.period)
    return figures_of(
        cells(connection, site, first, last),
        (cell for cell in cells(connection, site, *before) if cell.lies_within(*before)),
        said.all_surveys,
        rules,
        first,
        last,
        served=served_within(connection, site, first, last),
        reviewed=count_reviewed(connection, site, first, last),
        reasons=_reasons(connection, site, first, last),
        forms=forms_within(connection, site, first, last),
        printed=printed,
    )


def hour_counts(database: Database, site: str, figures: PeriodFigures) -> list[HourCount]:
    """Return how many votes of each hour chose each level of the newest survey's first question, official or not."""
    if not figures.surveys:
        return []
    survey = figures.surveys[-1]
    alike = (votes.c.hour, answers.c.level)
    with database.reading() as connection:
        rows = connection.execute(
            select(*alike, func.count().label("votes"))
            .join(answers, answers.c.vote_id == votes.c.vote_id)
            .where(
                votes.c.site == site,
                votes.c.day >= figures.first,
                votes.c.until_day <= figures.last,
                votes.c.hour == votes.c.until_hour,  # of the others nobody knows the hour
                votes.c.survey == survey.revision,
                votes.c.outcome == VisitOutcome.ANSWERED,
                answers.c.criterion == survey.main.asked.criterion,
            )
            .group_by(*alike)
        ).all()
    return [HourCount(row.hour, row.level, row.votes) for row in rows]


def day_counts(database: Database, site: str, figures: PeriodFigures) -> list[DayCount]:
    """Return how many official votes of each day chose each level of the newest survey's first question.

    Votes of which the day is not certain are in none.
    """
    if not figures.surveys:
        return []
    survey = figures.surveys[-1]
    asked = survey.main.asked.criterion
    with database.reading() as connection:
        alike = (votes.c.day, answers.c.level)
        labels = labels_in_force(connection).label("labels")
        rows = connection.execute(
            select(*alike, labels, func.count().label("votes"))
            .join(answers, answers.c.vote_id == votes.c.vote_id)
            .where(
                votes.c.site == site,
                votes.c.day >= figures.first,
                votes.c.until_day <= figures.last,
                votes.c.day == votes.c.until_day,
                votes.c.survey == survey.revision,
                votes.c.outcome == VisitOutcome.ANSWERED,
                answers.c.criterion == asked,
            )
            .group_by(*alike, labels)
        ).all()
        excluded = set(figures.rules.excluded)
        counted = [
            DayCount(row.day, row.level, row.votes)
            for row in rows
            if excluded.isdisjoint((row.labels or "").split(","))
        ]
        on_paper = days_on_paper(connection, site, figures.first, figures.last, survey.revision, asked)
        return [*counted, *(DayCount(*each) for each in on_paper)]


def on_time_figures(database: Database, said: Book, figures: PeriodFigures, today: date) -> OnTimeFigures:
    """Return how the cases of a time keep their dates, as it stood at its end or stands today."""
    first, last = figures.first, figures.last
    with database.reading() as connection:
        waiting = cases_of(connection, said, first, last)
        return on_time(waiting, first, last, today, by_officer=figures.rules.by_officer)


def served_within(connection: Connection, site: str, first: date, last: date) -> int:
    """Return how many cases were received in a time."""
    within = (cases.c.site == site) & (cases.c.received >= first) & (cases.c.received <= last)
    return connection.scalar(select(func.count()).select_from(cases).where(within)) or 0


def _reasons(connection: Connection, site: str, first: date, last: date) -> dict[str, int]:
    rows = connection.execute(
        select(vote_reasons.c.reason, func.count().label("votes"))
        .join(votes, votes.c.vote_id == vote_reasons.c.vote_id)
        .where(
            votes.c.site == site,
            votes.c.day >= first,
            votes.c.until_day <= last,
            votes.c.outcome == VisitOutcome.ANSWERED,
        )
        .group_by(vote_reasons.c.reason)
    )
    named = Counter({row.reason: row.votes for row in rows})
    named.update(reasons_on_paper(connection, site, first, last))
    return dict(named)
