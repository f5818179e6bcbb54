"""The thread between broker and ingest: takes what has queued up as one transaction, then answers."""

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic

from sync_server.core.lanes import Lanes, pace
from sync_server.ingest import Incoming, Ingest, Outgoing
from sync_server.store.database import DatabaseTrouble

log = logging.getLogger(__name__)

MOST_TOGETHER = 2000  # messages
MOST_BYTES_TOGETHER = 512 * 1024  # some thousand votes
PAUSE_SECONDS = 1.0  # after the database failed
ANNOUNCE_SECONDS = 1.0


class Intake:
    """Feeds an ingest from any thread; answers go to *publish*."""

    def __init__(self, ingest: Ingest, publish: Callable[[Outgoing], None]) -> None:
        self._dropped = 0  # messages that found no room: their kiosks send them again
        self._ingest = ingest
        self._publish = publish
        self._lanes: Lanes[Incoming] = Lanes()
        self._change = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="intake")
        self._trouble = ""
        self._next_announcement = 0.0

    def start(self) -> None:
        """Begin to take messages."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the transaction at hand and end; what is still queued, the kiosks send again."""
        with self._change:
            self._stopping = True
            self._change.notify()
        self._thread.join()

    def offer(self, message: Incoming) -> None:
        """Queue a message without ever waiting; one that finds no room is dropped, and counted."""
        sender = message.topic.rpartition("/")[0]
        with self._change:
            if self._lanes.offer(sender, len(message.payload) + len(message.topic), message):
                self._change.notify()
            else:
                self._dropped += 1

    def _run(self) -> None:
        while not self._stopping:
            messages, slow, dropped = self._next()
            if messages:
                self._carry_out(partial(self._ingest.take, messages, slow, dropped))
            if monotonic() >= self._next_announcement:
                self._next_announcement = monotonic() + ANNOUNCE_SECONDS
                self._carry_out(self._ingest.announce)

    def _carry_out(self, work: Callable[[], Sequence[Outgoing]]) -> None:
        try:
            answers = work()
        except DatabaseTrouble as error:
            # Nothing is acknowledged, so nothing is lost: the kiosks keep their votes and try again.
            log.log(logging.DEBUG if str(error) == self._trouble else logging.ERROR, "not stored: %s", error)
            self._trouble = str(error)
            self._pause()
            return
        except Exception as error:
            # As above; and a thread that has died would keep every later vote out.
            log.error("not stored: internal error: %s", type(error).__name__)
            self._pause()
            return
        if self._trouble:
            log.info("stored again")
        self._trouble = ""
        for answer in answers:
            self._publish(answer)

    def _next(self) -> tuple[list[Incoming], float, int]:
        with self._change:
            if not self._lanes and not self._stopping:
                self._change.wait(max(0.0, self._next_announcement - monotonic()))
            slow = pace(self._lanes.fullness)
            messages = self._lanes.take(MOST_TOGETHER, MOST_BYTES_TOGETHER)
            dropped = 0
            if messages:
                dropped, self._dropped = self._dropped, 0
            return messages, slow, dropped

    def _pause(self) -> None:
        with self._change:
            self._change.wait_for(lambda: self._stopping, PAUSE_SECONDS)
