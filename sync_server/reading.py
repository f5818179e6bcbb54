"""Messages as they come from a broker, read: what they say, or why they cannot be used. Pure."""

from dataclasses import dataclass

from protocol.codec import MalformedMessage, ReadBatch, decode, decode_batch
from protocol.messages import Hello, KioskStatus
from protocol.topics import Address, Channel, UnknownTopic, parse


@dataclass(frozen=True)
class Incoming:
    """A message as it came from the broker."""

    topic: str
    payload: bytes


@dataclass(frozen=True)
class Unusable:
    """A message that cannot be used as a whole, and why."""

    message: Incoming
    reason: str


@dataclass(frozen=True)
class Votes:
    """Votes of a kiosk."""

    message: Incoming
    address: Address
    batch: ReadBatch


@dataclass(frozen=True)
class Greeting:
    """A kiosk asks where it stands."""

    message: Incoming
    address: Address
    hello: Hello


@dataclass(frozen=True)
class Report:
    """A kiosk says how it is."""

    message: Incoming
    address: Address
    status: KioskStatus


Said = Votes | Greeting | Report


def read(message: Incoming) -> Said | Unusable:
    """Read a message; never raises for what it contains."""
    place = parse(message.topic)
    if isinstance(place, UnknownTopic):
        return Unusable(message, place.reason)
    try:
        match place.channel:
            case Channel.VOTES:
                return Votes(message, place.address, decode_batch(message.payload))
            case Channel.HELLO:
                return _greeting(message, place.address)
            case Channel.STATUS:
                return Report(message, place.address, decode(message.payload, KioskStatus))
            case _:
                return Unusable(message, "a channel that only the server speaks on")
    except MalformedMessage as error:
        return Unusable(message, str(error))


def _greeting(message: Incoming, address: Address) -> Greeting | Unusable:
    hello = decode(message.payload, Hello)
    if hello.kept_from > hello.highest + 1:
        return Unusable(message, "keeps no number that it has given")
    return Greeting(message, address, hello)
