"""A process that issues a reviewed quarter and says, line by line, how far it is; for a test to kill it.

python -m tests.fakes.issuing DATABASE-URL FOLDER TIME
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from sync_server.core.decisions.states import Step
from sync_server.core.spans import Span
from sync_server.deciding import Desk, Paper, issue
from sync_server.store.database import Database
from sync_server.store.decisions import Doing
from tests.fakes.decision_parts import SMALL_PARTS
from tests.fakes.small_office import SITE

MARKS = 7  # lines that it writes


def _tell(what: str, done: int, _total: int | None) -> None:
    print(what, done, flush=True)


def main(url: str, folder: str, span: str) -> None:
    """Issue it."""
    database = Database(url)
    _tell("begun", 0, None)
    desk = Desk(database, Path(folder), SMALL_PARTS, _tell)
    issue(desk, SITE, Span.parse(span), Paper(), Doing(Step.ISSUE, "Hà", datetime(2027, 1, 5, 2, tzinfo=UTC)))


if __name__ == "__main__":
    main(*sys.argv[1:])
