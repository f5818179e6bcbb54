"""The demo's finished quarters: made up and decided on at its first start, so that there is a Decision to open."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from deploy.demo_office import ROOT, SAMPLE, SITE, DemoTrouble, Office
from deploy.demo_processes import die_with_parent

VOTES = 400  # a quarter: enough for every annex, and made within seconds
VIETNAM = timedelta(hours=7)
LAST_LINES = 10


class Quarters:
    """The two quarters before the day of the first start, as files in the demo's folder."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._folder = office.folder / "quarters"
        self._chosen = self._folder / "chosen"  # once, so that an interrupted start goes on with the same ones
        self._done = self._folder / "done"

    def prepare(self, tell: Callable[[str], None]) -> None:
        """Have them made up and decided on, as far as that is not done; DemoTrouble when it fails."""
        if self._done.exists():
            return
        self._folder.mkdir(exist_ok=True)
        words = [word for quarter in self.names for word in ("--quarter", quarter)]
        command = [
            *(sys.executable, "-m", "sync_server.stand_in.decided", str(SAMPLE), str(self._folder)),
            *("--settings", str(self._office.server_settings), "--site", SITE, "--votes", str(VOTES), *words),
        ]
        log = self._folder / "log"
        with (
            log.open("w", encoding="utf-8") as messages,
            subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=messages,
                text=True,
                preexec_fn=die_with_parent,
            ) as process,
        ):
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    tell(line.strip())
            except KeyboardInterrupt:  # whether the terminal told it too or not
                process.terminate()
                process.wait()
                raise
        if process.returncode != 0:
            last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
            raise DemoTrouble("\n".join(last) or f"the finished quarters cannot be made up; see {log}")
        self._done.touch()

    @property
    def names(self) -> tuple[str, str]:
        """The quarters, the older first, like 2026-Q3."""
        if not self._chosen.exists():
            begun = self._chosen.with_suffix(".part")
            begun.write_text(" ".join(last_two((datetime.now(UTC) + VIETNAM).date())), encoding="utf-8")
            begun.rename(self._chosen)
        older, newest = self._chosen.read_text(encoding="utf-8").split()
        return older, newest

    def where(self) -> str:
        """Say in lines where the newest Decision is to be seen, and how to check it."""
        newest = self.names[-1]
        web = f"http://127.0.0.1:{self._office.ports['web']}/results/{SITE}"
        folder = self._office.folder / "server" / "decisions" / SITE / newest
        files = {file.suffix: file for file in sorted(folder.glob("*/ban-hanh-*/*"))}
        return "\n".join(
            (
                f"Decision     of {newest}: {files.get('.pdf', folder)}",
                f"             for Word: {files.get('.docx', folder)}",
                f"             to check: .venv/bin/python -m sync_server verify {files.get('.zip', folder)}",
                f"For everyone {web}",
                f"             in the lobby: {web}/lobby",
            )
        )


def last_two(day: date) -> tuple[str, str]:
    """Return the two complete quarters before a day, the older first."""
    number = day.year * 4 + (day.month - 1) // 3
    older, newest = (f"{each // 4}-Q{each % 4 + 1}" for each in (number - 2, number - 1))
    return older, newest
