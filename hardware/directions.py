"""What is typed, or stands in a script, to a simulated device: plain codes, and lines that begin with a colon. Pure."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from hardware.driver import Call, CallState
from hardware.speech import Said, Way

LONGEST_NOISE = 1_000_000  # bytes
LONGEST_SECONDS = 3600.0
MOST_COUNTERS = 255  # a byte of a keypad's frame


@dataclass(frozen=True, repr=False)
class Play:
    """The device scans a code or tells a call."""

    said: Said
    way: Way = Way.WHOLE


@dataclass(frozen=True, repr=False)
class Sent:
    """Bytes that are written as they are."""

    data: bytes
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


Direction = Play | Sent | NextSample | Unplug | Replug | Wait | Unclear

HELP = """\
a code              scan it; an empty line scans the next code of --codes
:call COUNTER [TICKET]
                    a queue system calls somebody, such as :call 3 A012 (keypads: :call 3 012)
:serve, :done, :rate COUNTER [TICKET]
                    the same for who is served now, for who is done, and for who shall rate now
:split CODE         byte by byte; what goes wrong here and in the next three may also be a call: :split :call 3 A012
:bare CODE          without a terminator, as a Zebra does in its first settings
:twice CODE         twice at once, as a scanner does with a code that stays in view
:unheard CODE       an SSI scanner hears only the last answers, and so sends everything three times
:raw HEX            these bytes and no others, such as :raw 7E 00
:noise N [SEED]     N random bytes
:unplug [SECONDS]   take the device away; after so many seconds it comes back by itself
:replug             bring it back
:wait SECONDS       do nothing
# anything          a remark
"""


def understand(line: bytes) -> Direction | None:
    """Say what a line asks for; None for a remark."""
    text = line.strip()
    if text.startswith(b"#"):
        return None
    if not text:
        return NextSample()
    if not text.startswith(b":"):
        return Play(text)
    word, _, rest = text[1:].partition(b" ")
    act = _ACTS.get(word.decode(errors="replace"))
    if act is None:
        return Unclear("not understood; :help names what there is")
    return act(rest.strip())


def _in(way: Way) -> Callable[[bytes], Direction]:
    def act(rest: bytes) -> Direction:
        word, _, asked = rest.partition(b" ")
        direction = _CALLS[word](asked.strip()) if word in _CALLS else Play(rest)
        if isinstance(direction, Unclear):
            return direction
        if not rest or (rest.startswith(b":") and word not in _CALLS):
            return Unclear("expected a code behind it, or :call and its like")
        return replace(direction, way=way)

    return act


def _calls(state: CallState) -> Callable[[bytes], Play | Unclear]:
    def act(rest: bytes) -> Play | Unclear:
        match = re.fullmatch(rb"([0-9]{1,3})(?: +([A-Za-z]{0,2}[0-9]{1,6}))?", rest)
        if match is None or not 1 <= int(match[1]) <= MOST_COUNTERS:
            return Unclear(f"expected a counter, 1 to {MOST_COUNTERS}, and a ticket, such as A012")
        ticket = match[2].decode().upper() if match[2] else None
        return Play(Call(int(match[1]), ticket, state))

    return act


def _raw(digits: bytes) -> Direction:
    try:
        data = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        data = b""
    return Sent(data, f"sent {len(data)} bytes") if data else Unclear("expected bytes in hexadecimal, such as 7E 00")


def _noise(rest: bytes) -> Direction:
    match = re.fullmatch(rb"([0-9]{1,7})(?: +([0-9]{1,9}))?", rest)
    if match is None or not 1 <= int(match[1]) <= LONGEST_NOISE:
        return Unclear(f"expected how many bytes, 1 to {LONGEST_NOISE}, and a seed if you like")
    data = random.Random(int(match[2] or 0)).randbytes(int(match[1]))
    return Sent(data, f"sent {len(data)} bytes of noise")


def _unplug(rest: bytes) -> Direction:
    if not rest:
        return Unplug(None)
    seconds = _seconds(rest)
    return seconds if isinstance(seconds, Unclear) else Unplug(seconds)


def _wait(rest: bytes) -> Direction:
    seconds = _seconds(rest)
    return seconds if isinstance(seconds, Unclear) else Wait(seconds)


def _seconds(rest: bytes) -> float | Unclear:
    if re.fullmatch(rb"[0-9]{1,5}(\.[0-9]{1,3})?", rest) and float(rest) <= LONGEST_SECONDS:
        return float(rest)
    return Unclear(f"expected seconds, 0 to {LONGEST_SECONDS:g}")


_CALLS = {
    b":call": _calls(CallState.CALLED),
    b":serve": _calls(CallState.SERVING),
    b":done": _calls(CallState.DONE),
    b":rate": _calls(CallState.RATE),
}
_ACTS: dict[str, Callable[[bytes], Direction]] = {
    "split": _in(Way.SPLIT),
    "bare": _in(Way.BARE),
    "twice": _in(Way.TWICE),
    "unheard": _in(Way.UNHEARD),
    **{word[1:].decode(): act for word, act in _CALLS.items()},
    "raw": _raw,
    "noise": _noise,
    "unplug": _unplug,
    "wait": _wait,
    "replug": lambda _rest: Replug(),
    "help": lambda _rest: Unclear(HELP.rstrip()),
}
