"""`burst`: more votes at one counter within an hour than people can be served there."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from protocol.messages import VoteId
from sync_server.core.labelling.cast import Cast

Place = tuple[str | int, datetime]


def bursts(votes: Iterable[Cast], most_an_hour: int, counters: int) -> frozenset[VoteId]:
    """Return the votes of each hour beyond the first that can be; which of them were made up nobody knows.

    Votes that name no counter are counted by their kiosk, which may stand for all *counters* of the office. Votes whose
    hour is not known are left alone.
    """
    at: defaultdict[Place, list[Cast]] = defaultdict(list)
    for vote in votes:
        if vote.has_known_hour:
            at[(vote.kiosk if vote.counter is None else vote.counter), vote.hour].append(vote)
    found: set[VoteId] = set()
    for (place, _), group in at.items():
        most = most_an_hour * (max(counters, 1) if isinstance(place, str) else 1)
        found.update(vote.vote_id for vote in sorted(group, key=lambda vote: vote.order)[most:])
    return frozenset(found)
