"""The broker inside the server process: a thread with a loop of its own."""

import asyncio
import contextlib
import logging
import os
import signal
import ssl
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from sync_server.broker.contract import BrokerTrouble, CannotListen, Receive
from sync_server.broker.hardened import PACKETS_A_SECOND, Authenticate, HardenedBroker, Listener

log = logging.getLogger(__name__)

START_SECONDS = 30

# amqtt logs packets, and our packets are votes.
logging.getLogger("amqtt").setLevel(logging.CRITICAL)
logging.getLogger("transitions").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Certificate:
    """PEM files: the server's certificate with those above it, and its private key."""

    certificate: Path
    key: Path


class EmbeddedBroker:
    """Listens on an address; what kiosks publish goes to *receive*, in the broker's thread."""

    def __init__(
        self,
        host: str,
        port: int,
        authenticate: Authenticate,
        receive: Receive,
        certificate: Certificate | None = None,
        packets_a_second: float = PACKETS_A_SECOND,
    ) -> None:
        self._host = host
        self._port = port
        self._authenticate = authenticate
        self._receive = receive
        self._certificate = certificate
        self._packets_a_second = packets_a_second
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="broker")
        self._broker: HardenedBroker | None = None
        self._reviews: set[asyncio.Future[None]] = set()

    def start(self) -> None:
        """Listen; BrokerTrouble when that is not possible."""
        try:
            tls = None if self._certificate is None else _presenting(self._certificate)
        except BrokerTrouble:
            self._loop.close()
            raise
        self._listener = Listener(self._host, self._port, tls, self._packets_a_second)
        self._thread.start()
        try:
            self._started.result(START_SECONDS)
        except Exception as error:
            with contextlib.suppress(RuntimeError):  # its loop has ended
                self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
            reason = getattr(error.__cause__ or error, "strerror", None) or str(error) or "no answer in time"
            raise CannotListen(f"cannot listen on {self._host}:{self._port}: {reason}") from None

    def stop(self) -> None:
        """Close every connection and end the thread."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def publish(self, topic: str, payload: bytes, qos: int = 0) -> None:
        """Send a message to a kiosk, from any thread; lost when it is not connected."""
        broker = self._broker
        if broker is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            self._loop.call_soon_threadsafe(broker.publish, topic, payload, qos)

    def review(self, still: Authenticate) -> None:
        """Hang up on everybody whose name and password are not good any more; from any thread, does not wait."""
        broker = self._broker
        if broker is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            self._loop.call_soon_threadsafe(lambda: self._keep(asyncio.ensure_future(broker.review(still))))

    def _keep(self, task: "asyncio.Future[None]") -> None:
        self._reviews.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(self._reviews.discard)

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
        broker = HardenedBroker(self._listener, self._authenticate, self._receive)
        await broker.start()
        self._broker = broker
        self._started.set_result(None)
        await self._stopping.wait()
        self._broker = None
        await broker.shutdown()


def _presenting(files: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(files.certificate, files.key, password=lambda: "none")  # and never ask on a terminal
    except ssl.SSLError:
        raise BrokerTrouble(f"{files.certificate}, {files.key}: not a certificate and its key, both as PEM") from None
    except OSError as error:
        raise BrokerTrouble(f"{files.certificate}, {files.key}: cannot be read: {error.strerror}") from None
    return context
