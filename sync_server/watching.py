"""Noticing that there is something new in the database, whichever process brought it."""

import logging
import threading
from collections.abc import Callable

from sync_server.store.changes import Subject, change_number
from sync_server.store.database import Database, DatabaseTrouble

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5


class Watch:
    """Calls *act* whenever a subject's number has changed, and once more a look later.

    The second time is for what was being decided on the old ground while the number changed. When *act* raises a
    trouble of *troubles*, it is called again at the next look.
    """

    def __init__(
        self,
        database: Database,
        subject: Subject,
        act: Callable[[], None],
        troubles: tuple[type[Exception], ...] = (),
    ) -> None:
        self._database = database
        self._subject = subject
        self._act = act
        self._troubles: tuple[type[Exception], ...] = (*troubles, DatabaseTrouble)
        self._seen: int | None = None
        self._once_more = False
        self._trouble = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name=f"watch {subject.name.lower()}")

    def start(self) -> None:
        """Watch in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; *act* is not called any more."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def run(self) -> None:
        """Act once, then whenever there is something new, until stopped."""
        while not self._stopping.is_set():
            self.look()
            self._stopping.wait(LOOK_SECONDS)

    def look(self) -> None:
        """Look once; trouble is logged, and tried again at the next look."""
        try:
            number = change_number(self._database, self._subject)
            if number != self._seen or self._once_more:
                self._act()
        except self._troubles as error:
            log.log(logging.DEBUG if str(error) == self._trouble else logging.ERROR, "cannot follow: %s", error)
            self._trouble = str(error)
            return
        self._once_more = number != self._seen
        self._seen = number
        if self._trouble:
            log.info("follows again")
            self._trouble = ""
