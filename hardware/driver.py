"""What a driver is: bytes from one port to frames, and what it wants sent there. Pure: no port, no thread, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, repr=False)
class Frame:
    """The bytes of one line or message, without what frames them. Its repr is masked: they may be anybody's.

    *typed* means that they came as slowly as a hand types; only a keyboard can tell.
    """

    payload: bytes
    typed: bool = False

    def __repr__(self) -> str:
        return f"Frame({len(self.payload)} bytes)"


class Fault(StrEnum):
    """What is wrong with bytes that make no frame; counted, and the rest goes on."""

    OVERFLOW = "overflow"  # longer than any message of the device
    CHECKSUM = "checksum"
    MALFORMED = "malformed"  # no frame of this device, or one cut off
    UNKNOWN = "unknown"  # a sound frame that says nothing we know


@dataclass(frozen=True, repr=False)
class Send:
    """Bytes to be written to the port."""

    data: bytes


@dataclass(frozen=True)
class Reply:
    """The device has answered something that was sent: it lives. Of a setting that was read, its bytes.

    *refused* says why it did not do what it was told; empty when it did.
    """

    value: bytes = b""
    refused: str = ""


@dataclass(frozen=True)
class Silent:
    """The device answers no more, though its port is open: the port is to be opened anew."""

    reason: str


class CallState(StrEnum):
    """What happens to a ticket at a counter."""

    CALLED = "called"  # called, or called again
    SERVING = "serving"
    DONE = "done"
    RATE = "rate"  # the officer asks for a rating now


@dataclass(frozen=True)
class Call:
    """What a queue system says; *ticket* is None where it names none. Tickets number anew each day."""

    counter: int
    ticket: str | None
    state: CallState


Output = Frame | Fault | Send | Reply | Silent | Call


class Driver(Protocol):
    """Understands what comes from one kind of device. Never raises; what it holds is bounded.

    Times are seconds of any clock that only goes forward; it runs while the port is watched. What comes out does not
    depend on how the bytes are split.
    """

    def opened(self, now: float) -> Sequence[Output]:
        """Begin: the port has just been opened, and nothing that came before counts."""

    def feed(self, chunk: bytes, now: float) -> Sequence[Output]:
        """Take what was read."""

    def tick(self, now: float) -> Sequence[Output]:
        """Let time pass while nothing comes; to be called at least every 50 ms."""
