"""Who has signed in at this counter, across restarts."""

import logging
from datetime import date
from pathlib import Path

import msgspec

from kiosk.core.duty import Duty
from protocol.messages import Key
from protocol.whole_file import read_bounded, write_whole

log = logging.getLogger(__name__)

_LARGEST = 1024


class DutyStore:
    """Owned by the screen's thread; what cannot be read or written is as if nobody had signed in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._duty = self._load()

    def on(self, today: date) -> Key | None:
        """Return who is there today."""
        return self._duty.on(today)

    def scanned(self, officer: Key, today: date) -> bool:
        """Sign an officer in, or out if it was they who were in; return whether they are in."""
        self._duty = self._duty.scanned(officer, today)
        try:
            write_whole(self._path, msgspec.json.encode(self._duty))
        except OSError as error:
            log.error("who signed in cannot be noted: %s", error.strerror)
        return self._duty.officer is not None

    def _load(self) -> Duty:
        try:
            data = read_bounded(self._path, _LARGEST)
            return Duty() if data is None else msgspec.json.decode(data, type=Duty)
        except (OSError, ValueError):
            return Duty()
