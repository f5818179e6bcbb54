"""Where MQTT's packets begin and how large they may be, told from the bytes alone. Pure."""

from protocol.codec import LARGEST_MESSAGE

PUBLISH = 3
LARGEST_PUBLISH = LARGEST_MESSAGE + 4096  # the message, its topic and header
LARGEST_OTHER = 4096  # names and password, or the filters of a kiosk's own channels, take far less
MOST_LENGTH_BYTES = 4


class PacketTooLarge(Exception):
    """A packet announces more than any of ours has; ends the connection."""


class Packets:
    """Follows the bytes of one direction of a connection."""

    def __init__(self) -> None:
        self._kind: int | None = None  # None between packets
        self._length = 0
        self._length_bytes = 0
        self._left = 0  # of the packet's body

    @property
    def between(self) -> bool:
        """Whether the next byte begins a packet."""
        return self._kind is None

    def feed(self, data: bytes) -> None:
        """Take the next bytes; PacketTooLarge when they announce too much."""
        place = 0
        while place < len(data):
            if self._left:
                taken = min(self._left, len(data) - place)
                self._left -= taken
                place += taken
                if not self._left:
                    self._kind = None
            else:
                self._take_head(data[place])
                place += 1

    def _take_head(self, byte: int) -> None:
        if self._kind is None:
            self._kind, self._length, self._length_bytes = byte >> 4, 0, 0
            return
        self._length |= (byte & 0x7F) << (7 * self._length_bytes)
        self._length_bytes += 1
        if byte & 0x80:
            if self._length_bytes == MOST_LENGTH_BYTES:
                raise PacketTooLarge
            return
        if self._length > (LARGEST_PUBLISH if self._kind == PUBLISH else LARGEST_OTHER):
            raise PacketTooLarge
        self._left = self._length
        if not self._left:
            self._kind = None
