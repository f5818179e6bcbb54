"""Where no command may write what it makes."""

import os
from pathlib import Path

from sync_server.settings import Settings
from sync_server.store.database import sqlite_file


def is_needed(place: Path, settings_file: Path | None, settings: Settings) -> bool:
    """Whether a file of the server belongs in this place, also while there is none."""
    needed = [] if settings_file is None else [settings_file]
    if (database := sqlite_file(settings.database_url)) is not None:
        needed += [database.with_name(database.name + ending) for ending in ("", "-wal", "-shm", "-journal")]
    mqtt = settings.mqtt
    needed += [Path(name) for name in (mqtt.certificate, mqtt.key, mqtt.password_file, mqtt.authority) if name]
    found = _really(place)
    return found in {_really(path) for path in needed} or _really(settings.folder / "keys") in found.parents


def _really(path: Path) -> Path:
    return Path(os.path.realpath(path))  # unlike Path.resolve, whatever the links lead to
