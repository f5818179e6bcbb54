"""Files on a stick: written whole or not at all, read within bounds.

Sticks are what they are: full, write-protected, worn out, formatted so that they know no owners, pulled out early.
"""

import errno
import os
import stat
from pathlib import Path

from protocol import whole_file

PART_SUFFIX = ".part"
MOST_FILES = 10_000
_LEGIBLE = 0o644  # what lies there is sealed or public, and the next machine's user is another one

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_PROTECTED = (errno.EROFS, errno.EACCES, errno.EPERM)


class StickTrouble(Exception):
    """The stick cannot be used; the text names what, and says why and what to do."""


def files_on(folder: Path, suffix: str) -> list[Path]:
    """Return the files of that kind in a folder, by name; StickTrouble when there is no such folder.

    Hidden files are left out: other systems put a shadow beside each file.
    """
    try:
        found = sorted(
            Path(entry.path)
            for entry in os.scandir(folder)
            if entry.name.endswith(suffix) and not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
        )
    except FileNotFoundError:
        raise StickTrouble(f"{folder}: there is no such folder; is the stick in, and mounted there?") from None
    except NotADirectoryError:
        raise StickTrouble(f"{folder}: is not a folder") from None
    except OSError as error:
        raise StickTrouble(f"{folder}: cannot be read: {error.strerror}") from None
    if len(found) > MOST_FILES:
        raise StickTrouble(f"{folder}: holds more than {MOST_FILES} files that end in {suffix}")
    return found


def read_file(path: Path, largest: int) -> bytes:
    """Return what a file holds; StickTrouble when it cannot be read or is larger than *largest* bytes."""
    try:
        # Neither a link to a secret nor a pipe that never ends.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise StickTrouble(f"{path}: is not a file")
            data = file.read(largest + 1)
    except OSError as error:
        raise StickTrouble(f"{path}: cannot be read: {error.strerror}") from None
    if len(data) > largest:
        raise StickTrouble(f"{path}: is larger than such a file can be")
    return data


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole, has reached the stick and reads back the same; StickTrouble otherwise.

    A file of that name is replaced. What goes wrong leaves the folder as it was; a power cut may leave a .part.
    """
    try:
        whole_file.write_whole(path, data, _LEGIBLE, draft=PART_SUFFIX, read_back=True)
    except OSError as error:
        raise StickTrouble(_why(path.parent, error, len(data))) from None


def remove(path: Path) -> bool:
    """Remove a file that has served its purpose; False when the stick does not let it."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _why(folder: Path, error: OSError, size: int) -> str:
    if error.errno in _FULL:
        return f"{folder}: is full: {size} more bytes do not fit; make room there, or take another stick"
    if error.errno in _PROTECTED:
        return f"{folder}: cannot be written to: {error.strerror}; is the stick write-protected?"
    return f"{folder}: cannot be written to: {error.strerror}; take another stick"
