"""Writing and verifying the archive of a quarter beside a plain read of its file of votes, each in its own process."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from sync_server.archives.ground import lay_ground
from sync_server.archives.writing import Papers, write_archive
from sync_server.core.decisions.document import filled
from sync_server.core.spans import Span
from sync_server.store.ballots import reading_ballots
from sync_server.store.database import Database
from tests.bench.exports import Run, run_module
from tests.fakes.archives import ABOUT, KEY, PDF, document_of, docx_of, stated_of
from tests.fakes.many_votes import cast_many
from tests.fakes.memory import MEMORY
from tests.fakes.small_office import SITE, migrated, seed_kiosk, seed_office

SMALL_PART = 10  # the memory is compared with that of so many times fewer votes
READ, LAID, WRITTEN, VERIFIED = (
    *("a plain read of votes.sqlite: every row, no hash", "votes.sqlite, root and fingerprint, from the database"),
    *("the whole archive, verified before it takes its place", "python verify.py ARCHIVE.zip"),
)


def measure(votes: int, tell: Callable[[str], None]) -> list[Run]:
    """Make an archive of so many votes and of a part of them, and verify both."""
    runs = []
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        for number in (max(1, votes // SMALL_PART), votes):
            folder = Path(name) / str(number)
            folder.mkdir()
            tell(f"casting {number:,} votes")
            database = migrated(folder)
            seed_office(database)
            seed_kiosk(database)
            cast_many(database, number)
            database.close()
            for what, arguments in (
                (LAID, ["tests.bench.archives", "lay", str(folder)]),
                (WRITTEN, ["tests.bench.archives", "write", str(folder)]),
                (VERIFIED, ["sync_server.verifier.verify", str(folder / "ho-so.zip"), "--key", KEY.public]),
                (READ, ["tests.bench.plain_read", str(folder / "votes.sqlite")]),
            ):
                tell(f"{what}: {number:,} votes")
                runs.append(run_module(what, arguments, number, folder))
    return runs


def archives_table(runs: list[Run]) -> str:
    """Return votes a second and memory, beside those of a plain read."""
    plain = {run.rows: run.seconds for run in runs if run.what == READ}
    lines = ["| what | votes | processor s | votes/s | × a plain read | memory MiB |", "|---" * 6 + "|"]
    lines += [
        f"| {run.what} | {run.rows:,} | {run.seconds:.1f} | {run.rows / run.seconds:,.0f} "
        f"| {run.seconds / plain[run.rows]:.1f} | {run.memory >> 20} |"
        for run in runs
    ]
    return "\n".join(lines)


def main(what: str, folder: Path) -> None:
    """Do one of the things that are measured."""
    database = Database(f"sqlite:///{folder / 'server.sqlite'}")
    with reading_ballots(database, SITE, Span.parse("2026-Q4")) as ballots:
        ground = lay_ground(folder, ballots, ballots.figures)
    if what == "write":
        stated = stated_of(ground)
        document = document_of(ground.computed, stated)
        rendered = docx_of(filled(document, {**ground.computed, **stated}))
        write_archive(folder / "ho-so.zip", ground, Papers(document, stated, rendered, PDF), ABOUT, KEY)
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
