"""The folder of a version, which one process has to itself while it makes its files."""

import errno
import fcntl
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from protocol.whole_file import sync
from sync_server.core.decisions.states import NotNow

_NEW = ".new"
_LOCK = ".lock"


@dataclass(frozen=True)
class Room:
    """A version's folder, and the one within it in which files are made."""

    place: Path

    @property
    def new(self) -> Path:
        return self.place / _NEW

    def leave_only(self, names: Collection[str]) -> None:
        """Remove what was needed only to make these."""
        for path in self.new.iterdir():
            if path.name not in names:
                _remove(path)

    def put_in_place(self, name: str) -> None:
        """Give the new folder its name, on the disk when this returns; nothing refers to that name yet."""
        for path in (*self.new.iterdir(), self.new):
            sync(path)
        _remove(self.place / name)
        self.new.rename(self.place / name)
        sync(self.place)

    def keep_only(self, name: str) -> None:
        """Remove what was made before."""
        for path in self.place.iterdir():
            if path.name not in (name, _LOCK):
                _remove(path)


@contextmanager
def at_work(place: Path) -> Iterator[Room]:
    """Have a version's folder, with an empty new one in it; NotNow while another process has it."""
    place.mkdir(parents=True, exist_ok=True)
    lock = os.open(place / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # ends with the process, however that ends
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            raise NotNow("somebody else is just drafting or issuing it; try again in a minute") from None
        room = Room(place)
        _remove(room.new)
        room.new.mkdir()
        try:
            yield room
        finally:
            _remove(room.new)
    finally:
        os.close(lock)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
