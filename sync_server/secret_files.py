"""Files written whole or not at all, and readable by those only who need them."""

import contextlib
import os
import stat
from pathlib import Path

LONGEST_SECRET = 1024


def write_whole(path: Path, text: str | bytes, mode: int = 0o600) -> None:
    """Write a file so that a reader finds the old or the new content, also after a power cut; OSError otherwise."""
    data = text.encode() if isinstance(text, str) else text
    draft = path.with_name(f"{path.name}.new")
    try:
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(descriptor, mode)  # whatever the umask
            os.fsync(descriptor)
        draft.replace(path)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def mode_for_the_broker(folder: Path) -> int:
    """Return the mode of a file that the broker must read too: where the folder hands its group on, for that group."""
    return 0o640 if folder.stat().st_mode & stat.S_ISGID else 0o600


def read_secret(path: Path) -> str:
    """Return the first line of a file; OSError when it cannot be read."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline(LONGEST_SECRET).strip()
