"""The broker inside the server process: a thread with a loop of its own."""

import asyncio
import contextlib
import logging
import os
import signal
import threading
from concurrent.futures import Future

from sync_server.broker.hardened import Authenticate, HardenedBroker, Receive

log = logging.getLogger(__name__)

START_SECONDS = 30
MOST_CONNECTIONS = 1000

# amqtt logs packets, and our packets are votes.
logging.getLogger("amqtt").setLevel(logging.CRITICAL)
logging.getLogger("transitions").setLevel(logging.CRITICAL)


class BrokerTrouble(Exception):
    """The broker cannot start; the text says why."""


class EmbeddedBroker:
    """Listens on an address; what kiosks publish goes to *receive*, in the broker's thread."""

    def __init__(self, host: str, port: int, authenticate: Authenticate, receive: Receive) -> None:
        self._host = host
        self._port = port
        self._authenticate = authenticate
        self._receive = receive
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="broker")
        self._broker: HardenedBroker | None = None

    def start(self) -> None:
        """Listen; BrokerTrouble when that is not possible."""
        self._thread.start()
        try:
            self._started.result(START_SECONDS)
        except Exception as error:
            with contextlib.suppress(RuntimeError):  # its loop has ended
                self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
            reason = getattr(error.__cause__ or error, "strerror", None) or str(error) or "no answer in time"
            raise BrokerTrouble(f"cannot listen on {self._host}:{self._port}: {reason}") from None

    def stop(self) -> None:
        """Close every connection and end the thread."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def publish(self, topic: str, payload: bytes) -> None:
        """Send a message to a kiosk, from any thread; lost when it is not connected."""
        broker = self._broker
        if broker is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            self._loop.call_soon_threadsafe(broker.publish, topic, payload)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._serve())
            except Exception as error:
                if self._started.done():
                    # A server whose kiosks cannot reach it only looks healthy: it ends, to be started again.
                    log.critical("the broker has died: %s", type(error).__name__)
                    os.kill(os.getpid(), signal.SIGTERM)
                    return
                self._started.set_exception(error)

    async def _serve(self) -> None:
        listener = {"type": "tcp", "bind": f"{self._host}:{self._port}", "max_connections": MOST_CONNECTIONS}
        config = {"listeners": {"default": listener}, "plugins": {}}
        broker = HardenedBroker(config, self._authenticate, self._receive)
        await broker.start()
        self._broker = broker
        self._started.set_result(None)
        await self._stopping.wait()
        self._broker = None
        await broker.shutdown()
