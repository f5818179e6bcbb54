"""Queue tickets: `A012`, `B-045`, `1-045`, `045`. Pure.

Numbers begin anew each day, so a ticket means something only together with its site and day.
"""

import re
from dataclasses import dataclass

from protocol.badges import BADGE_PREFIX

_TICKET = re.compile(r"(?:(?P<letters>[A-Z]{1,2})-?|(?P<counter>[0-9]{1,2})-)?(?P<number>[0-9]{3,4})")


@dataclass(frozen=True)
class QueueTicket:
    """A ticket in parts. *prefix*: one or two capitals, or a counter's number without leading zeros, or empty."""

    prefix: str
    number: int

    @property
    def canonical(self) -> str:
        """One spelling per ticket: `A012`, `B045`, `1-045`, `045`."""
        return f"{self.prefix}{'-' if self.prefix.isdigit() else ''}{self.number:03}"


def read_ticket(text: str) -> QueueTicket | None:
    """Return the ticket that *text* is, in capitals or not; None when it is none. A badge's prefix leads no ticket."""
    match = _TICKET.fullmatch(text.upper()) if text.isascii() else None
    if match is None or match["letters"] == BADGE_PREFIX:
        return None
    prefix = match["letters"] or (str(int(match["counter"])) if match["counter"] else "")
    return QueueTicket(prefix, int(match["number"]))
