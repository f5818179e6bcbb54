"""Files that are written beside their place, and put there whole or not at all."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from protocol.whole_file import sync


class ExportTrouble(Exception):
    """An export cannot be written; the text names the file and says why."""


def check_place(path: Path, *, replace: bool) -> None:
    """Raise ExportTrouble unless a file may be written there; with *replace* in the place of another one."""
    if not os.path.isdir(path.parent):  # noqa: PTH112 - False also where nobody may look
        raise ExportTrouble(f"{path}: cannot be written: there is no folder {path.parent}")
    draft = draft_of(path)
    for there, cure in (
        (path, "name another file, or say --replace"),
        (draft, "an export that was cut off left it, or one is being written: delete it, or say --replace"),
    ):
        try:
            mode = there.lstat().st_mode
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ExportTrouble(f"{there}: cannot be looked at: {error.strerror}") from None
        if not stat.S_ISREG(mode):
            raise ExportTrouble(f"{there}: is there already, and is no file: name another one")
        if not replace:
            raise ExportTrouble(f"{there}: is there already: {cure}")


@contextmanager
def drafting(path: Path, *, replace: bool) -> Iterator[Path]:
    """Give a new empty file beside *path*, for its owner only; at the end it takes its place, on the disk.

    Whatever is raised inside, nothing of it stays, and a file that was there is as it was. Raises ExportTrouble, also
    for an OSError from inside.
    """
    check_place(path, replace=replace)
    draft = draft_of(path)
    mine = False
    try:
        if replace:
            draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        mine = True
        yield draft
        sync(draft)
        _put(draft, path, replace=replace)
        sync(path.parent)
    except OSError as error:
        raise ExportTrouble(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        if mine:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def draft_of(path: Path) -> Path:
    """Return the name under which an export is written."""
    return path.with_name(f"{path.name}.part")


def _put(draft: Path, path: Path, *, replace: bool) -> None:
    if not replace:
        try:
            path.hardlink_to(draft)  # unlike a renaming, refused where something has come meanwhile
        except FileExistsError:
            raise ExportTrouble(f"{path}: is there already: name another file, or say --replace") from None
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES, errno.EMLINK):
                raise
        else:
            return
    draft.replace(path)
