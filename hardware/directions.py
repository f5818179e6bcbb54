"""What is typed, or stands in a script, to a simulated device: plain codes, and lines that begin with a colon. Pure."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from hardware.ft12 import asks_for_rating, shown

LONGEST_NOISE = 1_000_000  # bytes
LONGEST_SECONDS = 3600.0
MOST_COUNTERS = 255  # a byte of the frame


@dataclass(frozen=True, repr=False)
class Sent:
    """Pieces that are written one after the other, with a short pause between."""

    pieces: tuple[bytes, ...]
    answer: str


@dataclass(frozen=True)
class NextSample:
    """Scan the next code of the file of samples."""


@dataclass(frozen=True)
class Unplug:
    """Take the device away, for so many seconds or until it is plugged in again."""

    seconds: float | None


@dataclass(frozen=True)
class Replug:
    """Bring it back."""


@dataclass(frozen=True)
class Wait:
    """Do nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Unclear:
    """The line cannot be carried out; *why* says what to write instead."""

    why: str


Direction = Sent | NextSample | Unplug | Replug | Wait | Unclear

HELP = """\
a code              scan it; an empty line scans the next code of --codes
:split CODE         the same, byte by byte
:bare CODE          without a terminator, as a Zebra does in its first settings
:twice CODE         twice at once, as a scanner does with a code that stays in view
:raw HEX            these bytes and no others, such as :raw 7E 00
:noise N [SEED]     N random bytes
:call COUNTER TICKET
                    a ticket of 3 to 6 digits is served, on the bus of the keypads (driver ft12)
:rate COUNTER       an officer's key there asks for a rating
:unplug [SECONDS]   take the device away; after so many seconds it comes back by itself
:replug             bring it back
:wait SECONDS       do nothing
# anything          a remark
"""


def understand(line: bytes, terminator: bytes) -> Direction | None:
    """Say what a line asks for; None for a remark."""
    text = line.strip()
    if text.startswith(b"#"):
        return None
    if not text:
        return NextSample()
    if not text.startswith(b":"):
        return Sent((text + terminator,), "scanned")
    word, _, rest = text[1:].partition(b" ")
    act = _ACTS.get(word.decode(errors="replace"))
    if act is None:
        return Unclear("not understood; :help names what there is")
    return act(rest.strip(), terminator)


def _split(code: bytes, terminator: bytes) -> Direction:
    return _code(code, tuple(bytes([byte]) for byte in code + terminator), "scanned byte by byte")


def _bare(code: bytes, _terminator: bytes) -> Direction:
    return _code(code, (code,), "scanned without a terminator")


def _twice(code: bytes, terminator: bytes) -> Direction:
    return _code(code, ((code + terminator) * 2,), "scanned twice")


def _code(code: bytes, pieces: tuple[bytes, ...], answer: str) -> Direction:
    return Sent(pieces, answer) if code else Unclear("expected a code behind it")


def _raw(digits: bytes, _terminator: bytes) -> Direction:
    try:
        data = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        data = b""
    return Sent((data,), f"sent {len(data)} bytes") if data else Unclear("expected bytes in hexadecimal, such as 7E 00")


def _noise(rest: bytes, _terminator: bytes) -> Direction:
    match = re.fullmatch(rb"([0-9]{1,7})(?: +([0-9]{1,9}))?", rest)
    if match is None or not 1 <= int(match[1]) <= LONGEST_NOISE:
        return Unclear(f"expected how many bytes, 1 to {LONGEST_NOISE}, and a seed if you like")
    data = random.Random(int(match[2] or 0)).randbytes(int(match[1]))
    return Sent((data,), f"sent {len(data)} bytes of noise")


def _call(rest: bytes, _terminator: bytes) -> Direction:
    match = re.fullmatch(rb"([0-9]{1,3}) +([0-9]{3,6})", rest)
    if match is None or not 1 <= int(match[1]) <= MOST_COUNTERS:
        return Unclear(f"expected a counter, 1 to {MOST_COUNTERS}, and a ticket of 3 to 6 digits")
    return Sent((shown(int(match[1]), match[2]),), "called")


def _rate(rest: bytes, _terminator: bytes) -> Direction:
    if not re.fullmatch(rb"[0-9]{1,3}", rest) or not 1 <= int(rest) <= MOST_COUNTERS:
        return Unclear(f"expected a counter, 1 to {MOST_COUNTERS}")
    return Sent((asks_for_rating(int(rest)),), "asked for a rating")


def _unplug(rest: bytes, _terminator: bytes) -> Direction:
    if not rest:
        return Unplug(None)
    seconds = _seconds(rest)
    return seconds if isinstance(seconds, Unclear) else Unplug(seconds)


def _wait(rest: bytes, _terminator: bytes) -> Direction:
    seconds = _seconds(rest)
    return seconds if isinstance(seconds, Unclear) else Wait(seconds)


def _seconds(rest: bytes) -> float | Unclear:
    if re.fullmatch(rb"[0-9]{1,5}(\.[0-9]{1,3})?", rest) and float(rest) <= LONGEST_SECONDS:
        return float(rest)
    return Unclear(f"expected seconds, 0 to {LONGEST_SECONDS:g}")


_ACTS: dict[str, Callable[[bytes, bytes], Direction]] = {
    "split": _split,
    "bare": _bare,
    "twice": _twice,
    "raw": _raw,
    "noise": _noise,
    "call": _call,
    "rate": _rate,
    "unplug": _unplug,
    "wait": _wait,
    "replug": lambda _rest, _terminator: Replug(),
    "help": lambda _rest, _terminator: Unclear(HELP.rstrip()),
}
