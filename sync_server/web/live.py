"""Telling open pages that a figure may have changed: one poll of the database for all of them."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable

from sync_server.store.database import DatabaseTrouble

log = logging.getLogger(__name__)

POLL_EVERY = 0.25  # seconds
MOST_LISTENERS = 100
KEEP_ALIVE_EVERY = 15.0  # seconds; proxies cut connections on which nothing moves
LISTEN_AT_MOST = 900.0  # seconds; then the browser connects again and its session is checked again


class Changes:
    """Watches the change number while anyone listens. Lives in one event loop."""

    def __init__(
        self,
        read: Callable[[], int],
        *,
        poll_every: float = POLL_EVERY,
        keep_alive_every: float = KEEP_ALIVE_EVERY,
        listen_at_most: float = LISTEN_AT_MOST,
    ) -> None:
        self._read = read
        self._poll_every = poll_every
        self._keep_alive_every = keep_alive_every
        self._listen_at_most = listen_at_most
        self._number: int | None = None
        self._listeners: set[asyncio.Event] = set()
        self._watcher: asyncio.Task[None] | None = None
        self._ended = False

    @property
    def full(self) -> bool:
        """Whether nobody more may listen now."""
        return self._ended or len(self._listeners) >= MOST_LISTENERS

    @property
    def watching(self) -> bool:
        """Whether the database is being polled."""
        return self._watcher is not None and not self._watcher.done()

    def end(self) -> None:
        """End every stream and begin no other; call it in the event loop."""
        self._ended = True
        self._wake_all()

    async def aclose(self) -> None:
        """End every stream and wait until the database is left alone."""
        self.end()
        if self._watcher is not None:
            await asyncio.wait([self._watcher])

    async def listen(self, seen: int | None) -> AsyncGenerator[int | None, None]:
        """Yield the change number whenever it is not the one seen last; None, now and then, for nothing new.

        Ends after a while, at the end of the watcher, or at once when there are too many listeners.
        """
        if self.full:
            return
        loop = asyncio.get_running_loop()
        until = loop.time() + self._listen_at_most
        woken = asyncio.Event()
        self._listeners.add(woken)
        try:
            watcher = self._watch_on()
            while not (self._ended or watcher.done()) and loop.time() < until:
                if self._number is not None and self._number != seen:
                    seen = self._number
                    yield seen
                    continue
                woken.clear()
                try:
                    # Not wait_for: before Python 3.12 it can swallow the cancellation of a page that is left.
                    async with asyncio.timeout(self._keep_alive_every):
                        await woken.wait()
                except TimeoutError:
                    yield None
        finally:
            self._listeners.discard(woken)

    def _watch_on(self) -> asyncio.Task[None]:
        if self._watcher is None or self._watcher.done():
            self._number = None  # what an earlier watcher saw last may be long past
            self._watcher = asyncio.create_task(self._watch())
            self._watcher.add_done_callback(self._watcher_ended)
        return self._watcher

    async def _watch(self) -> None:
        troubled = False
        while self._listeners and not self._ended:
            try:
                number = await asyncio.to_thread(self._read)
            except DatabaseTrouble as error:
                log.log(logging.DEBUG if troubled else logging.WARNING, "changes cannot be watched: %s", error)
                troubled = True
            else:
                if troubled:
                    log.info("changes are watched again")
                troubled = False
                if number != self._number:
                    self._number = number
                    self._wake_all()
            await asyncio.sleep(self._poll_every)

    def _watcher_ended(self, watcher: asyncio.Task[None]) -> None:
        if not watcher.cancelled() and watcher.exception() is not None:
            log.error("the watcher of changes failed", exc_info=watcher.exception())
        self._wake_all()

    def _wake_all(self) -> None:
        for woken in self._listeners:
            woken.set()
