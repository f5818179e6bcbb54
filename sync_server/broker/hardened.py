"""amqtt made fit to be exposed: a subclass, for amqtt 0.12.1 only (it leans on private names).

What stock 0.12.1 does and this prevents: session state is touched before the password is checked, so anyone can
throw a kiosk out by its client id; keep-alive is not enforced; taking over a session closes the new connection
too; redelivery of persistent sessions loses messages; routing iterates over a dictionary that changes; packets of
256 MiB are read into memory; a client that resets its connection at the wrong moment is counted for ever; one that
publishes on a pattern is heard no more but stays; one that sends without end, or never reads, fills the memory.
Sessions are clean, nothing is retained, wills are not sent, and what a kiosk publishes goes to the server and to
nobody else.
"""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from amqtt.adapters import ReaderAdapter, StreamReaderAdapter, StreamWriterAdapter, WriterAdapter
from amqtt.broker import Broker, Server
from amqtt.contexts import Action
from amqtt.errors import AMQTTError, ProtocolHandlerError
from amqtt.mqtt.connack import NOT_AUTHORIZED, ConnackPacket
from amqtt.mqtt.disconnect import DisconnectPacket
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.mqtt.publish import PublishPacket
from amqtt.mqtt.subscribe import SubscribePacket
from amqtt.session import Session

from protocol.topics import TO_KIOSK
from sync_server.broker.contract import Receive
from sync_server.broker.packets import LARGEST_PUBLISH, Packets, PacketTooLarge
from sync_server.broker.rights import may_publish, may_subscribe
from sync_server.core.allowance import Allowance

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10
FAREWELL_SECONDS = 1
DEFAULT_KEEPALIVE = 60
LONGEST_KEEPALIVE = 120
MOST_CONNECTIONS = 1000
# What one client may send; more waits in its socket, so that a broken or hostile kiosk cannot keep the others waiting.
PACKETS_A_SECOND = 50
BYTES_A_SECOND = 1024 * 1024
PACKETS_FOR_A_CONNECT = 5  # that a new connection counts for
LONGEST_WELCOME_SECONDS = 30
MOST_UNHANDLED = 32  # messages of one client between the socket and the receiver
MOST_UNREAD = 256 * 1024  # bytes that one client has not taken; then it is hung up on
MOST_FILTERS = 2 * len(TO_KIOSK)  # in one SUBSCRIBE
QOS_0, QOS_1, QOS_2 = 0, 1, 2
REFUSED_SUBSCRIPTION = 0x80

Authenticate = Callable[[str, str], bool]
"""Whether this user has this password; called in a thread, may wait."""


