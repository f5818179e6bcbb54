"""A quarter of an office with as many votes as one likes, folded as a server at rest has them."""

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from sync_server.core.quarter import local_day
from sync_server.store import schema
from sync_server.store.bulk import bulk_insert
from sync_server.store.cells import touch
from sync_server.store.database import Database
from sync_server.store.folding import fold
from sync_server.store.votes import VOTE_COLUMNS
from tests.fakes.small_office import NOW, SITE, STREAM

AT_ONCE = 5_000
DAYS = [datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=day) for day in range(92)]
OFFICERS = (("huong", "ho-tich", "1.001193"), ("bich", "ho-tich", "1.000894"), ("thang", "dat-dai", "1.012812"))


def cast_many(database: Database, votes: int, seed: int = 1) -> None:
    """Cast these votes in 2026-Q4 at the small office's kiosk; reasons on every fifth, a label on every tenth."""
    chance = random.Random(seed)
    with database.reading() as connection:
        there = connection.scalar(select(func.max(schema.votes.c.number))) or 0
    for first in range(0, votes, AT_ONCE):
        _cast(database, chance, range(first, min(first + AT_ONCE, votes)), votes, there + 1)
    for _ in fold(database, NOW + timedelta(days=1)):
        pass


def _cast(database: Database, chance: random.Random, numbers: range, votes: int, first: int) -> None:
    ids = [chance.randbytes(16).hex() for _ in numbers]
    rows = []
    for number, vote_id in zip(numbers, ids, strict=True):
        hour = DAYS[number * len(DAYS) // votes] + timedelta(hours=chance.randrange(10))
        day = local_day(hour)
        rows.append(
            (
                *(vote_id, STREAM, first + number, SITE, "kiosk-1", hour, hour, day, day, 1, chance.randint(1, 2)),
                *(chance.randbytes(16).hex(), *chance.choice(OFFICERS), hour, "answered", 0),
            )
        )
    levels = [(vote_id, "overall", chance.choice((1, 3, 4, 5, 5, 5))) for vote_id in ids]
    reasons = [(vote_id, chance.choice(("waiting", "late"))) for vote_id in ids[::5]]
    labels = [(vote_id, "hasty") for vote_id in ids[::10]]
    with database.writing() as connection:
        bulk_insert(connection, schema.votes, VOTE_COLUMNS, rows, all_new=True)
        for table, column, some in (
            (schema.vote_reasons, "reason", reasons),
            (schema.vote_labels, "label", labels),
        ):
            bulk_insert(connection, table, ("vote_id", column), some, all_new=True)
        bulk_insert(connection, schema.answers, ("vote_id", "criterion", "level"), levels, all_new=True)
        touch(connection, {(SITE, row[7]) for row in rows}, NOW)
