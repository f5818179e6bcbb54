"""`python -m tests.bench.write_budget`: how many bytes a vote costs the kiosk's disk, from cast to erased.

Counted by the kernel for this process: *to files* is what was handed to write(), *to the device* what it made dirty in
the page cache of a disk (0 on a file system in memory).
"""

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from kiosk.outbox import Outbox
from protocol.messages import LONGEST_BATCH
from tests.fakes.clock import FakeClock
from tests.fakes.drafts import a_draft

STEPS = ("cast", "settled", "confirmed, blanked", "erased", "closed")


@dataclass
class Bytes:
    """What was written, by step: to files and to the device."""

    by_step: dict[str, tuple[int, int]] = field(default_factory=dict)

    @contextmanager
    def counted(self, step: str) -> Iterator[None]:
        files, device = _written()
        yield
        files_now, device_now = _written()
        before = self.by_step.get(step, (0, 0))
        self.by_step[step] = (before[0] + files_now - files, before[1] + device_now - device)

    def total(self) -> tuple[int, int]:
        return sum(files for files, _ in self.by_step.values()), sum(device for _, device in self.by_step.values())


def live(folder: Path, votes: int) -> Bytes:
    """Every vote is sent and confirmed by itself, as on an ordinary day."""
    return _lives(folder, votes, batch=1)


def backlog(folder: Path, votes: int) -> Bytes:
    """The votes wait, and are sent in full messages, as after days without a network."""
    return _lives(folder, votes, batch=LONGEST_BATCH)


def _lives(folder: Path, votes: int, batch: int) -> Bytes:
    clock, written = FakeClock(), Bytes()
    clock.synchronise()
    outbox = Outbox(folder / "outbox.sqlite")
    with closing(outbox):
        outbox.begin_boot(clock.reading())
        for number in range(1, votes + 1):
            clock.advance(60)
            with written.counted("cast"):
                outbox.cast(a_draft(5, f"{number:032x}", counter=2), clock.reading())
            if number % batch == 0 or number == votes:
                first = number - (number - 1) % batch
                with written.counted("settled"):
                    outbox.settle(first, number, clock.reading())
                with written.counted("confirmed, blanked"):
                    outbox.confirm(number, clock.true)
        with written.counted("erased"):
            outbox.forget(clock.true + timedelta(days=40))
        with written.counted("closed"):
            outbox.close()
    return written


def bare(folder: Path, votes: int) -> Bytes:
    """The reference of the design notes: one 170-byte row with a text key and one index, WAL and FULL, per commit."""
    written = Bytes()
    with closing(sqlite3.connect(folder / "bare.sqlite", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE rows (key TEXT PRIMARY KEY, number INTEGER, filler TEXT)")
        database.execute("CREATE INDEX by_number ON rows (number)")
        with written.counted("cast"):
            for number in range(votes):
                database.execute("INSERT INTO rows VALUES (hex(randomblob(16)), ?, ?)", [number, "x" * 130])
    return written


def main(arguments: list[str] | None = None) -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.write_budget", description=__doc__)
    parser.add_argument("--votes", type=int, default=2000, help="votes of each life (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where to write; a disk, not memory (default: the system's)")
    chosen = parser.parse_args(arguments)
    lives: dict[str, Callable[[Path, int], Bytes]] = {
        "each vote confirmed at once": live,
        f"backlog, {LONGEST_BATCH} a message": backlog,
        "reference: a bare commit": bare,
    }
    results = {}
    for name, life in lives.items():
        print(f"{name}: {chosen.votes} votes …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            results[name] = life(Path(folder), chosen.votes)
    print(f"| kB a vote, to files | {' | '.join(results)} |\n|---|{'---|' * len(results)}")
    for step in STEPS:
        row = [_per_vote(result.by_step.get(step), chosen.votes) for result in results.values()]
        print(f"| {step} | {' | '.join(row)} |")
    print(f"| together | {' | '.join(_per_vote(result.total(), chosen.votes) for result in results.values())} |")
    device = [f"{result.total()[1] / chosen.votes / 1000:.1f}" for result in results.values()]
    print(f"| together, to the device | {' | '.join(device)} |")
    return 0


def _per_vote(written: tuple[int, int] | None, votes: int) -> str:
    return "–" if written is None else f"{written[0] / votes / 1000:.1f}"


def _written() -> tuple[int, int]:
    counts = dict(line.split(": ") for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines())
    return int(counts["wchar"]), int(counts["write_bytes"])


if __name__ == "__main__":
    sys.exit(main())
