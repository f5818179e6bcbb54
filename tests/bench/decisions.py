"""A Decision on very many votes by the real parts: drafting, issuing and verifying it, each in its own process."""

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sync_server.core.decisions.states import Step
from sync_server.core.spans import Span
from sync_server.deciding import ARCHIVE, Desk, Paper, close, draft, issue, review
from sync_server.decision_parts import parts_of
from sync_server.settings import Settings, Storage
from sync_server.store.database import Database
from sync_server.store.decision_overview import blank
from sync_server.store.decisions import Doing
from sync_server.store.records import book
from tests.bench.exports import Run, run_module
from tests.fakes.many_votes import cast_many
from tests.fakes.memory import MEMORY
from tests.fakes.small_office import SITE, migrated, seed_kiosk, seed_office

QUARTER = Span.parse("2026-Q4")
AFTER = datetime(2027, 1, 5, 2, tzinfo=UTC)
DRAFTED, ISSUED, VERIFIED = "decision draft", "decision issue, its archive verified", "python verify.py ho-so.zip"


def measure(votes: int, tell: Callable[[str], None]) -> list[Run]:
    """Cast so many votes and take every step of their quarter."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        folder = Path(name)
        tell(f"casting {votes:,} votes")
        database = migrated(folder)
        seed_office(database)
        seed_kiosk(database)
        cast_many(database, votes)
        with database.reading() as connection:
            begins = blank(book(connection, SITE), QUARTER)
        close(database, begins, (), "", Doing(Step.CLOSE, "Hà", AFTER))
        database.close()
        runs = []
        for what, step in ((DRAFTED, "draft"), (ISSUED, "issue")):
            tell(f"{what}: {votes:,} votes")
            runs.append(run_module(what, ["tests.bench.decisions", step, name], votes, folder))
        [archive] = folder.rglob(ARCHIVE)
        tell(f"{VERIFIED}: {votes:,} votes")
        runs.append(run_module(VERIFIED, ["sync_server.verifier.verify", str(archive)], votes, folder))
        return runs


def decisions_table(runs: list[Run]) -> str:
    """Return how long each step takes, and how much memory."""
    lines = ["| what | votes | processor s | memory MiB |", "|---" * 4 + "|"]
    lines += [f"| {run.what} | {run.rows:,} | {run.seconds:.1f} | {run.memory >> 20} |" for run in runs]
    return "\n".join(lines)


def main(what: str, folder: Path) -> None:
    """Take one of the steps that are measured."""
    settings = Settings(storage=Storage(folder=str(folder)))
    database = Database(settings.database_url)
    desk = Desk(database, folder, parts_of(settings))
    if what == "draft":
        draft(desk, SITE, QUARTER, Doing(Step.DRAFT, "Hà", AFTER))
        review(database, SITE, QUARTER, Doing(Step.REVIEW, "Lan", AFTER))
    else:
        issue(desk, SITE, QUARTER, Paper(), Doing(Step.ISSUE, "Lan", AFTER))
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
