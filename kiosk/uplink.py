"""The thread that brings the votes to the server. The only file that uses paho.

paho's own queue lives in memory, so it is never trusted with a vote: every connection gets a new client, the
outbox is the only queue, and only the server's receipt confirms anything.
"""

import contextlib
import logging
import random
import select
import socket
import threading
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from kiosk.clock import Clock
from kiosk.controller import StorageBroken
from kiosk.core.sending import Backoff, Send, Sender, SendHello
from kiosk.outbox import Journal, Standing
from kiosk.settings import Server
from protocol.codec import MalformedMessage, Message, decode, encode
from protocol.messages import Hello, KioskStatus, Receipt, VoteBatch
from protocol.topics import Address, Channel, topic

log = logging.getLogger(__name__)

KEEPALIVE_SECONDS = 30
ANSWER_SECONDS = 10.0  # from CONNECT to the granted subscription
SILENCE_SECONDS = 120.0  # after some tries of the sender, the connection itself may be what does not work
STATUS_SECONDS = 60.0
LONGEST_LOOK = 1.0  # paho's keepalive wants to be looked at


class Uplink:
    """Keeps one connection to the broker and the stream moving over it; `start` it once, `stop` ends it."""

    def __init__(
        self,
        *,
        outbox: Journal,
        address: Address,
        server: Server,
        hello: Callable[[Standing], Hello],
        status: Callable[[Standing], KioskStatus],
        online: Callable[[bool], None],
        clock: Clock,
        chance: random.Random,
    ) -> None:
        self._outbox = outbox
        self._address = address
        self._server = server
        self._hello = hello
        self._status = status
        self._online = online
        self._clock = clock
        self._backoff = Backoff(chance)
        self._sender = Sender(outbox.standing().stored_up_to, chance)
        self._stopping = threading.Event()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_writer.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="uplink")
        self._trouble = ""

    def start(self) -> None:
        """Begin to connect, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Disconnect and end the thread; what is not confirmed stays in the outbox."""
        self._stopping.set()
        self.wake()
        self._thread.join()
        self._wake_reader.close()
        self._wake_writer.close()

    def wake(self) -> None:
        """Say, from any thread, that there is a new vote."""
        with contextlib.suppress(BlockingIOError):  # full: it is awake enough
            self._wake_writer.send(b"!")

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                _Connection(self).serve()
            except (OSError, _Lost, StorageBroken) as error:
                self._note(str(error) or type(error).__name__)
            except Exception as error:
                # The votes are safe in the outbox; a thread that has died would leave them there for ever.
                self._note(f"internal error: {type(error).__name__}")
            self._sender.disconnected()
            self._online(False)
            self._stopping.wait(self._backoff.pause())

    def _note(self, trouble: str) -> None:
        # A first failure is a warning, its repeats are not worth a line a minute.
        log.log(logging.DEBUG if trouble == self._trouble else logging.WARNING, "no connection: %s", trouble)
        self._trouble = trouble

    def _answered(self) -> None:
        if self._trouble:
            log.info("connected again")
        self._trouble = ""
        self._backoff.reset()
        self._online(True)


class _Lost(Exception):
    """The connection ended; the text says why."""


