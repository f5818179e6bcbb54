"""amqtt made fit to be exposed: a subclass, for amqtt 0.12.1 only (it leans on private names).

What stock 0.12.1 does and this prevents: session state is touched before the password is checked, so anyone can
throw a kiosk out by its client id; keep-alive is not enforced; taking over a session closes the new connection
too; redelivery of persistent sessions loses messages; routing iterates over a dictionary that changes; packets of
256 MiB are read into memory. Sessions are clean, nothing is retained, wills are not sent, and what a kiosk
publishes goes to the server and to nobody else.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from amqtt.adapters import ReaderAdapter, StreamReaderAdapter, StreamWriterAdapter, WriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import Action
from amqtt.errors import AMQTTError
from amqtt.mqtt.connack import NOT_AUTHORIZED, ConnackPacket
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.session import Session

from protocol.codec import LARGEST_MESSAGE
from sync_server.broker.rights import may_publish, may_subscribe

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10
DEFAULT_KEEPALIVE = 60
LONGEST_KEEPALIVE = 120
LARGEST_PACKET = LARGEST_MESSAGE + 4096  # the message, its topic and header
QOS_0 = 0
REFUSED_SUBSCRIPTION = 0x80

Authenticate = Callable[[str, str], bool]
Receive = Callable[[str, bytes], None]


class PacketTooLarge(Exception):
    """A packet announces more than any message may have; ends the connection."""


class _BoundedReader(StreamReaderAdapter):  # type: ignore[misc]
    async def read(self, n: int = -1) -> bytes:
        if not 0 <= n <= LARGEST_PACKET:
            raise PacketTooLarge
        data: bytes = await super().read(n)
        return data


class _Handler(BrokerProtocolHandler):  # type: ignore[misc]
    def handle_read_timeout(self) -> None:
        self.reader = None  # ends amqtt's reader loop, and with it the silent connection


class HardenedBroker(Broker):  # type: ignore[misc]
    """A broker whose clients are kiosks and whose only other end is this process."""

    def __init__(self, config: dict[str, Any], authenticate: Authenticate, receive: Receive) -> None:
        super().__init__(config)
        self._passes = authenticate
        self._receive = receive

    def publish(self, topic: str, payload: bytes) -> None:
        """Send to whoever is subscribed to exactly this topic, QoS 0; from the broker's loop."""
        self._broadcast_queue.put_nowait({"session": None, "topic": topic, "data": payload, "qos": QOS_0})

    async def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        await self._client_connected(listener_name, _BoundedReader(reader), StreamWriterAdapter(writer))

    async def _initialize_client_session(
        self, reader: ReaderAdapter, writer: WriterAdapter, remote_address: str, remote_port: int
    ) -> tuple[BrokerProtocolHandler, Session]:
        try:
            handler, session = await asyncio.wait_for(
                _Handler.init_from_connect(reader, writer, self.plugins_manager), CONNECT_SECONDS
            )
        except Exception as error:
            # amqtt's parser raises whatever the garbage leads to; a closed connection answers all of it.
            await writer.close()
            raise AMQTTError(f"no CONNECT: {type(error).__name__}") from None
        if not await self._is_welcome(session):
            await ConnackPacket.build(0, NOT_AUTHORIZED).to_stream(writer)
            await writer.close()
            log.warning("a client with a wrong name or password was refused")
            raise AMQTTError("refused")
        session.clean_session = True
        session.will_flag = False
        session.parent = 0
        session.keep_alive = int(min(session.keep_alive or DEFAULT_KEEPALIVE, LONGEST_KEEPALIVE) * 1.5) + 1
        await self._delete_session(session.client_id)
        return handler, session

    async def _is_welcome(self, session: Session) -> bool:
        if not session.username or session.client_id != session.username:
            return False
        return await asyncio.to_thread(self._passes, session.username, session.password or "")

    async def _authenticate(self, session: Session, _: object) -> bool:
        return True  # done before the session touched anything

    async def _topic_filtering(self, session: Session, topic: str, action: Action) -> bool:
        match action:
            case Action.PUBLISH:
                return may_publish(session.username, topic)
            case Action.SUBSCRIBE:
                return may_subscribe(session.username, topic)
        return True

    async def add_subscription(self, subscription: tuple[str, int], session: Session) -> int:
        if not may_subscribe(session.username, subscription[0]):
            return REFUSED_SUBSCRIPTION
        granted: int = await super().add_subscription(subscription, session)
        return granted

    async def _delete_session(self, client_id: str) -> None:
        old = self._sessions.get(client_id)
        await super()._delete_session(client_id)
        if old is not None and old[0].transitions.state == "connected":
            await old[1].handle_connection_closed()
            await old[1].stop()

    async def _broadcast_message(
        self, session: Session | None, topic: str | None, data: bytes | bytearray | None, force_qos: int | None = None
    ) -> None:
        if session is not None and topic is not None:
            self._receive(topic, bytes(data or b""))

    async def retain_message(self, *_: object, **__: object) -> None:
        """Nothing is retained."""

    async def _publish_retained_messages_for_subscription(self, *_: object) -> None:
        """Nothing is retained."""

    async def _run_broadcast(self, running_tasks: Any) -> None:
        message = await self._broadcast_queue.get()
        for session, _qos in list(self._subscriptions.get(message["topic"], ())):
            handler = self._get_handler(session)
            if session.transitions.state == "connected" and handler:
                send = handler.mqtt_publish(message["topic"], message["data"], message["qos"], retain=False)
                running_tasks.append(asyncio.ensure_future(send))