@dataclass(frozen=True)
class Listener:
    """Where to listen, with TLS if there is a context; and how many packets a second one client may send."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    packets_a_second: float = PACKETS_A_SECOND


class _AbruptWriter(StreamWriterAdapter):  # type: ignore[misc]
    def abort(self) -> None:
        """End the connection at once, whatever is still to be written."""
        self._writer.transport.abort()

    @property
    def unread(self) -> int:
        """How many bytes wait here because the client does not take them."""
        waiting: int = self._writer.transport.get_write_buffer_size()
        return waiting

    async def close(self) -> None:
        try:
            async with asyncio.timeout(FAREWELL_SECONDS):
                await super().close()
        except TimeoutError:  # it does not even take the farewell
            self.abort()


class _Share:
    """What one client may send, over however many connections."""

    def __init__(self, packets_a_second: float) -> None:
        self._now = asyncio.get_running_loop().time
        self._packets = Allowance(packets_a_second, self._now())
        self._bytes = Allowance(BYTES_A_SECOND, self._now())

    def spend(self, packets: float, size: int) -> float:
        """Take so many packets and bytes; return for how many seconds no more may be read."""
        return max(self._packets.spend(packets, self._now()), self._bytes.spend(size, self._now()))


class _BoundedReader(StreamReaderAdapter):  # type: ignore[misc]
    """Reads packets no larger than ours and no faster than allowed, and waits *patience* seconds for any part."""

    def __init__(self, reader: asyncio.StreamReader, writer: _AbruptWriter, share: _Share) -> None:
        super().__init__(reader)
        self.patience: float | None = None
        self.unhandled: asyncio.Queue[Any] = asyncio.Queue()
        self.share = share
        self._writer = writer
        self._packets = Packets()
        self._bytes = 0  # of the packet before

    async def read(self, n: int = -1) -> bytes:
        if not 0 <= n <= LARGEST_PUBLISH:
            raise PacketTooLarge
        if self._packets.between:
            await self._wait_for_its_turn()
        async with asyncio.timeout(self.patience):
            data: bytes = await super().read(n)
        self._packets.feed(data)
        self._bytes += n
        return data

    async def _wait_for_its_turn(self) -> None:
        pause = self.share.spend(1, self._bytes)
        self._bytes = 0
        if pause:
            await asyncio.sleep(pause)
        while self.unhandled.qsize() >= MOST_UNHANDLED:
            await asyncio.sleep(0.01)
        async with asyncio.timeout(self.patience):
            await self._writer.drain()  # it reads the answers to what it has sent


class _Handler(BrokerProtocolHandler):  # type: ignore[misc]
    _gone = False

    def tell(self, topic: str, payload: bytes, qos: int) -> None:
        """Write a message without waiting, or hang up on a client that takes nothing."""
        if self.writer is None or self.session is None:
            return
        if self.writer.unread > MOST_UNREAD:
            log.warning("a client that reads nothing was hung up on")
            self.writer.abort()
            return
        # Sent once: while the connection lasts TCP repeats it, and after that the kiosk asks.
        packet_id = self.session.next_packet_id if qos else None
        self.writer.write(PublishPacket.build(topic, payload, packet_id, False, qos, False).to_bytes())

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

    async def handle_subscribe(self, subscribe: SubscribePacket) -> None:
        if subscribe.payload is None or len(subscribe.payload.topics) > MOST_FILTERS:
            await self.handle_connection_closed()
        else:
            await super().handle_subscribe(subscribe)


class HardenedBroker(Broker):  # type: ignore[misc]
    """A broker whose clients are kiosks and whose only other end is this process."""

    def __init__(self, listener: Listener, authenticate: Authenticate, receive: Receive) -> None:
        named = {"type": "tcp", "bind": f"127.0.0.1:{listener.port}", "max_connections": MOST_CONNECTIONS}
        super().__init__({"listeners": {"default": named}, "plugins": {}})
        self._listener = listener
        self._passes = authenticate
        self._receive = receive
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._shares: dict[str, _Share] = {}  # of everybody who was ever let in: the registered kiosks

    def publish(self, topic: str, payload: bytes, qos: int) -> None:
        """Send to whoever is subscribed to exactly this topic; from the broker's loop."""
        for session, granted in list(self._subscriptions.get(topic, ())):
            handler = self._get_handler(session)
            if session.transitions.state == "connected" and handler is not None:
                handler.tell(topic, payload, min(qos, granted))

    async def review(self, still: Authenticate) -> None:
        """Hang up on everybody whose name and password are not good any more."""
        connected = [
            (client_id, session.username, session.password) for client_id, (session, _) in self._sessions.items()
        ]
        gone = await asyncio.to_thread(
            lambda: [(client_id, password) for client_id, user, password in connected if not still(user, password)]
        )
        for client_id, password in gone:
            session, _ = self._sessions.get(client_id, (None, None))
            if session is not None and session.password == password:  # else it has come anew meanwhile
                log.info("%s may send no more: hung up on", client_id)
                await self._end_connection_of(client_id)

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

    async def _create_server_instance(self, listener_name: str, *_: object) -> asyncio.Server:
        timeouts = (
            {}
            if self._listener.tls is None
            else {"ssl_handshake_timeout": CONNECT_SECONDS, "ssl_shutdown_timeout": FAREWELL_SECONDS}
        )
        return await asyncio.start_server(
            partial(self.stream_connected, listener_name=listener_name),
            self._listener.host,
            self._listener.port,
            ssl=self._listener.tls,
            **timeouts,
        )

    async def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = writer
        try:
            abrupt = _AbruptWriter(writer)
            await self._client_connected(
                listener_name, _BoundedReader(reader, abrupt, _Share(self._listener.packets_a_second)), abrupt
            )
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
        reader.share = self._shares.setdefault(session.username, _Share(self._listener.packets_a_second))
        if pause := reader.share.spend(PACKETS_FOR_A_CONNECT, 0):
            await asyncio.sleep(min(pause, LONGEST_WELCOME_SECONDS))
        reader.patience = session.keep_alive
        reader.unhandled = session.delivered_message_queue
        await self._end_connection_of(session.client_id)
        return handler, session

    async def _end_connection_of(self, client_id: str) -> None:
        """End a client's connection, if there is one; nothing here may wait, or two could come in at once."""
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


async def _hang_up(writer: WriterAdapter) -> None:
    with contextlib.suppress(OSError):  # it is gone already
        await writer.close()
