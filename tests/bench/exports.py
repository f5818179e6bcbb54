"""Exporting a quarter beside what sqlite-utils makes of the same rows, each in a process of its own."""

import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.many_votes import cast_many
from tests.fakes.memory import MEMORY
from tests.fakes.small_office import migrated, seed_kiosk, seed_office

SMALL_PART = 12  # the memory is compared with that of so many times fewer votes
ROUNDS = 3
ROOT = Path(__file__).parents[2]
EXPORT = "python -m sync_server export"
FINISHED = "sqlite-utils, CSV of the finished rows"
ASKED = "sqlite-utils, CSV of the same rows out of the server's database"
# What has to be asked of the server's database for these rows, names left out.
QUESTION = """
    SELECT day, hour, until_day, until_hour, kiosk, counter, officer, field, procedure, survey, outcome, best_first,
        (SELECT group_concat(label) FROM vote_labels WHERE vote_labels.vote_id = votes.vote_id),
        (SELECT group_concat(reason) FROM vote_reasons WHERE vote_reasons.vote_id = votes.vote_id),
        (SELECT level FROM answers WHERE answers.vote_id = votes.vote_id AND criterion = 'overall')
    FROM votes WHERE site = 'sia' AND day >= '2026-10-01' AND day <= '2026-12-31' ORDER BY day, hour, vote_id
"""
# A child's largest memory, as its parent is told, is never less than that of the parent.
_TELLING = """
import runpy, sys
from pathlib import Path
told, module = Path(sys.argv[1]), sys.argv[2]
del sys.argv[:2]
try:
    runpy.run_module(module, run_name="__main__", alter_sys=True)
finally:
    told.write_bytes(Path("/proc/self/status").read_bytes())
"""


@dataclass(frozen=True)
class Run:
    """What a program took: processor seconds, its own and the system's for it, and its largest memory in bytes."""

    what: str
    rows: int
    seconds: float
    memory: int


def measure(rows: int, tell: Callable[[str], None]) -> list[Run]:
    """Export so many votes to CSV and have sqlite-utils do the same, in turns; the median run of each.

    sqlite-utils reads the finished rows out of the SQLite export, and asks the server's database for the same ones,
    which lie in four tables there. The export also reads its file back. Seconds of the processor and not of the clock,
    for others may be working on the machine.
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
                *_theirs(folder / str(rows), rows),
            ):
                tries.setdefault(f"{run.what} {run.rows}", []).append(run)
        once = [_ours(folder / str(rows), form, rows) for form in ("json", "sqlite", "xlsx")]
    return [sorted(each, key=lambda run: run.seconds)[len(each) // 2] for each in tries.values()] + once


def exports_table(runs: list[Run]) -> str:
    """Return rows a second and memory, beside those of sqlite-utils."""
    speeds = {run.what: run.rows / run.seconds for run in runs if run.what in (FINISHED, ASKED)}
    lines = ["| what | rows | processor s | rows/s | × finished rows | × same rows | memory MiB |", "|---" * 7 + "|"]
    for run in runs:
        speed = run.rows / run.seconds
        lines.append(
            f"| {run.what} | {run.rows:,} | {run.seconds:.1f} | {speed:,.0f} | {speed / speeds[FINISHED]:.2f} "
            f"| {speed / speeds[ASKED]:.2f} | {run.memory >> 20} |"
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
    command = ["sync_server", "--settings", str(folder / "server.toml"), "export", "2026-Q4", "--replace"]
    return run_module(f"{EXPORT}, {form}", [*command, "--to", str(folder / f"votes.{form}")], rows, folder)


def _theirs(folder: Path, rows: int) -> Iterator[Run]:
    finished = ["sqlite_utils", "rows", str(folder / "votes.sqlite"), "votes", "--csv"]
    yield run_module(FINISHED, finished, rows, folder)
    asked = ["sqlite_utils", "query", str(folder / "server.sqlite"), QUESTION, "--csv"]
    yield run_module(ASKED, asked, rows, folder)


def run_module(what: str, arguments: list[str], rows: int, folder: Path) -> Run:
    """Run a module with its arguments in a process of its own."""
    told = folder / "status"
    before = _children()
    with (folder / "output").open("wb") as output:
        command = [sys.executable, "-c", _TELLING, str(told), *arguments]
        subprocess.run(command, cwd=ROOT, stdout=output, stderr=subprocess.DEVNULL, check=True)
    [kibibytes] = re.findall(r"^VmHWM:\s*(\d+) kB$", told.read_text(encoding="ascii"), re.MULTILINE)
    return Run(what, rows, _children() - before, int(kibibytes) * 1024)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
