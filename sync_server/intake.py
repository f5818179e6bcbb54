"""The thread between broker and ingest: takes what has queued up as one transaction, then answers."""

import logging
import threading
from collections.abc import Callable
from queue import Empty, Full, Queue

from sync_server.ingest import Incoming, Ingest, Outgoing
from sync_server.store.database import DatabaseTrouble

log = logging.getLogger(__name__)

MOST_QUEUED = 1000  # of 128 KiB at most; what does not fit, the kiosks send again
MOST_TOGETHER = 64
PAUSE_SECONDS = 1.0  # after the database failed


class Intake:
    """Feeds an ingest from any thread; answers go to *publish*."""

    def __init__(self, ingest: Ingest, publish: Callable[[Outgoing], None]) -> None:
        self.dropped = 0
        self._ingest = ingest
        self._publish = publish
        self._queue: Queue[Incoming | None] = Queue(MOST_QUEUED)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="intake")
        self._trouble = ""

    def start(self) -> None:
        """Begin to take messages."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the transaction at hand and end; what is still queued, the kiosks send again."""
        self._stopping.set()
        self.offer(None)
        self._thread.join()

    def offer(self, message: Incoming | None) -> None:
        """Queue a message without ever waiting; a full queue drops it, and counts."""
        try:
            self._queue.put_nowait(message)
        except Full:
            self.dropped += 1

    def _run(self) -> None:
        while not self._stopping.is_set():
            messages = self._next()
            if not messages:
                continue
            try:
                answers = self._ingest.take(messages)
            except DatabaseTrouble as error:
                # Nothing is acknowledged, so nothing is lost: the kiosks keep their votes and try again.
                log.log(logging.DEBUG if str(error) == self._trouble else logging.ERROR, "not stored: %s", error)
                self._trouble = str(error)
                self._stopping.wait(PAUSE_SECONDS)
                continue
            except Exception as error:
                # As above; and a thread that has died would keep every later vote out.
                log.error("not stored: internal error: %s", type(error).__name__)
                self._stopping.wait(PAUSE_SECONDS)
                continue
            self._trouble = ""
            for answer in answers:
                self._publish(answer)

    def _next(self) -> list[Incoming]:
        messages: list[Incoming] = []
        message = self._queue.get()
        while message is not None:
            messages.append(message)
            if len(messages) >= MOST_TOGETHER:
                break
            try:
                message = self._queue.get_nowait()
            except Empty:
                break
        return messages
