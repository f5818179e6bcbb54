"""`beyond-served`: more votes about an officer on a day than the case register says were served."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from protocol.messages import CaseToken, VoteId
from sync_server.core.labelling.cast import Cast


def beyond_served(
    votes: Iterable[Cast], received: Mapping[str, int], registered: Mapping[CaseToken, date], votes_a_case: int
) -> frozenset[VoteId]:
    """Return the votes of one day, about each officer, beyond *votes_a_case* for each case served.

    *received*: how many cases each officer took in on that day; when the register knows of none at all it is not filled
    in yet, and nothing is returned. *registered*: when each known case was received: one of another day that a vote
    names was served too. A vote whose case is registered is never returned.
    """
    if not received:
        return frozenset()
    about: defaultdict[str, list[Cast]] = defaultdict(list)
    for vote in votes:
        if vote.officer is not None:
            about[vote.officer].append(vote)
    found: set[VoteId] = set()
    for officer, group in about.items():
        named = {vote.case_token: vote.day for vote in group if vote.case_token in registered}
        earlier = sum(registered[token] != day for token, day in named.items() if token is not None)
        beyond = len(group) - votes_a_case * (received.get(officer, 0) + earlier)
        unnamed = sorted((vote for vote in group if vote.case_token not in registered), key=lambda vote: vote.order)
        if beyond > 0:
            found.update(vote.vote_id for vote in unnamed[-beyond:])
    return frozenset(found)
