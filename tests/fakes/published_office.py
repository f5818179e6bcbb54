"""An office with a result in force, one that was amended, and a draft that nobody may see."""

from datetime import UTC, date, datetime
from pathlib import Path

from sync_server.core.decisions.states import Change, Step
from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.rules import Rules
from sync_server.core.spans import Span
from sync_server.deciding import Paper, amend
from sync_server.store.database import Database
from sync_server.store.decision_overview import blank
from sync_server.store.decisions import Doing
from sync_server.store.records import book
from tests.fakes.small_office import SITE
from tests.fakes.votes import a_vote
from tests.fakes.whole_office import QUARTER, WholeOffice

NEXT = Span.parse("2027-Q1")
LEVELS = [5] * 41 + [4] * 7 + [3] * 3 + [2, 1]


def published_office(database: Database, folder: Path) -> WholeOffice:
    """Issue 2026-Q4, amend it, begin another amendment, and draft the quarter after it."""
    office = WholeOffice(database, folder, Rules(labelling=Labelling(rules=())))
    office.kiosk("quay-1")
    _cast(office, LEVELS, datetime(2026, 11, 20, 3, tzinfo=UTC))
    office.issue(paper=Paper("05", date(2027, 1, 6)))
    _cast(office, [1], datetime(2026, 11, 21, 3, tzinfo=UTC))
    office.change(Change.AMENDS, "1 lượt đến sau", Paper("07", date(2027, 1, 9)))
    with database.reading() as connection:
        begins = blank(book(connection, SITE), QUARTER)
    amend(database, begins, Change.REPLACES, Doing(Step.AMEND, "Hà", office.now, "còn lượt nữa"))
    office.now = datetime(2027, 4, 2, 3, tzinfo=UTC)
    _cast(office, [2] * 777, datetime(2027, 2, 2, 3, tzinfo=UTC))
    office.draft(NEXT)
    return office


def _cast(office: WholeOffice, levels: list[int], hour: datetime) -> None:
    office.cast("quay-1", [a_vote(1, hour=hour, level=level, counter=1) for level in levels])
    office.report("quay-1")
    office.settle()
