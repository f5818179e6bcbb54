"""How much room the votes may take, and whether there is any."""

import os
from pathlib import Path

from kiosk.outbox.pages import PAGE_BYTES
from kiosk.outbox.records import MEBIBYTE, Limits
from kiosk.outbox.renewal import size_set_aside
from kiosk.outbox.tables import Database

SMALL_SHARE = 8  # of a small file system no more than one part in so many is held in reserve
ASKED_EVERY = 8  # casts between two questions to the file system
SPARE_PAGES = 16  # free pages inside the file, with which it takes some votes without growing


class Room:
    """Looks at the file and its file system before each vote."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._folder = path.parent
        self._path = path
        self._limits = limits
        self.look_again()

    def look_again(self) -> None:
        """Ask the file system at the next question: something was removed."""
        self._countdown = 0
        self._set_aside = size_set_aside(self._path)

    def lack(self, database: Database) -> str:
        """Say what is lacking for one more vote, for an operator; empty when nothing is."""
        pages = int(database.execute("PRAGMA page_count").fetchone()[0])
        spare = int(database.execute("PRAGMA freelist_count").fetchone()[0])
        used = (pages - spare + SPARE_PAGES) * PAGE_BYTES + self._set_aside
        if used > self._limits.most_bytes:
            return f"the outbox is full: votes that wait take {self._limits.most_bytes // MEBIBYTE} MiB"
        if self._countdown == 0:
            self._scarce = self._is_scarce()
        self._countdown = (self._countdown + 1) % ASKED_EVERY
        if self._scarce and spare < SPARE_PAGES:
            return "the disk is full: what is kept free of it is used up"
        return ""

    def _is_scarce(self) -> bool:
        disk = os.statvfs(self._folder)
        reserve = min(self._limits.reserve_bytes, disk.f_blocks * disk.f_frsize // SMALL_SHARE)
        return disk.f_bavail * disk.f_frsize < reserve
