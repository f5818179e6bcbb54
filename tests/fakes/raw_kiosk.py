"""A kiosk of few words: it sends what a test tells it to and reads the receipts, over MQTT written by hand."""

import ssl
from collections.abc import Sequence

from protocol.codec import decode, encode
from protocol.messages import Receipt, Vote, VoteBatch
from protocol.topics import Address, Channel, topic
from tests.fakes.raw_mqtt import Client, publish


class RawKiosk:
    """One connection of a kiosk, listening to its receipts."""

    def __init__(self, port: int, address: Address, password: str, tls: ssl.SSLContext | None = None) -> None:
        self.address = address
        self.client = Client(port, tls)
        assert self.client.login(f"{address.site}.{address.kiosk}", password) == 0
        assert self.client.subscribe(topic(address, Channel.RECEIPT)) == [0]

    def __enter__(self) -> "RawKiosk":
        return self

    def __exit__(self, *_error: object) -> None:
        self.client.close()

    def say(self, channel: Channel, payload: bytes) -> None:
        """Publish with QoS 1; the answers are read past by `receipt`."""
        self.client.send(publish(topic(self.address, channel), payload))

    def cast(self, stream: str, votes: Sequence[Vote]) -> None:
        """Send votes as one message."""
        self.say(Channel.VOTES, encode(VoteBatch(stream, tuple(votes))))

    def receipt(self) -> Receipt:
        """Return the next receipt."""
        while True:
            head, body = self.client.receive()
            if head & 0xF0 == 0x30:
                length = int.from_bytes(body[:2], "big")
                return decode(body[2 + length :], Receipt)

    def until_stored(self, stream: str, number: int) -> None:
        """Read receipts until the server has everything up to a number."""
        while True:
            receipt = self.receipt()
            if receipt.stream == stream and receipt.stored_up_to >= number:
                return
