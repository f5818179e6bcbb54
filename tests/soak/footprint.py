"""What the process takes of the machine, as the kernel counts it."""

import gc
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FONT = ".ttf"
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Footprint:
    """After so many sessions, with nobody at the screen."""

    sessions: int
    rss: int  # bytes
    handles: int  # but for those of letters
    threads: int
    fonts: int  # Kivy keeps a file open for each size of letters that was drawn
    objects: int  # of Python, that may hold others; nothing that is merely not collected yet is among them

    @property
    def words(self) -> str:
        """For a line of progress."""
        return f"RSS {self.rss / 1e6:.1f} MB, {self.handles} handles and {self.fonts} fonts, {self.threads} threads"


def footprint(sessions: int) -> Footprint:
    """Measure it now."""
    own = Path("/proc/self")
    rss = int((own / "statm").read_text().split()[1]) * PAGE_BYTES
    open_files = [*_open_files(own / "fd")]
    fonts = sum(name.endswith(FONT) for name in open_files)
    gc.collect()
    return Footprint(
        sessions=sessions,
        rss=rss,
        handles=len(open_files) - fonts,
        threads=len([*(own / "task").iterdir()]),
        fonts=fonts,
        # Those that stand since the start are kept apart from the others, and counted apart.
        objects=len(gc.get_objects()) + gc.get_freeze_count(),
    )


def _open_files(folder: Path) -> Iterator[str]:
    for handle in folder.iterdir():
        with suppress(FileNotFoundError):  # the handle of the listing itself
            yield str(handle.readlink())
