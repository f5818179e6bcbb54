"""What devices put on the wire to say that a code was scanned or a ticket is called; for simulations. Pure."""

import re
from collections.abc import Callable
from enum import Enum

from hardware import ft12
from hardware.driver import Call, CallState
from hardware.queue_line import STATES, USUAL_CALL, compiled

Said = bytes | Call
"""A code that is scanned, or what a queue system tells."""

Speech = Callable[[Said], tuple[bytes, bytes]]
"""Returns the bytes, and the terminator behind them; Cannot."""


class Way(Enum):
    """How it is said: as it should be, or as cables and scanners do it. The value words it."""

    WHOLE = ""
    SPLIT = "byte by byte"
    BARE = "without a terminator"
    TWICE = "twice"
    UNHEARD = "deaf to all but the last answers"


class Cannot(Exception):
    """The device cannot say that; the text says what it can, in one sentence."""


_WORDS = {state: word for word, state in STATES.items()}
_USUAL = compiled(USUAL_CALL)
_SHOWN = re.compile("[0-9]{3,6}")
_KEYS = {CallState.CALLED: b"\x0c", CallState.DONE: b"\x06\x0f", CallState.RATE: b"\x0b"}


def line(said: Said, terminator: bytes) -> tuple[bytes, bytes]:
    """A line scanner's code, or a queue system's line of the usual pattern."""
    if isinstance(said, bytes):
        return said, terminator
    text = f"{said.ticket or ''},{said.counter},{_WORDS[said.state]}"
    if not _USUAL.fullmatch(text):
        raise Cannot("expected a counter, 1 to 99, and a ticket like A012: that is what the usual pattern tells")
    return text.encode(), terminator


def scanner(said: Said, terminator: bytes) -> tuple[bytes, bytes]:
    """The code of a scanner that is no queue system."""
    if isinstance(said, Call):
        raise Cannot("a scanner calls nobody; --driver line, ft12 and modbus are queue systems")
    return said, terminator


def keypad(said: Said) -> tuple[bytes, bytes]:
    """A frame of the counter keypads: the ticket on the display, or the key for what is not shown there."""
    match said:
        case Call(counter, str(ticket), CallState.CALLED | CallState.SERVING) if _SHOWN.fullmatch(ticket):
            frame = ft12.shown(counter, ticket.encode())
        case Call(counter, None, state) if state in _KEYS:
            frame = ft12.pressed(counter, _KEYS[state])
        case Call():
            raise Cannot("expected a counter and a ticket of 3 to 6 digits; :rate and :done without a ticket")
        case _:
            raise Cannot("the keypads carry no codes; :call COUNTER TICKET calls somebody")
    return frame[:-1], frame[-1:]
