"""An office in a folder: a server's database and settings, and kiosks registered with it."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from sync_server.store.database import Database
from tests.journeys.processes import ROOT, free_port, run

SITE = "sia"
SAMPLE_OFFICE = ROOT / "deploy" / "sample_office"


@dataclass(frozen=True)
class Office:
    """Where everything of the office lies."""

    folder: Path
    kiosks: tuple[str, ...]
    broker_port: int
    web_port: int
    database_url: str

    @property
    def server_settings(self) -> Path:
        return self.folder / "server.toml"

    def kiosk_settings(self, kiosk: str) -> Path:
        return self.folder / f"{kiosk}.toml"

    def scanner(self, kiosk: str) -> Path:
        return self.folder / f"{kiosk}.scanner"

    def server(self, *arguments: str) -> str:
        """Run a command of the server and return what it prints."""
        return run("sync_server", "--settings", str(self.server_settings), *arguments)

    def register_kiosks(self, broker_port: int) -> None:
        """Register the kiosks; they will reach the broker on this port."""
        for counter, kiosk in enumerate(self.kiosks, start=1):
            path = self.kiosk_settings(kiosk)
            self.server(
                *("kiosk", "add", SITE, kiosk, "--counter", str(counter), "--settings-file", str(path)),
                *("--scanner", str(self.scanner(kiosk)), "--state", f"{kiosk}.state", "--port", str(broker_port)),
            )

    def waiting(self, kiosk: str) -> int:
        """How many votes of a kiosk the server has not confirmed, by the kiosk's own file."""
        with _reading(self.folder / f"{kiosk}.state" / "outbox.sqlite") as outbox:
            query = "SELECT (SELECT coalesce(max(number), 0) FROM votes) - stored_up_to FROM stream"
            return int(outbox.execute(query).fetchone()[0])

    def cast_votes(self, kiosk: str) -> list[str]:
        """Return the ids in a kiosk's file; its numbers are checked to have no gap."""
        with _reading(self.folder / f"{kiosk}.state" / "outbox.sqlite") as outbox:
            rows = outbox.execute("SELECT number, vote_id FROM votes ORDER BY number").fetchall()
        assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
        return [vote_id for _, vote_id in rows]

    def stored_votes(self) -> list[tuple[str, int]]:
        """Return id and level of every stored answer."""
        rows = self._stored("SELECT vote_id, level FROM votes LEFT JOIN answers USING (vote_id)")
        return [(str(vote), int(level)) for vote, level in rows]

    def doubled_cases(self) -> list[str]:
        """Return a line for each case with more than one vote."""
        rows = self._stored(
            "SELECT kiosk, count(*) FROM votes WHERE case_token IS NOT NULL"
            " GROUP BY kiosk, case_token HAVING count(*) > 1"
        )
        return [f"{count} votes for one case at {kiosk}" for kiosk, count in rows]

    def figures_that_differ(self, votes: int) -> list[str]:
        """Compare the published total with the number of votes stored."""
        total = sum(
            json.loads(self.server("figures", quarter, "--format", "json"))["total"]["votes"]
            for quarter in self.quarters()
        )
        return [] if total == votes else [f"the figures say {total}, stored are {votes}"]

    def quarters(self) -> Sequence[str]:
        """Return the quarters in which votes are stored."""
        days = {str(day) for (day,) in self._stored("SELECT DISTINCT day FROM votes")}
        return sorted({f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}" for day in days})

    def _stored(self, query: str) -> list[tuple[Any, ...]]:
        with closing(Database(self.database_url)) as database, database.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query))]


def make_office(folder: Path, kiosks: tuple[str, ...], database_url: str | None = None) -> Office:
    """Write the server's settings and import the sample office; without a URL it works with SQLite in its folder."""
    url = database_url or f"sqlite:///{folder / 'server' / 'server.sqlite'}"
    office = Office(folder, kiosks, free_port(), free_port(), url)
    office.server_settings.write_text(
        f'[storage]\nfolder = "server"\ndatabase = "{url}"\n'
        f"[mqtt]\nport = {office.broker_port}\n[web]\nport = {office.web_port}\n"
    )
    office.server("office", "import", str(SAMPLE_OFFICE))
    return office


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        yield connection
    finally:
        connection.close()
