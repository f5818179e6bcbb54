"""What a broker is to the rest of the server, wherever it runs."""

from collections.abc import Callable
from typing import Protocol

Receive = Callable[[str, bytes], None]
"""Takes a topic and a payload; called in the broker's thread, must not wait."""


class BrokerTrouble(Exception):
    """The broker cannot be used; the text says why."""


class CannotListen(BrokerTrouble):
    """The address or the port is not to be had."""


class Broker(Protocol):
    """Brings what kiosks publish to one receiver, and takes answers from any thread."""

    def start(self) -> None:
        """Begin; BrokerTrouble when that is not possible."""

    def stop(self) -> None:
        """End every connection and thread."""

    def publish(self, topic: str, payload: bytes, qos: int = 0) -> None:
        """Send a message to a kiosk, from any thread; lost when there is no way to it."""
