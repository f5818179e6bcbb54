"""Labelling votes, folding them into cells and having them forget their cases, so that nobody waits for it."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from itertools import chain

from sync_server.store.database import CannotBeStored, Database, DatabaseTrouble
from sync_server.store.folding import fold
from sync_server.store.forgetting import forget
from sync_server.store.labelling import judge

log = logging.getLogger(__name__)

PAUSE_SECONDS = 60.0


class Folder:
    """Labels and folds what has been quiet, and has forgotten what is due, every minute, in a thread of its own.

    Several processes may do so.
    """

    def __init__(self, database: Database, now: Callable[[], datetime], pause: float = PAUSE_SECONDS) -> None:
        self._database = database
        self._now = now
        self._pause = pause
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fold")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the day or half month at hand."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._pause):
            try:
                now = self._now()
                for _ in chain(judge(self._database, now), fold(self._database, now), forget(self._database, now)):
                    if self._stopping.is_set():
                        return
            except (DatabaseTrouble, CannotBeStored) as error:
                log.debug("votes are not labelled or added up now: %s", error)  # figures are exact without
