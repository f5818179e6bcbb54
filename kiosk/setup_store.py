"""The setup in force, in the kiosk's state folder: the last one that could be followed."""

import logging
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from protocol.codec import LARGEST_MESSAGE, MalformedMessage, decode, encode
from protocol.messages import Count, Setup
from protocol.whole_file import read_bounded, write_whole

log = logging.getLogger(__name__)

LONGEST_REPORT = 200


class Taken(StrEnum):
    """What became of a setup that arrived."""

    IN_FORCE = "setups taken"
    REPEATED = "setups repeated"
    REFUSED = "setups refused"


class SetupStore:
    """Owned by one thread. *objection* says why this kiosk cannot follow a setup, or nothing.

    `refused` is why the newest one to arrive is not in force; empty once one is.
    """

    def __init__(self, path: Path, objection: Callable[[Setup], str]) -> None:
        self.current: Setup | None = None
        self.refused = ""
        self._path = path
        self._objection = objection
        self._load()

    @property
    def revision(self) -> Count:
        """Of the setup in force; 0: none."""
        return 0 if self.current is None else self.current.revision

    def take(self, data: bytes) -> Taken:
        """Put a setup in force and keep it, or refuse it and say why in `refused`."""
        try:
            setup = decode(data, Setup)
        except MalformedMessage as error:
            return self._refuse(f"cannot be read: {error}")
        if setup == self.current:
            return Taken.REPEATED
        if setup.revision <= self.revision:
            return self._refuse(f"revision {setup.revision}: revision {self.revision} is in force")
        objection = self._objection(setup)
        if objection:
            return self._refuse(f"revision {setup.revision}: {objection}")
        self.current, self.refused = setup, ""
        try:
            write_whole(self._path, encode(setup))
        except OSError as error:
            # It is in force all the same; after a restart the server sends it again.
            log.error("the setup of revision %d cannot be stored: %s", setup.revision, error.strerror)
        log.info("setup of revision %d is in force", setup.revision)
        return Taken.IN_FORCE

    def _load(self) -> None:
        try:
            data = read_bounded(self._path, LARGEST_MESSAGE)
            setup = None if data is None else decode(data, Setup)
        except OSError as error:
            self._refuse(f"the stored one cannot be read: {error.strerror}")
        except ValueError as error:
            self._refuse(f"the stored one cannot be read: {error}")
        else:
            objection = "" if setup is None else self._objection(setup)
            if objection:
                self._refuse(f"the stored one cannot be followed: {objection}")
            else:
                self.current = setup

    def _refuse(self, why: str) -> Taken:
        why = why[:LONGEST_REPORT]
        if why != self.refused:  # the server sends it again every minute
            log.warning("a setup is refused: %s", why)
        self.refused = why
        return Taken.REFUSED
