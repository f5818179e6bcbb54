"""Bytes to packets that bear their own length and check value: SSI, FT 1.2 and Modbus. Pure."""

import re
from collections.abc import Callable, Sequence

from hardware.driver import Fault

IDLE_SECONDS = 0.1  # no device pauses that long inside a packet, and no USB bridge makes it (FTDI: 16 ms)


class PacketFramer:
    """Cuts a stream into packets, and finds the next one behind any junk. Never raises.

    *head* finds where a packet may begin; it must also match a beginning that the end of the bytes cuts off.
    *lengths* gets what follows, from there on, and returns the lengths that the packet may have, ascending: none if
    it is no packet, None while that cannot be told. *sound* judges a whole packet. No length may exceed *longest*, and
    not much more is held. Junk is one fault, however much there is. Times are seconds of any clock that only goes
    forward.
    """

    def __init__(
        self,
        head: re.Pattern[bytes],
        lengths: Callable[[bytes], Sequence[int] | None],
        sound: Callable[[bytes], bool],
        longest: int,
    ) -> None:
        self._head = head
        self._lengths = lengths
        self._sound = sound
        self._longest = longest
        self._held = b""
        self._last = 0.0
        self._in_junk = False

    def opened(self, now: float) -> None:
        """Forget what came before."""
        self._held = b""
        self._in_junk = False
        self._last = now

    def feed(self, chunk: bytes, now: float) -> list[bytes | Fault]:
        """Take what was read, and return the packets that it completes."""
        done = self.tick(now)
        if chunk:
            self._last = now
            self._cut(self._held + chunk, done, silent=False)
        return done

    def tick(self, now: float) -> list[bytes | Fault]:
        """After IDLE_SECONDS without a byte, give up the packet that was begun and look behind its beginning."""
        done: list[bytes | Fault] = []
        if now - self._last >= IDLE_SECONDS:
            self._cut(self._held, done, silent=True)
            self._in_junk = False
        return done

    def _cut(self, data: bytes, done: list[bytes | Fault], silent: bool) -> None:
        at = 0
        while at < len(data):
            begins = self._head.search(data, at)
            if begins is None or begins.start() > at:
                self._junk(Fault.MALFORMED, done)
                at = len(data) if begins is None else begins.start()
                continue
            packet = self._packet(data[at : at + self._longest])
            if packet is None and not silent:
                break
            if isinstance(packet, bytes):
                done.append(packet)
                self._in_junk = False
                at += len(packet)
            else:
                self._junk(packet or Fault.MALFORMED, done)
                at += 1
        self._held = data[at:]

    def _packet(self, data: bytes) -> bytes | Fault | None:
        """The packet that the data begin with, what is wrong with it, or None while it is not all there."""
        lengths = self._lengths(data)
        if lengths is None:
            return None
        for length in lengths:
            if len(data) < length:
                return None
            if self._sound(data[:length]):
                return data[:length]
        return Fault.CHECKSUM if lengths else Fault.MALFORMED

    def _junk(self, fault: Fault, done: list[bytes | Fault]) -> None:
        if not self._in_junk:
            done.append(fault)
        self._in_junk = True
