"""What a receipt that was carried here on a stick means. Pure.

It may be weeks old, and older than what the network has said since, or than a receipt from another stick. Over the
network the last word counts; here the newest does, by the server's own clock.
"""

from dataclasses import dataclass
from datetime import datetime

from protocol.messages import Count, Number


@dataclass(frozen=True)
class Known:
    """What this kiosk knows before it looks at the receipt."""

    stored_up_to: Count
    kept_from: Number
    confirmed_at: datetime | None  # the server's time when it confirmed the newest of these; None: not kept
    newest_taken: datetime | None  # the time of the newest receipt that was carried here for this stream


@dataclass(frozen=True)
class Advance:
    """The server has more votes than this kiosk knew of: up to this number."""

    stored_up_to: Count


@dataclass(frozen=True)
class GoBack:
    """The server has lost votes; what is kept beyond this number has to be exported again."""

    stored_up_to: Count


@dataclass(frozen=True)
class NothingNew:
    """The receipt says what is known."""


@dataclass(frozen=True)
class Outdated:
    """The receipt is older than what is known."""


def judge(stored_up_to: Count, time: datetime, known: Known) -> Advance | GoBack | NothingNew | Outdated:
    """Say what a receipt of the server's *time* means whose chain agrees with this kiosk's, as far as that is kept."""
    if known.newest_taken is not None and time < known.newest_taken:
        return Outdated()
    number = max(stored_up_to, known.kept_from - 1)  # what is erased cannot be exported again
    if number > known.stored_up_to:
        return Advance(number)
    if number == known.stored_up_to:
        return NothingNew()
    if known.confirmed_at is not None and time > known.confirmed_at:
        return GoBack(number)
    return Outdated()
