"""The link to a broker outside of the server, such as Mosquitto. The only file here that uses paho.

Every connection gets a new client and a clean session, so nothing piles up in the broker while the server is away:
the kiosks keep what is not confirmed and send it again. The loop is ours, because paho's network thread dies of an
exception in a callback without anybody noticing.
"""

import contextlib
import logging
import random
import select
import socket
import ssl
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from protocol.backoff import Backoff
from protocol.tls import AuthorityUnusable, trusting
from sync_server.broker.contract import BrokerTrouble, Receive

log = logging.getLogger(__name__)

KEEPALIVE_SECONDS = 30
ANSWER_SECONDS = 10.0  # from CONNECT to the granted subscriptions
LONGEST_LOOK = 1.0  # paho's keepalive wants to be looked at
MOST_READ_TOGETHER = 50  # packets, before there is another look at what waits to be sent
MOST_UNSENT = 10_000  # messages; a lost receipt is made good by the next, an order by the kiosk's next hello
MOST_UNANSWERED = 1000  # of QoS 1
CLOSED = "the connection was closed"


@dataclass(frozen=True, repr=False)
class Account:
    """Where the broker is and how to sign in; holds a password, hence no repr."""

    host: str
    port: int
    user: str
    password: str
    authority: Path | None = None  # PEM: who alone may vouch for the broker; None: no TLS

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


class OutsideBroker:
    """Keeps one connection; what comes on the topic filters goes to *receive*, in the link's thread."""

    def __init__(
        self, account: Account, filters: Sequence[str], receive: Receive, chance: random.Random | None = None
    ) -> None:
        self._account = account
        self._filters = tuple(filters)
        self._receive = receive
        self._backoff = Backoff(chance or random.Random())
        self._tls: ssl.SSLContext | None = None
        self._unsent: deque[tuple[str, bytes, int]] = deque(maxlen=MOST_UNSENT)
        self._connected = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="broker link")
        self._trouble = ""

    @property
    def connected(self) -> bool:
        """Whether the subscriptions are granted, just now."""
        return self._connected

    def start(self) -> None:
        """Begin to connect, without end if need be; BrokerTrouble when the authority cannot be read."""
        if self._account.authority is not None:
            try:
                self._tls = trusting(self._account.authority)
            except AuthorityUnusable as mistake:
                raise BrokerTrouble(str(mistake)) from None
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_writer.setblocking(False)
        self._thread.start()

    def stop(self) -> None:
        """Disconnect and end the thread; what is not sent yet is not sent any more."""
        self._stopping.set()
        self._wake()
        self._thread.join()
        self._wake_reader.close()
        self._wake_writer.close()

    def publish(self, topic: str, payload: bytes, qos: int = 0) -> None:
        """Send a message, from any thread; lost without a connection, and when too much waits the oldest is lost."""
        if self._connected:
            self._unsent.append((topic, payload, qos))
            self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # full: it is awake enough; closed: it has ended
            self._wake_writer.send(b"!")

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                _Connection(self).serve()
            except (OSError, _Lost) as error:
                self._note(_reason(error))
            except Exception as error:
                # A thread that has died would keep every vote out until somebody looks.
                self._note(f"internal error: {type(error).__name__}")
            self._connected = False
            self._unsent.clear()
            self._stopping.wait(self._backoff.pause())

    def _note(self, trouble: str) -> None:
        # A first failure is a warning, its repeats are not worth a line a minute.
        level = logging.DEBUG if trouble == self._trouble else logging.WARNING
        log.log(level, "no connection to the broker at %s: %s", self._account.place, trouble)
        self._trouble = trouble

    def _answered(self) -> None:
        log.info("connected to the broker at %s as %s", self._account.place, self._account.user)
        self._trouble = ""
        self._backoff.reset()
        self._connected = True


class _Lost(Exception):
    """The connection ended; the text says why."""


class _Connection:
    """One connection from CONNECT to its end; everything in it happens in the link's thread."""

    def __init__(self, link: OutsideBroker) -> None:
        self._link = link
        self._ready = False
        self._reason = CLOSED
        self._client = self._new_client()

    def serve(self) -> None:
        """Connect and stay until the connection ends (_Lost, OSError) or the link stops."""
        account = self._link._account
        self._client.connect(account.host, account.port, KEEPALIVE_SECONDS)
        # paho leaves it off, and a receipt then waits up to 40 ms for what was sent before it to be acknowledged.
        self._connection().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        deadline = monotonic() + ANSWER_SECONDS
        try:
            while not self._link._stopping.is_set():
                self._turn()
                if not self._ready and monotonic() > deadline:
                    raise _Lost("the broker does not answer")
        finally:
            self._client.disconnect()
            if (left := self._client.socket()) is not None:  # it could not even say that it goes
                left.close()

    def _turn(self) -> None:
        connection = self._connection()
        wake = self._link._wake_reader
        writers = [connection] if self._client.want_write() else []
        readable, writable, _ = select.select([connection, wake], writers, [], LONGEST_LOOK)
        if wake in readable:
            wake.recv(4096)
        if writable:
            self._client.loop_write()
        if connection in readable:
            self._read()
        self._client.loop_misc()
        self._send()

    def _read(self) -> None:
        for _ in range(MOST_READ_TOGETHER):
            self._client.loop_read()
            connection = self._connection()
            # What TLS has decrypted already, select knows nothing of.
            if not (isinstance(connection, ssl.SSLSocket) and connection.pending()) and not _has_more(connection):
                break

    def _send(self) -> None:
        unsent = self._link._unsent
        # As long as the socket takes no more, paho would keep it all in memory.
        while self._ready and unsent and not self._client.want_write():
            topic, payload, qos = unsent.popleft()
            self._client.publish(topic, payload, qos)

    def _connection(self) -> socket.socket:
        connection = self._client.socket()
        if connection is None:
            raise _Lost(self._reason)
        assert isinstance(connection, socket.socket)  # and not paho's own over WebSocket
        return connection

    def _new_client(self) -> Client:
        account = self._link._account
        client = Client(CallbackAPIVersion.VERSION2, client_id=account.user, protocol=MQTTProtocolVersion.MQTTv311)
        client.username_pw_set(account.user, account.password)
        client.max_queued_messages_set(MOST_UNANSWERED)
        if self._link._tls is not None:
            client.tls_set_context(self._link._tls)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    # paho calls these from within loop_read, loop_write and loop_misc; what they note is acted on in _turn.

    def _on_connect(self, client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._reason = f"the broker refuses {self._link._account.user}: {reason}"
            client.disconnect()
            return
        client.subscribe([(filter_, 1) for filter_ in self._link._filters])

    def _on_subscribe(self, client: Client, _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            self._reason = f"the broker does not let {self._link._account.user} listen to the kiosks"
            client.disconnect()
            return
        self._ready = True
        self._link._answered()

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:  # no topic of ours; a strict broker lets none through
            return
        self._link._receive(topic, bytes(message.payload))

    def _on_disconnect(self, _client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if self._reason == CLOSED and reason.value != MQTTErrorCode.MQTT_ERR_SUCCESS:
            self._reason = f"the connection was lost: {reason}"


def _has_more(connection: socket.socket) -> bool:
    return bool(select.select([connection], [], [], 0)[0])


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is refused: {error.verify_message}"
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return str(error)
