"""amqtt made fit to be exposed: a subclass, for amqtt 0.12.1 only (it leans on private names).

What stock 0.12.1 does and this prevents: session state is touched before the password is checked, so anyone can
throw a kiosk out by its client id; keep-alive is not enforced; taking over a session closes the new connection
too; redelivery of persistent sessions loses messages; routing iterates over a dictionary that changes; packets of
256 MiB are read into memory; a client that resets its connection at the wrong moment is counted for ever; one that
publishes on a pattern is heard no more but stays. Sessions are clean, nothing is retained, wills are not sent, and
what a kiosk publishes goes to the server and to nobody else.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from amqtt.adapters import ReaderAdapter, StreamReaderAdapter, StreamWriterAdapter, WriterAdapter
from amqtt.broker import Broker, Server
from amqtt.contexts import Action
from amqtt.errors import AMQTTError, ProtocolHandlerError
from amqtt.mqtt.connack import NOT_AUTHORIZED, ConnackPacket
from amqtt.mqtt.disconnect import DisconnectPacket
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.mqtt.publish import PublishPacket
from amqtt.session import Session

from protocol.codec import LARGEST_MESSAGE
from sync_server.broker.rights import may_publish, may_subscribe

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10
FAREWELL_SECONDS = 1
DEFAULT_KEEPALIVE = 60
LONGEST_KEEPALIVE = 120
LARGEST_PACKET = LARGEST_MESSAGE + 4096  # the message, its topic and header
QOS_0, QOS_2 = 0, 2
REFUSED_SUBSCRIPTION = 0x80

Authenticate = Callable[[str, str], bool]
Receive = Callable[[str, bytes], None]


class PacketTooLarge(Exception):
    """A packet announces more than any message may have; ends the connection."""


class _BoundedReader(StreamReaderAdapter):  # type: ignore[misc]
    """Reads no more than a message, and waits no longer than *patience* seconds for any part of it."""

    patience: float | None = None

    async def read(self, n: int = -1) -> bytes:
        if not 0 <= n <= LARGEST_PACKET:
            raise PacketTooLarge
        async with asyncio.timeout(self.patience):
            data: bytes = await super().read(n)
        return data


class _AbruptWriter(StreamWriterAdapter):  # type: ignore[misc]
    def abort(self) -> None:
        """End the connection at once, whatever is still to be written."""
        self._writer.transport.abort()


class _Handler(BrokerProtocolHandler):  # type: ignore[misc]
    _gone = False

    async def handle_disconnect(self, disconnect: DisconnectPacket | None) -> None:
        self._gone = True
        await super().handle_disconnect(disconnect)

    async def wait_disconnect(self) -> DisconnectPacket | None:
        # amqtt forgets a client that was gone before it began to wait, and then waits for ever.
        return None if self._gone else await super().wait_disconnect()

    async def stop(self) -> None:
        self.reader = None  # Python 3.11 may swallow the cancellation that amqtt then waits for
        await super().stop()

    async def _send_packet(self, packet: Any) -> None:
        with contextlib.suppress(ProtocolHandlerError, OSError):  # the client went while it was being answered
            await super()._send_packet(packet)

    def handle_read_timeout(self) -> None:
        self.reader = None  # ends amqtt's reader loop, and with it the silent connection

    async def handle_publish(self, publish_packet: PublishPacket) -> None:
        if publish_packet.qos == QOS_2:
            # No kiosk sends it, and amqtt keeps every one in memory until its third packet.
            await self.handle_connection_closed()
        else:
            await super().handle_publish(publish_packet)


class HardenedBroker(Broker):  # type: ignore[misc]
    """A broker whose clients are kiosks and whose only other end is this process."""

    def __init__(self, config: dict[str, Any], authenticate: Authenticate, receive: Receive) -> None:
        super().__init__(config)
        self._passes = authenticate
        self._receive = receive
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def publish(self, topic: str, payload: bytes) -> None:
        """Send to whoever is subscribed to exactly this topic, QoS 0; from the broker's loop."""
        self._broadcast_queue.put_nowait({"session": None, "topic": topic, "data": payload, "qos": QOS_0})

    async def shutdown(self) -> None:
        """Let nobody in any more, hang up on everybody, end."""
        for server in self._servers.values():
            server.instance.close()
        for writer in self._connections.values():
            writer.close()
        if self._connections:
            await asyncio.wait(self._connections, timeout=FAREWELL_SECONDS)
        for writer in self._connections.values():
            writer.transport.abort()
        await super().shutdown()

    async def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = writer
        try:
            await self._client_connected(listener_name, _BoundedReader(reader), _AbruptWriter(writer))
        finally:
            del self._connections[task]
            writer.close()

    async def _initialize_client_session(
        self, reader: ReaderAdapter, writer: WriterAdapter, remote_address: str, remote_port: int
    ) -> tuple[BrokerProtocolHandler, Session]:
        try:
            handler, session = await asyncio.wait_for(
                _Handler.init_from_connect(reader, writer, self.plugins_manager), CONNECT_SECONDS
            )
            if not await self._is_welcome(session):
                log.warning("a client with a wrong name or password was refused")
                await ConnackPacket.build(0, NOT_AUTHORIZED).to_stream(writer)
                raise AMQTTError("refused")
        except Exception as error:
            # amqtt's parser raises whatever the garbage leads to. A closed connection answers all of it; and only an
            # AMQTTError gives the place among the connections back.
            await _hang_up(writer)
            raise AMQTTError(f"not let in: {type(error).__name__}") from None
        session.clean_session = True
        session.will_flag = False
        session.parent = 0
        session.keep_alive = int(min(session.keep_alive or DEFAULT_KEEPALIVE, LONGEST_KEEPALIVE) * 1.5) + 1
        reader.patience = session.keep_alive
        await self._take_over(session.client_id)
        return handler, session

    async def _take_over(self, client_id: str) -> None:
        """End an earlier connection of the same client; nothing here may wait, or two could come in at once."""
        _, handler = self._sessions.get(client_id, (None, None))
        if handler is not None:
            await self._delete_session(client_id)
            handler.writer.abort()

    async def _handle_client_session(
        self,
        reader: ReaderAdapter,
        writer: WriterAdapter,
        client_session: Session,
        handler: BrokerProtocolHandler,
        server: Server,
        listener_name: str,
    ) -> None:
        try:
            await super()._handle_client_session(reader, writer, client_session, handler, server, listener_name)
        except Exception as error:
            raise AMQTTError(f"hung up on: {type(error).__name__}") from None
        finally:
            await handler.stop()
            await _hang_up(writer)
            if self._sessions.get(client_session.client_id) == (client_session, handler):
                await self._delete_session(client_session.client_id)

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


async def _hang_up(writer: WriterAdapter) -> None:
    with contextlib.suppress(OSError):  # it is gone already
        await writer.close()
