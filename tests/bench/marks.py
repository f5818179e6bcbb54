"""What it costs the ingest to say which half months and days have changed: `python -m tests.bench marks`.

Votes are inserted as the ingest does, so many a transaction, with and without the marks in turns, into one database.
Seconds of this process's processor, in which SQLite works, and PostgreSQL does not.
"""

import secrets
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import process_time
from unittest.mock import patch

from protocol.messages import Vote
from protocol.topics import Address
from sync_server.core.attribution import Attribution
from sync_server.store import votes
from sync_server.store.database import Database
from sync_server.store.votes import NewVote, insert_votes
from tests.fakes.databases import new_database
from tests.fakes.small_office import NOW, SITE, STREAM, THIS_HOUR, seed_kiosk, seed_office

# Votes a transaction → on how many different days they were cast: a backlog spans some.
SIZES = {1: 1, 20: 1, 200: 1, 2000: 20}
ROUNDS = 31
ABOUT = Attribution("huong", "ho-tich", "1.001193")


@dataclass
class Marks:
    """Processor seconds a transaction, one entry a round."""

    database: str
    size: int
    marked: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)


def measure(kind: str, tell: Callable[[str], None]) -> list[Marks]:
    """Insert votes in a database of a kind."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, new_database(kind, Path(folder)) as url:
        database = Database(url)
        seed_office(database)
        seed_kiosk(database)
        number = 0
        found = []
        for size, days in SIZES.items():
            tell(f"{kind}: {size} votes a transaction")
            marks = Marks(kind, size)
            for place in range(2 * ROUNDS):
                some = [_vote(number + each, each % days) for each in range(size)]
                number += size
                without = patch.object(votes, "touch", lambda *_: None) if place % 2 else nullcontext()
                began = process_time()
                with without, database.writing() as connection:
                    insert_votes(connection, some, NOW)
                (marks.bare if place % 2 else marks.marked).append(process_time() - began)
            found.append(marks)
        database.close()
    return found


def marks_table(found: list[Marks]) -> str:
    """Return what a transaction takes with its marks, beside one without."""
    lines = ["| database | votes a transaction | without marks, ms | with marks, ms | slower by |", "|---" * 5 + "|"]
    for marks in found:
        bare, marked = median(marks.bare), median(marks.marked)
        lines.append(
            f"| {marks.database} | {marks.size:,} | {bare * 1000:.2f} | {marked * 1000:.2f} | {marked / bare - 1:.0%} |"
        )
    return "\n".join(lines)


def _vote(number: int, day: int) -> NewVote:
    hour = THIS_HOUR - timedelta(days=day)
    vote = Vote(secrets.token_hex(16), number + 1, hour, 1, {"overall": 5})
    return NewVote(STREAM, Address(SITE, "kiosk-1"), vote, ABOUT, hour)
