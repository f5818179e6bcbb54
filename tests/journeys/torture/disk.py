"""Small disks: a file system of its own over a folder, which can be filled to the last byte and freed."""

import subprocess
from pathlib import Path

from tests.fakes.small_disk import fill
from tests.journeys.torture.card import FILLER


def mount(folder: Path, megabytes: int) -> None:
    """Put a small file system over a folder, made if need be; it goes with our namespace."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={megabytes}m,mode=755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)


def unmount(folder: Path) -> None:
    """Take it away."""
    subprocess.run(["umount", "--lazy", str(folder)], check=False)


def fill_up(folder: Path) -> None:
    """Leave no byte free."""
    fill(folder)


def free(folder: Path) -> None:
    """Leave as much free as before."""
    (folder / FILLER).unlink(missing_ok=True)
