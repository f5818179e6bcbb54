"""The RS-485 bus of the "21-key" counter keypad, heard in passing: `FF 68 L L 68 ADDR CMD data CHECK 16`. Pure.

L counts ADDR to data, CHECK is their sum in 8 bits, ADDR the counter. Keypads send the keys that are pressed, the host
echoes them and sends what the keypad's display is to show. Nothing is ever sent here: the port is wired to listen.
Source: the maker's protocol sheet, and JackQChen/QueueSystem, which speaks it in a public office.
"""

import re

from hardware.checksums import sum8
from hardware.driver import Call, CallState, Fault, Output
from hardware.packets import PacketFramer

LONGEST_BODY = 32  # bytes from ADDR on; a display has 8
ECHO_SECONDS = 0.5  # the same key again within this is the host's echo, or a finger that trembles

_KNOWN_KEYS = {*range(0x14)}  # digits, recall 0D, cancel 0E, pause 12, transfer 13: they change no visit by themselves
_BLANK = 0x0A
_SHOWN = 6  # digits of a display: three blanks and the ticket, or how many wait and three blanks

_HEAD = re.compile(rb"\xff(?:\x68(?:([\x02-\x20])(?:\1(?:\x68|\Z)|\Z)|\Z)|\Z)")
_BODY = 5  # bytes before ADDR


class Ft12:
    """Hears which ticket is shown at which counter, and when an officer asks for a rating.

    A rating that somebody gives on another device of the bus is nobody's business here, and is let pass unread.
    """

    def __init__(self) -> None:
        self._packets = PacketFramer(_HEAD, _lengths, _is_sound, _BODY + LONGEST_BODY + 2)
        self.opened(0.0)

    def opened(self, now: float) -> list[Output]:
        """Forget what came before."""
        self._packets.opened(now)
        self._last = b""
        self._last_at = now
        return []

    def feed(self, chunk: bytes, now: float) -> list[Output]:
        """Take what was read, and return what it says of the counters."""
        return self._understand(self._packets.feed(chunk, now), now)

    def tick(self, now: float) -> list[Output]:
        """Return what silence has ended."""
        return self._understand(self._packets.tick(now), now)

    def _understand(self, packets: list[bytes | Fault], now: float) -> list[Output]:
        done: list[Output] = []
        for found in packets:
            said = found if isinstance(found, Fault) else self._said(found[_BODY:-2], now)
            if said is not None:
                done.append(said)
        return done

    def _said(self, body: bytes, now: float) -> Call | Fault | None:
        counter, kind, data = body[0], body[1], body[2:]
        match kind:
            case 0x01:  # keys
                echoed = body == self._last and now - self._last_at < ECHO_SECONDS
                self._last, self._last_at = body, now
                return None if echoed else _pressed(counter, data)
            case 0x02:  # the display
                return _shown(counter, data)
            case 0x03 | 0x11:  # a beep, a score
                return None
        return Fault.UNKNOWN


def frame(counter: int, kind: int, data: bytes) -> bytes:
    """Return the bytes of a frame, as the bus has it; for simulations, for the kiosk only listens."""
    body = bytes([counter, kind]) + data
    return b"\xff\x68" + bytes([len(body), len(body)]) + b"\x68" + body + bytes([sum8(body), 0x16])


def shown(counter: int, ticket: bytes) -> bytes:
    """Return the frame that shows a ticket of three to six digits at a counter."""
    return frame(counter, 0x02, bytes([_BLANK]) * (_SHOWN - len(ticket)) + bytes(digit - 0x30 for digit in ticket))


def pressed(counter: int, keys: bytes) -> bytes:
    """Return the frame of the keys that an officer pressed."""
    return frame(counter, 0x01, keys)


def _pressed(counter: int, keys: bytes) -> Call | Fault | None:
    match [*keys]:
        case [*_, 0x0C]:  # call the next one
            return Call(counter, None, CallState.CALLED)
        case [*_, 0x0B]:  # ask for a rating
            return Call(counter, None, CallState.RATE)
        case [0x06 | 0x00, 0x0F]:  # give up, or put by
            return Call(counter, None, CallState.DONE)
        case [*_, key] if key in _KNOWN_KEYS:
            return None
    return Fault.UNKNOWN


def _shown(counter: int, digits: bytes) -> Call | Fault | None:
    if len(digits) != _SHOWN or max(digits) > _BLANK:
        return Fault.UNKNOWN
    ticket = digits.lstrip(bytes([_BLANK]))
    if len(ticket) < 3 or _BLANK in ticket:
        return None
    return Call(counter, "".join(str(digit) for digit in ticket), CallState.SERVING)


def _lengths(data: bytes) -> tuple[int, ...] | None:
    return (_BODY + data[2] + 2,) if len(data) >= _BODY else None


def _is_sound(data: bytes) -> bool:
    return data[-1] == 0x16 and sum8(data[_BODY:-2]) == data[-2]
