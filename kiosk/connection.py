"""One MQTT connection. The only file that uses paho.

paho's own queue lives in memory, so it is never trusted with a vote: every connection gets a new client, driven by
our own loop, for paho's thread dies of an exception without a word.
"""

import contextlib
import select
import socket
import ssl
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kiosk.core.tally import Lost, Obstacle
from kiosk.settings import Server
from kiosk.tls import explained
from protocol.codec import Message, encode
from protocol.messages import KioskStatus
from protocol.topics import TO_KIOSK, Address, Channel, Topic, parse, topic

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage

KEEPALIVE_SECONDS = 30
CONNECT_SECONDS = 5.0  # for the TCP connection, and again for the TLS handshake
CLOSED = "the connection was closed"

Heard = tuple[Channel, bytes]


class Connection:
    """One connection from CONNECT to its end, in one thread. `listens`: every subscription was granted."""

    def __init__(
        self, address: Address, server: Server, tls: ssl.SSLContext | None, wall: Callable[[], datetime]
    ) -> None:
        # Not at the top: the first screen is not to wait for it.
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

        self.listens = False
        self._address = address
        self._server = server
        self._wall = wall
        self._reason = Lost(Obstacle.NETWORK, CLOSED)
        self._heard: list[Heard] = []
        user = f"{address.site}.{address.kiosk}"
        self._client = client = Client(
            CallbackAPIVersion.VERSION2, client_id=user, protocol=MQTTProtocolVersion.MQTTv311
        )
        client.connect_timeout = CONNECT_SECONDS
        client.username_pw_set(user, server.password)
        if tls is not None:
            client.tls_set_context(tls)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect

    def open(self, will: KioskStatus) -> None:
        """Connect; *will* is what the broker publishes if the connection ends without a farewell. Lost."""
        host, port = self._server.host, self._server.port
        self._client.will_set(topic(self._address, Channel.STATUS), encode(will), qos=1, retain=False)
        try:
            self._client.connect(host, port, KEEPALIVE_SECONDS)
        except ssl.SSLError as error:
            raise explained(error, host, self._wall()) from None
        except OSError as error:
            raise Lost(Obstacle.NETWORK, f"{host}, port {port}: {error.strerror or error}") from None

    def turn(self, wake: socket.socket, seconds: float) -> list[Heard]:
        """Read and write what there is, waiting up to so long or until *wake* can be read; return what was heard.

        Lost when the connection has ended.
        """
        connection = self._client.socket()
        if connection is None:
            raise self._reason
        # What TLS has read and not yet handed out is not seen by select.
        ready = isinstance(connection, ssl.SSLSocket) and connection.pending() > 0
        writers = [connection] if self._client.want_write() else []
        readable, writable, _ = select.select([connection, wake], writers, [], 0.0 if ready else seconds)
        if wake in readable:
            wake.recv(4096)
        if ready or connection in readable:
            self._client.loop_read()
        if connection in writable:
            self._client.loop_write()
        self._client.loop_misc()
        heard, self._heard = self._heard, []
        return heard

    def publish(self, channel: Channel, message: Message) -> None:
        """Send a message, QoS 1."""
        self._client.publish(topic(self._address, channel), encode(message), qos=1)

    def close(self) -> None:
        """Say farewell and end the connection, whatever state it is in."""
        connection = self._client.socket()
        with contextlib.suppress(OSError):
            self._client.disconnect()
        if connection is not None:
            connection.close()

    # paho calls these from within loop_read, loop_write and loop_misc; what they note is acted on in `turn`.

    def _on_connect(self, client: "Client", _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._reason = Lost(Obstacle.BROKER, f"the broker refuses this kiosk: {reason}")
            client.disconnect()
            return
        # Receipts come with QoS 0: one names everything up to a number, so a lost one is made good by the next.
        client.subscribe([(topic(self._address, channel), _QOS[channel]) for channel in sorted(TO_KIOSK)])

    def _on_subscribe(self, client: "Client", _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            self._reason = Lost(Obstacle.BROKER, "the broker refuses the subscription")
            client.disconnect()
            return
        self.listens = True

    def _on_message(self, _client: "Client", _data: Any, message: "MQTTMessage") -> None:
        place = parse(message.topic)
        if isinstance(place, Topic):
            self._heard.append((place.channel, bytes(message.payload)))

    def _on_disconnect(self, _client: "Client", _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        from paho.mqtt.enums import MQTTErrorCode

        if str(self._reason) == CLOSED and reason.value != MQTTErrorCode.MQTT_ERR_SUCCESS:
            self._reason = Lost(Obstacle.NETWORK, "the connection was lost")  # MQTT 3.1.1 knows no reason


_QOS = {Channel.RECEIPT: 0, Channel.SETUP: 1, Channel.COMMAND: 1}
