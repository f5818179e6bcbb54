"""MQTT 3.1.1 written and read by hand, so that a client can also misbehave."""

import socket
import ssl
import struct
from dataclasses import dataclass
from types import TracebackType

DEADLINE = 10.0  # seconds; reached only when something is broken
REFUSED = 0x80

CONNACK, PUBLISH, PUBACK, PUBREC, PUBCOMP, SUBACK, PINGRESP = 0x20, 0x30, 0x40, 0x50, 0x70, 0x90, 0xD0
PINGREQ = b"\xc0\x00"
DISCONNECT = b"\xe0\x00"


class Closed(Exception):
    """The broker has ended the connection."""


@dataclass(frozen=True)
class Message:
    """What a subscriber is sent."""

    topic: str
    payload: bytes
    qos: int
    retain: bool


def text(value: str | bytes) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return struct.pack("!H", len(data)) + data


def packet(head: int, body: bytes) -> bytes:
    size, length = b"", len(body)
    while True:
        length, digit = divmod(length, 128)
        size += bytes([digit | (0x80 if length else 0)])
        if not length:
            return bytes([head]) + size + body


def connect(
    client_id: str,
    user: str | None,
    password: str | None,
    *,
    keepalive: int = 30,
    clean: bool = True,
    will: tuple[str, bytes] | None = None,
    level: int = 4,
) -> bytes:
    flags = (0x02 if clean else 0) | (0x80 if user is not None else 0) | (0x40 if password is not None else 0)
    flags |= 0x04 if will else 0
    body = text("MQTT") + bytes([level, flags]) + struct.pack("!H", keepalive) + text(client_id)
    if will:
        body += text(will[0]) + text(will[1])
    for value in (user, password):
        if value is not None:
            body += text(value)
    return packet(0x10, body)


def publish(topic: str, payload: bytes, *, qos: int = 1, mid: int = 1, retain: bool = False) -> bytes:
    body = text(topic) + (struct.pack("!H", mid) if qos else b"") + payload
    return packet(PUBLISH | qos << 1 | retain, body)


class Client:
    """One connection, with TLS if there is a context; what it sends is up to the test."""

    def __init__(
        self, port: int, tls: ssl.SSLContext | None = None, *, host: str = "localhost", source: str = "127.0.0.1"
    ) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE, source_address=(source, 0))
        if tls is not None:
            try:
                self.socket = tls.wrap_socket(self.socket, server_hostname=host)
            except OSError:
                self.socket.close()
                raise

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def close(self) -> None:
        self.socket.close()

    def reset(self) -> None:
        """End with a reset instead of a farewell."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # also below TLS
        self.socket.close()

    def login(self, user: str, password: str, *, client_id: str | None = None, keepalive: int = 30) -> int:
        """Connect and return the broker's answer: 0 is welcome."""
        self.send(connect(user if client_id is None else client_id, user, password, keepalive=keepalive))
        return self.connack()

    def connack(self) -> int:
        kind, body = self.receive()
        assert kind == CONNACK
        return body[1]

    def subscribe(self, *filters: str, qos: int = 0, mid: int = 7) -> list[int]:
        """Subscribe and return what is granted for each filter."""
        self.send(packet(0x82, struct.pack("!H", mid) + b"".join(text(name) + bytes([qos]) for name in filters)))
        kind, body = self.receive()
        assert kind == SUBACK
        assert body[:2] == struct.pack("!H", mid)
        return list(body[2:])

    def ping(self) -> None:
        """Ask for a sign of life; Closed when there is none."""
        self.send(PINGREQ)
        kind, _ = self.receive()
        assert kind == PINGRESP

    def ping_past_answers(self) -> None:
        """Ask for a sign of life, and read the answers to what was sent before."""
        self.send(PINGREQ)
        while self.receive()[0] != PINGRESP:
            pass

    def message(self) -> Message:
        kind, body = self.receive()
        assert kind & 0xF0 == PUBLISH
        qos, (length,) = kind >> 1 & 3, struct.unpack("!H", body[:2])
        return Message(body[2 : 2 + length].decode(), body[2 + length + (2 if qos else 0) :], qos, bool(kind & 1))

    def receive(self) -> tuple[int, bytes]:
        """Return the head and the body of the next packet; Closed when the broker hung up."""
        head = self._exactly(1)[0]
        length = shift = 0
        while True:
            digit = self._exactly(1)[0]
            length |= (digit & 0x7F) << shift
            shift += 7
            if not digit & 0x80:
                return head, self._exactly(length)

    def is_hung_up_on(self) -> bool:
        """Wait until the broker ends the connection; False when it does not."""
        try:
            while True:
                self.receive()
        except Closed:
            return True
        except TimeoutError:
            return False

    def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            try:
                chunk = self.socket.recv(length - len(data))
            except (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError):
                chunk = b""
            if not chunk:
                raise Closed
            data += chunk
        return data
