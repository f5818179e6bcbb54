"""Scanners that type: key events of a grabbed keyboard to codes. Pure.

The key codes are read, so neither layout nor input method of the machine changes them; what a key stands for is the
US layout, which is what scanners type unless they are told otherwise.
"""

from struct import Struct

from hardware.driver import Fault, Frame, Output
from hardware.line import LONGEST_LINE

RESET_SECONDS = 0.2  # without a key, by the kernel's time: what comes then is another code
TYPED_SECONDS = 0.035  # mean gap between keys above which it was rather a hand; libraries that tell them apart have 30
EVENT = Struct("@llHHi")  # struct input_event of linux/input.h: seconds, microseconds, type, code, value

_ROWS = {
    2: ("1234567890-=", "!@#$%^&*()_+"),
    16: ("qwertyuiop[]", "QWERTYUIOP{}"),
    30: ("asdfghjkl;'`", 'ASDFGHJKL:"~'),
    43: ("\\zxcvbnm,./", "|ZXCVBNM<>?"),
    57: (" ", " "),
}
_KEYS = {
    first + place: pair
    for first, row in _ROWS.items()
    for place, pair in enumerate(zip(row[0].encode(), row[1].encode(), strict=True))
}
_ENDS = {15, 28, 96}  # Tab, Enter, Enter of the keypad
_SHIFTS = {42, 54}
_COMMANDS = {29, 97, 56, 100, 125, 126}  # Ctrl, Alt and Meta, left and right
_CAPS_LOCK = 58
_LOCKS = {69, 70}  # Num and Scroll
# Stands for a key that is no character: a code must not lose one in silence and become another.
_NO_CHARACTER = 0x1A

_SYN, _KEY, _SYN_DROPPED = 0, 1, 3
_RELEASED, _PRESSED = 0, 1  # 2 is the keyboard's own repeating


class Wedge:
    """Makes frames of what a scanner types: to Enter or Tab, or until nothing follows for RESET_SECONDS.

    A frame that came as slowly as a hand types is marked so. Control keys never do anything: they spoil the code.
    """

    def __init__(self) -> None:
        self._first = self._latest = 0.0  # times of the first and the latest key of a code
        self.opened(0.0)

    def opened(self, now: float) -> list[Output]:
        """Forget what came before, the keys that are down among it."""
        self._part = b""
        self._held: set[int] = set()
        self._caps = False
        self._watched = now
        self._clear()
        return []

    def feed(self, chunk: bytes, now: float) -> list[Output]:
        """Take what was read from the device: events as the kernel writes them."""
        done = self.tick(now)
        data = self._part + chunk
        whole = len(data) - len(data) % EVENT.size
        self._part = data[whole:]
        if chunk:
            self._watched = now
        for seconds, micros, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if kind == _KEY:
                done += self.key(code, value, seconds + micros / 1e6)
            elif (kind, code) == (_SYN, _SYN_DROPPED):
                done += self._lost_keys(seconds + micros / 1e6)
        return done

    def tick(self, now: float) -> list[Output]:
        """Return the code that ends because nothing has followed it."""
        if now - self._watched < RESET_SECONDS:
            return []
        self._part = b""
        return self._end()

    def key(self, code: int, value: int, time: float) -> list[Output]:
        """Take one key event; *time* is the kernel's, in seconds of any clock."""
        if value == _RELEASED:
            self._held.discard(code)
        if value != _PRESSED or code in _LOCKS:
            return []
        if code in _SHIFTS | _COMMANDS:
            self._held.add(code)
            return []
        if code == _CAPS_LOCK:
            self._caps = not self._caps
            return []
        done = self._end() if time - self._latest > RESET_SECONDS else []
        if code in _ENDS:
            self._latest = time
            return [*done, *self._end(after=1)]
        if not self._text:
            self._first = time
        self._latest = time
        if self._dropping:
            return done
        self._text.append(self._character(code))
        if len(self._text) > LONGEST_LINE:
            self._drop()
            done.append(Fault.OVERFLOW)
        return done

    def _character(self, code: int) -> int:
        if code not in _KEYS or self._held & _COMMANDS:
            return _NO_CHARACTER
        plain, shifted = _KEYS[code]
        shift = bool(self._held & _SHIFTS)
        return shifted if shift != (self._caps and chr(plain).isalpha()) else plain

    def _end(self, after: int = 0) -> list[Output]:
        """End the code; *after* is 1 when a key ended it, whose gap counts too."""
        gaps = len(self._text) - 1 + after
        typed = gaps > 0 and (self._latest - self._first) / gaps > TYPED_SECONDS
        done: list[Output] = [Frame(bytes(self._text), typed)] if self._text else []
        self._clear()
        return done

    def _lost_keys(self, time: float) -> list[Output]:
        """The kernel had no room for some events: which keys are down is unknown, and the code has holes."""
        self._held.clear()
        self._latest = time
        self._drop()
        return [Fault.MALFORMED]

    def _drop(self) -> None:
        self._text.clear()
        self._dropping = True

    def _clear(self) -> None:
        self._text = bytearray()
        self._dropping = False
        self._first = self._latest = 0.0
