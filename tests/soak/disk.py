"""The disk that the outbox lies on: a small file system of its own where one can be mounted, so that it can be full."""

import subprocess
from pathlib import Path

from tests.fakes.small_disk import fill

MEGABYTES = 64


class Disk:
    """A folder; *fillable* where it is a file system of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.full = False
        command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
        try:
            self.fillable = subprocess.run(command, capture_output=True).returncode == 0
        except FileNotFoundError:
            self.fillable = False

    def fill(self) -> None:
        """Leave no byte free."""
        if self.fillable and not self.full:
            self.full = True
            self._filler = fill(self.folder)

    def free(self) -> None:
        """Leave as much free as before."""
        if self.full:
            self.full = False
            self._filler.unlink()

    def close(self) -> None:
        """Take it away, with everything on it, where it is one of its own."""
        if self.fillable:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)
