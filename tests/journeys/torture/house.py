"""The database of the office: where it lies, how it is broken, and how it is read at the end."""

import os
import signal
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Protocol

import psycopg

from tests.fakes import postgres
from tests.journeys.torture.service import family

START_AGAIN_SECONDS = 5.0


class House(Protocol):
    """A database; *url* is what the server is told, empty for its default."""

    url: str
    disk: Path

    def revive(self) -> None:
        """Make sure that it works again after anything."""

    def close(self) -> None:
        """End it."""


class SqliteHouse:
    """SQLite in the server's folder: it lives and dies with the server's processes."""

    def __init__(self, folder: Path) -> None:
        self.url = ""
        self.disk = folder

    def revive(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""


class PostgresHouse:
    """A PostgreSQL of our own, durable, its files on a disk of their own if that can be made."""

    def __init__(self, disk: Path) -> None:
        self.disk = disk
        self._stack = ExitStack()
        self.cluster = self._stack.enter_context(postgres.cluster(disk, durable=True))
        self.url = self.cluster.url(self.cluster.new_database())

    def crash(self) -> None:
        """SIGKILL to all its processes."""
        self.cluster.kill()

    def start(self) -> None:
        """Start it; it recovers by itself."""
        self.cluster.start()

    def hang(self) -> None:
        """Stop all its processes in the middle of whatever they do."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def revive(self) -> None:
        """Start it again if it has ended, as it does when it cannot write its log."""
        deadline = time.monotonic() + START_AGAIN_SECONDS
        while time.monotonic() < deadline:
            try:
                self.cluster.execute("SELECT 1")
                return
            except psycopg.Error:
                time.sleep(0.2)
        self.cluster.kill()
        self.cluster.start()

    def close(self) -> None:
        """Stop it and remove its files."""
        self._stack.close()

    def _signal(self, number: signal.Signals) -> None:
        first = int((self.cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
        for pid in family(first):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
