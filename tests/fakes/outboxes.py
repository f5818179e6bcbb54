"""Asking an outbox, and its file, what a test wants to know."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.outbox import Limits, Outbox, Stored
from protocol.chain import EMPTY, extend
from protocol.messages import Chain, Vote
from tests.fakes.clock import FakeClock
from tests.fakes.drafts import a_draft, a_reading

ALL = 1_000_000


@contextmanager
def an_outbox(path: Path, limits: Limits | None = None) -> Iterator[Outbox]:
    outbox = Outbox(path, limits)
    try:
        yield outbox
    finally:
        outbox.close()


def cast(outbox: Outbox, level: int = 5, case_token: str | None = None, clock: FakeClock | None = None) -> str:
    """Store a vote and return its id."""
    stored = outbox.cast(a_draft(level, case_token), clock.reading() if clock else a_reading())
    assert isinstance(stored, Stored)
    return stored.vote_id


def settled(outbox: Outbox, clock: FakeClock | None = None) -> tuple[Vote, ...]:
    """Return every vote that is kept, all of them settled now."""
    outbox.settle(1, ALL, clock.reading() if clock else a_reading())
    return outbox.votes(1, ALL)


def numbers(outbox: Outbox) -> list[int]:
    return [vote.number for vote in settled(outbox)]


def ids(outbox: Outbox) -> list[str]:
    return [vote.vote_id for vote in settled(outbox)]


def chain_at(outbox: Outbox, number: int) -> Chain:
    """The chain that a server would name that has every vote up to there; only for a stream that has lost none yet."""
    return extend(EMPTY, [vote.vote_id for vote in settled(outbox) if vote.number <= number])


def raw(path: Path, query: str) -> list[tuple[object, ...]]:
    """Ask the file itself."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            return connection.execute(query).fetchall()
    finally:
        connection.close()
