"""A kiosk's card: the folder with its votes, read and copied from outside."""

import contextlib
import shutil
import sqlite3
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from protocol.chain import link

OUTBOX = "outbox.sqlite"
FILLER = "filler"


@dataclass(frozen=True)
class Card:
    """What lies on a card."""

    stream: str
    stored_up_to: int  # as the kiosk knows it
    votes: tuple[tuple[int, str], ...]  # number and id, ascending
    changed: frozenset[str] = frozenset()  # of these, the ids that do not give the chain that stands beside them

    @property
    def highest(self) -> int:
        return self.votes[-1][0] if self.votes else 0

    @property
    def waiting(self) -> tuple[str, ...]:
        """The ids of the votes that no receipt has confirmed."""
        return tuple(vote for number, vote in self.votes if number > self.stored_up_to)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the votes; not what changed bytes have made of one."""
        return frozenset(vote for _, vote in self.votes if vote not in self.changed)

    @property
    def gaps(self) -> int:
        """How many numbers are missing between the first and the last."""
        return len(self.votes) and self.highest - self.votes[0][0] + 1 - len(self.votes)


def read(folder: Path) -> Card | None:
    """Read a card; None when it holds no outbox, or one that cannot be read just now."""
    with contextlib.suppress(sqlite3.Error, OSError, ValueError), contextlib.closing(_open(folder / OUTBOX)) as outbox:
        outbox.execute("BEGIN")
        row = outbox.execute("SELECT stream, stored_up_to FROM stream").fetchone()
        votes = outbox.execute("SELECT number, vote_id, chain FROM votes ORDER BY number").fetchall()
        changed = frozenset(vote for (_, _, before), (_, vote, chain) in pairwise(votes) if link(before, vote) != chain)
        return None if row is None else Card(row[0], row[1], tuple(vote[:2] for vote in votes), changed)
    return None


@dataclass(frozen=True)
class Standing:
    """Where a card's stream is."""

    stream: str
    stored_up_to: int  # as the kiosk knows it
    highest: int

    @property
    def drained(self) -> bool:
        return self.stored_up_to >= self.highest


def standing(folder: Path) -> Standing | None:
    """Say where the stream is without reading every vote; None as `read`."""
    with contextlib.suppress(sqlite3.Error, OSError, ValueError), contextlib.closing(_open(folder / OUTBOX)) as outbox:
        query = "SELECT stream, stored_up_to, (SELECT coalesce(max(number), 0) FROM votes) FROM stream"
        row = outbox.execute(query).fetchone()
        return None if row is None else Standing(*row)
    return None


def settle(folder: Path) -> None:
    """Bring everything of the outbox into its one file, as a clean end would; nobody may use it."""
    with contextlib.closing(sqlite3.connect(folder / OUTBOX, timeout=10)) as outbox:
        outbox.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def copy(source: Path, target: Path) -> None:
    """Copy a card that nobody uses into a new folder."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(FILLER))


def clear(folder: Path) -> None:
    """Leave an empty card."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def put_back(image: Path, folder: Path) -> None:
    """Write an image over a card that nobody uses."""
    clear(folder)
    shutil.copytree(image, folder, dirs_exist_ok=True)


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