class _Connection:
    """One connection from CONNECT to its end; everything in it happens in the uplink's thread."""

    def __init__(self, uplink: Uplink) -> None:
        self._uplink = uplink
        self._sender = uplink._sender
        self._now = uplink._clock.monotonic
        self._ready = False
        self._welcome = False
        self._reason = "the connection was closed"
        self._receipts: list[bytes] = []
        self._next_status = 0.0
        self._heard = self._now()
        self._client = self._new_client()

    def serve(self) -> None:
        """Connect and stay until the connection ends (_Lost, OSError) or the uplink stops."""
        server = self._uplink._server
        self._client.connect(server.host, server.port, KEEPALIVE_SECONDS)
        deadline = self._now() + ANSWER_SECONDS
        try:
            while not self._uplink._stopping.is_set():
                self._turn()
                if not self._ready and self._now() > deadline:
                    raise _Lost("the broker does not answer")
        finally:
            self._client.disconnect()

    def _turn(self) -> None:
        connection = self._client.socket()
        if connection is None:
            raise _Lost(self._reason)
        wake = self._uplink._wake_reader
        writers = [connection] if self._client.want_write() else []
        readable, writable, _ = select.select([connection, wake], writers, [], self._patience())
        if wake in readable:
            wake.recv(4096)
        if connection in readable:
            self._client.loop_read()
        if connection in writable:
            self._client.loop_write()
        self._client.loop_misc()
        self._take_receipts()
        if self._ready:
            self._send_what_is_due()
            self._check_that_someone_listens()

    def _patience(self) -> float:
        look = self._sender.next_look(self._now())
        return LONGEST_LOOK if look is None else min(look, LONGEST_LOOK)

    def _send_what_is_due(self) -> None:
        standing = self._uplink._outbox.standing()
        for message in self._sender.due(standing.highest, self._now()):
            match message:
                case SendHello():
                    self._publish(Channel.HELLO, self._uplink._hello(standing))
                case Send(first, last):
                    self._publish_votes(first, last)
        if self._welcome and self._now() >= self._next_status:
            self._next_status = self._now() + STATUS_SECONDS
            self._publish(Channel.STATUS, self._uplink._status(standing))

    def _check_that_someone_listens(self) -> None:
        if self._sender.next_look(self._now()) is None:
            self._heard = self._now()  # nothing was asked
        elif self._now() - self._heard > SILENCE_SECONDS:
            raise _Lost("the server does not answer")

    def _publish_votes(self, first: int, last: int) -> None:
        self._uplink._outbox.settle(first, last, self._uplink._clock.reading())
        votes = self._uplink._outbox.votes(first, last)
        if not votes or votes[0].number != first:
            raise _Lost("the server asks for votes that are no longer kept")
        self._publish(Channel.VOTES, VoteBatch(self._uplink._outbox.stream, votes))

    def _publish(self, channel: Channel, message: Message) -> None:
        self._client.publish(topic(self._uplink._address, channel), encode(message), qos=1)

    def _take_receipts(self) -> None:
        for data in self._receipts:
            try:
                receipt = decode(data, Receipt)
            except MalformedMessage as error:
                log.warning("a receipt cannot be read: %s", error)
                continue
            if receipt.stream == self._uplink._outbox.stream:
                self._take_receipt(receipt)
        self._receipts.clear()

    def _take_receipt(self, receipt: Receipt) -> None:
        outbox = self._uplink._outbox
        standing = outbox.standing()
        if receipt.stored_up_to > standing.highest:
            log.warning("a receipt names a vote that was never cast; ignored")
            return
        self._heard = self._now()
        self._sender.received(receipt.stored_up_to, standing.highest, self._now())
        if receipt.stored_up_to != standing.stored_up_to:
            outbox.confirm(receipt.stored_up_to, receipt.time)
        if receipt.refused:
            log.warning("the server keeps %d votes apart", len(receipt.refused))
        if not self._welcome:
            self._welcome = True
            self._uplink._answered()

    def _new_client(self) -> Client:
        address = self._uplink._address
        user = f"{address.site}.{address.kiosk}"
        client = Client(CallbackAPIVersion.VERSION2, client_id=user, protocol=MQTTProtocolVersion.MQTTv311)
        client.username_pw_set(user, self._uplink._server.password)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    # paho calls these from within loop_read, loop_write and loop_misc; what they note is acted on in _turn.

    def _on_connect(self, client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._reason = f"the broker refuses this kiosk: {reason}"
            client.disconnect()
            return
        # QoS 0: a receipt names everything up to a number, so a lost one is made good by the next.
        client.subscribe(topic(self._uplink._address, Channel.RECEIPT), qos=0)

    def _on_subscribe(self, client: Client, _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            self._reason = "the broker refuses the subscription"
            client.disconnect()
            return
        self._ready = True
        self._sender.connected(self._now())

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self._receipts.append(bytes(message.payload))

    def _on_disconnect(self, _client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if self._reason == "the connection was closed" and reason.value != MQTTErrorCode.MQTT_ERR_SUCCESS:
            self._reason = f"the connection was lost: {reason}"
