"""Exporting a quarter beside what sqlite-utils makes of the same rows, each in a process of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.many_votes import cast_many
from tests.fakes.memory import MEMORY
from tests.fakes.small_office import migrated, seed_kiosk, seed_office

SMALL_PART = 12  # the memory is compared with that of so many times fewer votes
ROUNDS = 3
ROOT = Path(__file__).parents[2]
BEGINNING = "python -m sync_server export"


@dataclass(frozen=True)
class Run:
    """What a program took: processor seconds, its own and the system's for it, and its largest memory in bytes."""

    what: str
    rows: int
    seconds: float
    memory: int


def measure(rows: int, tell: Callable[[str], None]) -> list[Run]:
    """Export so many votes to CSV and have sqlite-utils do the same, in turns; the median run of each.

    sqlite-utils reads the finished rows out of the SQLite export; the export puts them together of five tables, and
    reads its file back. Seconds of the processor and not of the clock, for others may be working on the machine.
    """
    small = max(1, rows // SMALL_PART)
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        folder = Path(name)
        for votes in (small, rows):
            tell(f"casting {votes:,} votes")
            _office(folder / str(votes), votes)
        tell("making the ready table")
        _ours(folder / str(rows), "sqlite", rows)
        tries: dict[str, list[Run]] = {}
        for number in range(ROUNDS):
            tell(f"round {number + 1} of {ROUNDS}")
            for run in (
                _ours(folder / str(small), "csv", small),
                _ours(folder / str(rows), "csv", rows),
                _theirs(folder / str(rows), rows),
            ):
                tries.setdefault(f"{run.what} {run.rows}", []).append(run)
        once = [_ours(folder / str(rows), form, rows) for form in ("json", "sqlite", "xlsx")]
    return [sorted(each, key=lambda run: run.seconds)[len(each) // 2] for each in tries.values()] + once


def exports_table(runs: list[Run]) -> str:
    """Return rows a second and memory, beside those of sqlite-utils."""
    [reference] = [run for run in runs if not run.what.startswith(BEGINNING)]
    lines = ["| what | rows | processor s | rows/s | × sqlite-utils | memory MiB |", "|---" * 6 + "|"]
    for run in runs:
        speed = run.rows / run.seconds
        times = speed / (reference.rows / reference.seconds)
        lines.append(
            f"| {run.what} | {run.rows:,} | {run.seconds:.1f} | {speed:,.0f} | {times:.2f} | {run.memory >> 20} |"
        )
    return "\n".join(lines)


def _office(folder: Path, votes: int) -> None:
    folder.mkdir()
    database = migrated(folder)
    seed_office(database)
    seed_kiosk(database)
    cast_many(database, votes)
    database.close()
    (folder / "server.toml").write_text(
        f'[storage]\nfolder = "{folder}"\n[web]\npublic_address = "https://hailong.example"\n', encoding="utf-8"
    )


def _ours(folder: Path, form: str, rows: int) -> Run:
    command = ["-m", "sync_server", "--settings", str(folder / "server.toml"), "export", "2026-Q4", "--replace"]
    return _run(f"{BEGINNING}, {form}", [*command, "--to", str(folder / f"votes.{form}")], rows, None)


def _theirs(folder: Path, rows: int) -> Run:
    command = ["-m", "sqlite_utils", "rows", str(folder / "votes.sqlite"), "votes", "--csv"]
    return _run("sqlite-utils, CSV of the finished rows", command, rows, folder / "theirs.csv")


def _run(what: str, arguments: list[str], rows: int, output: Path | None) -> Run:
    with open(output or os.devnull, "wb") as file:  # noqa: PTH123 - the null device is no path of ours
        process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=file, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{what} ended with {process.returncode}")
    return Run(what, rows, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
