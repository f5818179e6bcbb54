"""The files of what was issued: into a backup, and from there back into the server's folder."""

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from protocol.whole_file import sync
from sync_server.store.backup_file import BackupReader, BackupTrouble
from sync_server.store.schema import decisions

FOLDER = "decisions"
ARCHIVE = "ho-so.zip"
# decisions/SITE/TIME/VERSION/ISSUED/FILE: nothing of a backup becomes another path.
NAME = re.compile(rf"{FOLDER}(/[a-z0-9][a-zA-Z0-9-]*){{4}}/[a-z][a-z-]*\.(docx|pdf|zip)")
BLOCK = 1 << 20


@dataclass(frozen=True)
class IssuedFiles:
    """The files of all issued versions by their names in the server's folder, and what is amiss with some, in words."""

    there: dict[str, Path]
    amiss: tuple[str, ...]


def issued_files(connection: Connection, folder: Path) -> IssuedFiles:
    """Return what was issued as of this view: such files are never written again, so they may be read at leisure."""
    there: dict[str, Path] = {}
    amiss = []
    issued = decisions.c.archive_sha256.is_not(None)
    query = select(decisions.c.folder, decisions.c.archive_sha256).where(issued).order_by(decisions.c.folder)
    for row in connection.execute(query):
        place = folder / row.folder
        found = sorted(path for path in place.glob("*") if path.is_file()) if place.is_dir() else []
        there |= {path.relative_to(folder).as_posix(): path for path in found}
        archive = place / ARCHIVE
        if archive not in found:
            amiss.append(f"{row.folder}/{ARCHIVE} is missing")
        elif _sha256(archive) != row.archive_sha256:
            amiss.append(f"{row.folder}/{ARCHIVE} is not what was issued")
    return IssuedFiles({name: path for name, path in there.items() if NAME.fullmatch(name)}, tuple(amiss))


@contextmanager
def putting_files(folder: Path, backup: BackupReader) -> Iterator[Callable[[], Path | None]]:
    """Give a function that puts the files of a backup into place; an exception in the block takes them out again.

    What was there before is set aside as a whole, and where to is returned: it may be newer than what is restored, and
    under the same names. A backup of a program that kept none leaves what is there.
    """
    if backup.manifest.files is None:
        yield lambda: None
        return
    beside = secrets.token_hex(4)
    place, new, aside = folder / FOLDER, folder / f"{FOLDER}.{beside}.new", folder / f"{FOLDER}.{beside}.replaced"
    steps: list[tuple[Path, Path]] = []

    def move(this: Path, there: Path) -> None:
        this.rename(there)
        steps.append((this, there))

    def put() -> Path | None:
        try:
            _unpack(backup, new)
            if place.exists():
                move(place, aside)
            if new.exists():
                move(new, place)
            sync(folder)
        except OSError as error:
            raise BackupTrouble(f"{place}: cannot be written: {error.strerror}; nothing was changed") from None
        return aside if aside.exists() else None

    try:
        yield put
    except BaseException:
        for this, there in reversed(steps):
            there.rename(this)
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _unpack(backup: BackupReader, new: Path) -> None:
    for entry in backup.manifest.files or ():
        if not NAME.fullmatch(entry.name):
            raise BackupTrouble(f"{backup.path}: is damaged: no file is called {entry.name!r}")
        path = new / entry.name.removeprefix(f"{FOLDER}/")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for block in backup.file(entry):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        sync(path.parent)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
