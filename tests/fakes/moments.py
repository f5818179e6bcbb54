"""What a kill at any moment of some work on an outbox would leave behind."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.outbox.tables import Database, open_file, open_unlogged


def moments_of(path: Path, monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> list[Path]:
    """Do some work; return copies of the folder as it was before every step, as a kill there would have left it."""
    moments: list[Path] = []

    def keep(*_: object) -> None:
        moments.append(path.parent.with_name(f"{path.parent.name}, moment {len(moments)}"))
        shutil.copytree(path.parent, moments[-1])

    def watched(really_open: Callable[[Path], Database]) -> Callable[[Path], Database]:
        def watched_open(file: Path) -> Database:
            database = really_open(file)
            database.conn.set_trace_callback(keep)
            return database

        return watched_open

    really_rename, really_replace = Path.rename, Path.replace
    really_unlink, really_sync = Path.unlink, os.fsync

    def rename(self: Path, target: Path) -> Path:
        keep()
        return really_rename(self, target)

    def replace(self: Path, target: Path) -> Path:
        keep()
        return really_replace(self, target)

    def unlink(self: Path, missing_ok: bool = False) -> None:
        keep()
        really_unlink(self, missing_ok)

    def fsync(descriptor: int) -> None:
        keep()
        really_sync(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr("kiosk.outbox.renewal.open_unlogged", watched(open_unlogged))
        patched.setattr("kiosk.outbox.salvage.open_file", watched(open_file))
        patched.setattr(Path, "rename", rename)
        patched.setattr(Path, "replace", replace)
        patched.setattr(Path, "unlink", unlink)
        patched.setattr(os, "fsync", fsync)
        work()
    return moments
