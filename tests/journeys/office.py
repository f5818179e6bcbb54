"""An office in a folder: a server's database and settings, and kiosks registered with it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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
        for kiosk in self.kiosks:
            self.register(kiosk, broker_port)

    def register(self, kiosk: str, broker_port: int) -> None:
        """Register a kiosk that will reach the broker on this port."""
        counter = str(self.kiosks.index(kiosk) + 1)
        self.server(
            *("kiosk", "add", SITE, kiosk, "--counter", counter, "--settings-file", str(self.kiosk_settings(kiosk))),
            *("--scanner", str(self.scanner(kiosk)), "--state", f"{kiosk}.state", "--port", str(broker_port)),
        )

    def waiting(self, kiosk: str) -> int:
        """How many votes of a kiosk the server has not confirmed, by the kiosk's own file."""
        with _reading(self.folder / f"{kiosk}.state" / "outbox.sqlite") as outbox:
            query = "SELECT (SELECT coalesce(max(number), 0) FROM votes) - stored_up_to FROM stream"
            return int(outbox.execute(query).fetchone()[0])

    def stored_votes(self) -> list[tuple[str, int]]:
        """Return id and level of every answer stored in the default database."""
        with _reading(self.folder / "server" / "server.sqlite") as database:
            query = "SELECT vote_id, level FROM votes LEFT JOIN answers USING (vote_id)"
            return [(str(vote), int(level)) for vote, level in database.execute(query)]

    def cast_votes(self, kiosk: str) -> list[str]:
        """Return the ids in a kiosk's file; its numbers are checked to have no gap."""
        with _reading(self.folder / f"{kiosk}.state" / "outbox.sqlite") as outbox:
            rows = outbox.execute("SELECT number, vote_id FROM votes ORDER BY number").fetchall()
        assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
        return [vote_id for _, vote_id in rows]


def make_office(folder: Path, kiosks: tuple[str, ...], *, storage: str = "", mqtt: str = "") -> Office:
    """Write the server's settings, with more lines of [storage] and [mqtt] if told, and import the sample office."""
    office = Office(folder, kiosks, free_port(), free_port())
    office.server_settings.write_text(
        f'[storage]\nfolder = "server"\n{storage}[mqtt]\nport = {office.broker_port}\n{mqtt}'
        f"[web]\nport = {office.web_port}\n"
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
