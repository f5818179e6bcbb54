"""Files with secrets: who may read them, and how they are read."""

import stat
from pathlib import Path

LONGEST_SECRET = 1024


def mode_for_the_broker(folder: Path) -> int:
    """Return the mode of a file that the broker must read too: where the folder hands its group on, for that group."""
    return 0o640 if folder.stat().st_mode & stat.S_ISGID else 0o600


def read_secret(path: Path) -> str:
    """Return the first line of a file; OSError when it cannot be read."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline(LONGEST_SECRET).strip()
