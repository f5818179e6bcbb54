"""make mutants: change the source in small ways, one at a time, and count the changes that no test notices.

Each file is tried with the few fast tests that are there for it. All of it happens in a copy, so that the tree stays
as it is. Names of files after the command choose among them: make mutants ONLY="chain lanes".
Exit status: 0 every survivor is explained, in explained.toml or by a rule, 1 some are not, 2 wrong use.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.fakes.memory import MEMORY
from tests.mutants.rules import excused
from tests.mutants.subjects import SUBJECTS, Subject

ROOT = Path(__file__).parents[2]
ROOMS = ("protocol", "hardware", "kiosk", "sync_server")
EXPLAINED = Path(__file__).with_name("explained.toml")
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", "data", "mutants-*", "__pycache__", ".*_cache", ".hypothesis")

# What mutmut notes as the end of the tests of one mutant.
SURVIVED, NO_TESTS = 0, 33


@dataclass(frozen=True)
class Outcome:
    """What became of the mutants of one file."""

    mutants: int
    survivors: dict[str, str]  # the mutant's name, and what it changes


def main(chosen: list[str]) -> int:
    """Try the subjects chosen, all without a choice; return the exit status."""
    subjects = [subject for subject in SUBJECTS if not chosen or any(word in subject.file for word in chosen)]
    if not subjects:
        print(f"No subject is named like that. There are: {', '.join(subject.file for subject in SUBJECTS)}")
        return 2
    explained: dict[str, str] = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))
    unexplained = 0
    rows = []
    for count, subject in enumerate(subjects, 1):
        begun = monotonic()
        print(f"[{count}/{len(subjects)}] {subject.file} …", end=" ", flush=True)
        outcome = _try(subject)
        reasons = {name: _reason(change, explained) for name, change in outcome.survivors.items()}
        known = sum(reason is not None for reason in reasons.values())
        unexplained += len(outcome.survivors) - known
        print(f"{outcome.mutants} mutants, {len(outcome.survivors)} survive ({monotonic() - begun:.0f} s)", flush=True)
        for name, change in outcome.survivors.items():
            print(f"  {name}: {reasons[name] or 'not explained'}\n    {_key(change)}")
        killed = outcome.mutants - len(outcome.survivors)
        rows.append(f"| {subject.file} | {outcome.mutants} | {killed} | {len(outcome.survivors)} | {known} |")
    print("\n| file | mutants | killed | survived | explained |\n|---|---|---|---|---|", *rows, sep="\n")
    return 1 if unexplained else 0


def _try(subject: Subject) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="mutants-", dir=MEMORY) as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND, symlinks=True)
        with (copy / "pyproject.toml").open("a", encoding="utf-8") as settings:
            settings.write(_settings(subject))
        environment = os.environ | {"PYTHONPATH": "", "TEST_SEED": os.environ.get("TEST_SEED", "1")}
        said = Path(folder) / "said"
        with said.open("wb") as output:
            done = subprocess.run(
                [sys.executable, "-m", "mutmut", "run", "--max-children", str(os.cpu_count() or 1)],
                cwd=copy,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        noted = copy / "mutants" / f"{subject.file}.meta"
        if done.returncode != 0 or not noted.exists():
            raise SystemExit(f"mutmut stops with {done.returncode}:\n{said.read_text(errors='replace')[-3000:]}")
        ends: dict[str, int | None] = json.loads(noted.read_text(encoding="utf-8"))["exit_code_by_key"]
        survivors = [name for name, end in ends.items() if end in (SURVIVED, NO_TESTS, None)]
        return Outcome(len(ends), {name: _change(copy, name) for name in survivors})


def _settings(subject: Subject) -> str:
    return "\n".join(
        [
            "",
            "[tool.mutmut]",
            f"source_paths = {json.dumps(ROOMS)}",
            f"only_mutate = {json.dumps([subject.file])}",
            'also_copy = ["deploy", "docs"]',
            'pytest_add_cli_args = ["--hypothesis-profile=mutants", "-p", "no:xdist", "-k", "not postgresql"]',
            f"pytest_add_cli_args_test_selection = {json.dumps(subject.tests)}",
            "",
        ]
    )


def _change(copy: Path, mutant: str) -> str:
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", mutant], cwd=copy, capture_output=True, text=True, check=False
    )
    return shown.stdout


def _reason(change: str, explained: dict[str, str]) -> str | None:
    lines = _changed(change)
    by_rule = excused([line[1:] for line in lines if line[0] == "-"], [line[1:] for line in lines if line[0] == "+"])
    return explained.get(_key(change)) or by_rule


def _key(change: str) -> str:
    """The changed lines alone: numbers of lines, and of mutants, move with every edit."""
    return " ".join(f"{line[0]} {line[1:].strip()}" for line in _changed(change))


def _changed(change: str) -> list[str]:
    return [line for line in change.splitlines() if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
