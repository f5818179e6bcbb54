"""Queue systems that write a line for every call: home-made ones, and PCs that type calls over a null-modem cable.

What the lines look like is the office's to say: a regular expression with the groups `ticket` and `counter`, and
`state` if the lines tell one. Pure.
"""

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hardware.checksums import sum8, xor8
from hardware.driver import Call, CallState, Fault, Frame, Output
from hardware.line import LONGEST_LINE, LineFramer
from hardware.packets import PacketFramer

LONGEST_PATTERN = 200  # characters
USUAL_CALL = r"(?P<ticket>[A-Z]?\d{3,4})[,;: ](?P<counter>\d{1,2})(?:[,; ](?P<state>CALL|SERVE|DONE|RATE))?"

STATES = {
    "CALL": CallState.CALLED,
    "SERVE": CallState.SERVING,
    "DONE": CallState.DONE,
    "RATE": CallState.RATE,
}

_NEEDED, _OPTIONAL = {"ticket", "counter"}, {"state"}
_COUNTER = re.compile(r"[0-9]{1,3}")
_TICKET = re.compile(r"[ -~]{0,16}")  # none: the line tells of the counter only
_STX, _ETX = b"\x02", b"\x03"
_ENDS = b"\r\n\t\x03"
_BETWEEN = (b"\r", b"\n")  # some send them after ETX all the same
_HEAD = re.compile(rb"[\x02\r\n]")
_LONGEST = LONGEST_LINE + 3


class BadPattern(ValueError):
    """The regular expression cannot be used; the text says why, for an operator, in one sentence."""


class Check(StrEnum):
    """What stands at the end of a line to tell a damaged one."""

    NONE = "none"
    XOR = "xor"  # of all bytes
    SUM = "sum"  # of all bytes, the low 8 bits


@dataclass(frozen=True)
class LineShape:
    """How the lines of one queue system look; BadPattern.

    *framed* lines go from STX to ETX, and the check byte follows ETX, which it covers while it does not cover STX.
    Others end with CR, LF, TAB or in silence, and the check byte is their last one. The pattern must cover the whole
    line, in ASCII. A line without a state says that a ticket is called.
    """

    pattern: str
    framed: bool = False
    check: Check = Check.NONE

    def __post_init__(self) -> None:
        compiled(self.pattern)


def compiled(pattern: str) -> re.Pattern[str]:
    """Return what is made of an office's regular expression; BadPattern."""
    if len(pattern) > LONGEST_PATTERN:
        raise BadPattern(f"the pattern has {len(pattern)} characters; at most {LONGEST_PATTERN} are allowed")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python warns about may mean something else in its next version
            made = re.compile(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError, ValueError, Warning) as error:
        raise BadPattern(f"the pattern is no regular expression: {error or 'it is nested too deeply'}") from None
    if missing := sorted(_NEEDED - set(made.groupindex)):
        names = " and ".join(f"(?P<{name}>…)" for name in missing)
        raise BadPattern(f"the pattern lacks {names}; it needs the groups ticket and counter, and may have state")
    if unknown := sorted(set(made.groupindex) - _NEEDED - _OPTIONAL):
        raise BadPattern(f"the pattern names a group {unknown[0]!r}; only ticket, counter and state mean anything")
    return made


class QueueLine:
    """Makes calls of lines. Never raises; how long the pattern takes on a line is for its author to mind."""

    def __init__(self, shape: LineShape) -> None:
        self._pattern = compiled(shape.pattern)
        self._check = shape.check
        self._framed = shape.framed
        self.opened(0.0)

    def opened(self, now: float) -> list[Output]:
        """Forget what came before."""
        self._framer: LineFramer | PacketFramer
        if self._framed:
            self._framer = PacketFramer(_HEAD, self._lengths, self._is_sound, _LONGEST)
        else:
            self._framer = LineFramer()
        self._framer.opened(now)
        return []

    def feed(self, chunk: bytes, now: float) -> list[Output]:
        """Take what was read, and return the calls that it completes."""
        return self._understand(self._framer.feed(chunk, now))

    def tick(self, now: float) -> list[Output]:
        """Return the call that ends in silence."""
        return self._understand(self._framer.tick(now))

    def _understand(self, lines: Iterable[Frame | bytes | Fault]) -> list[Output]:
        done: list[Output] = []
        for line in lines:
            if isinstance(line, bytes):
                if line not in _BETWEEN:
                    done.append(self._call(line[1 : line.index(_ETX)]))
            elif isinstance(line, Frame):
                text = self._without_check(line.payload)
                done.append(Fault.CHECKSUM if text is None else self._call(text))
            else:
                done.append(line)
        return done

    def _call(self, line: bytes) -> Call | Fault:
        found = self._pattern.fullmatch(line.decode("ascii", errors="replace"))
        if found is None:
            return Fault.UNKNOWN
        said = found.groupdict()
        counter, ticket, word = said["counter"] or "", said["ticket"] or "", said.get("state") or "CALL"
        state = STATES.get(word.upper())
        if not _COUNTER.fullmatch(counter) or not _TICKET.fullmatch(ticket) or state is None:
            return Fault.UNKNOWN
        return Call(int(counter), ticket or None, state)

    def _without_check(self, line: bytes) -> bytes | None:
        if self._check is Check.NONE:
            return line
        if self._value(line[:-1]) == line[-1]:
            return line[:-1]
        # A check byte may look like the end of a line, and has then been taken for it.
        return line if self._value(line) in _ENDS else None

    def _lengths(self, data: bytes) -> tuple[int, ...] | None:
        if data[:1] in _BETWEEN:
            return (1,)
        end, again = data.find(_ETX), data.find(_STX, 1)
        if again != -1 and (end == -1 or again < end):
            return ()
        if end == -1:
            return None if len(data) < _LONGEST else ()
        return (end + 1 if self._check is Check.NONE else end + 2,)

    def _is_sound(self, data: bytes) -> bool:
        return self._check is Check.NONE or data in _BETWEEN or self._value(data[1:-1]) == data[-1]

    def _value(self, data: bytes) -> int:
        return xor8(data) if self._check is Check.XOR else sum8(data)
