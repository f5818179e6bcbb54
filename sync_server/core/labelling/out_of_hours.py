"""`out-of-hours`: cast in an hour in which the office was closed all the time.

The server knows the hour alone: of one in which the office opens or closes it cannot tell. The kiosk can, and labels by
the minute.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from protocol.messages import OpeningHours, VoteId
from sync_server.core.labelling.cast import Cast
from sync_server.core.quarter import VIETNAM


def out_of_hours(votes: Iterable[Cast], hours: Sequence[OpeningHours], grace_minutes: int) -> frozenset[VoteId]:
    """Return the votes whose hour lies outside all opening hours, made longer by so many minutes at both ends.

    Without opening hours nothing is known, and nothing returned. Votes whose hour is not known are left alone.
    """
    if not hours:
        return frozenset()
    return frozenset(
        vote.vote_id for vote in votes if vote.has_known_hour and not _is_open(vote.hour, hours, grace_minutes)
    )


def _is_open(hour: datetime, hours: Sequence[OpeningHours], grace: int) -> bool:
    """Whether the office is open at some time within an hour."""
    local = hour.astimezone(VIETNAM)
    begins, ends = local.hour * 60, local.hour * 60 + 60
    return any(
        opening.weekday == local.isoweekday() and opening.opens - grace < ends and begins < opening.closes + grace
        for opening in hours
    )
