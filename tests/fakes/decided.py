"""Quarters of the small office in every state."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sync_server.core.decisions.states import Change, Step
from sync_server.core.spans import Span
from sync_server.deciding import Desk, Paper, amend, close, draft, issue, review
from sync_server.store.database import Database
from sync_server.store.decision_overview import blank
from sync_server.store.decisions import Doing, Kept
from sync_server.store.records import book
from tests.fakes.decision_parts import SMALL_PARTS
from tests.fakes.small_office import SITE


def desk_of(database: Database, folder: Path) -> Desk:
    return Desk(database, folder, SMALL_PARTS)


def closed(
    database: Database, span: Span, at: datetime, lacking: tuple[str, ...] = (), because: str = "", by: str = "Hà"
) -> Kept:
    with database.reading() as connection:
        begins = blank(book(connection, SITE), span)
    return close(database, begins, lacking, because, Doing(Step.CLOSE, by, at, because))


def reviewed(desk: Desk, span: Span, at: datetime) -> Kept:
    draft(desk, SITE, span, Doing(Step.DRAFT, "Hà", at))
    return review(desk.database, SITE, span, Doing(Step.REVIEW, "Trần Thị Lan", at))


def issued(desk: Desk, span: Span, at: datetime, number: str | None = None, day: date | None = None) -> Kept:
    """Have a time issued from the beginning."""
    closed(desk.database, span, at)
    reviewed(desk, span, at)
    return issue(desk, SITE, span, Paper(number, day), Doing(Step.ISSUE, "Trần Thị Lan", at))


def amended(desk: Desk, span: Span, at: datetime) -> Kept:
    """Have an issued time issued once more."""
    with desk.database.reading() as connection:
        begins = replace(blank(book(connection, SITE), span))
    amend(desk.database, begins, Change.AMENDS, Doing(Step.AMEND, "Hà", at, "lượt đến sau"))
    closed(desk.database, span, at)
    reviewed(desk, span, at)
    return issue(desk, SITE, span, Paper(), Doing(Step.ISSUE, "Trần Thị Lan", at))
