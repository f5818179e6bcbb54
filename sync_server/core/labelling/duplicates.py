"""`duplicate`: further votes for a case that was rated already, at whatever kiosk."""

from collections import defaultdict
from collections.abc import Container, Iterable

from protocol.messages import CaseToken, Number, VoteId
from sync_server.core.labelling.cast import Cast


def duplicates(votes: Iterable[Cast], daily: Container[Number]) -> frozenset[VoteId]:
    """Return those that follow another one of the same case.

    *votes*: all of a site for each case that any of them names. *daily*: the surveys under which a case may be rated
    again on another day; a vote of one follows another only if both are certainly of one day.
    """
    of_case: defaultdict[CaseToken, list[Cast]] = defaultdict(list)
    for vote in votes:
        if vote.case_token is not None:
            of_case[vote.case_token].append(vote)
    found: set[VoteId] = set()
    for group in of_case.values():
        days = set()
        for place, vote in enumerate(sorted(group, key=lambda vote: vote.order)):
            again = place > 0
            if vote.survey in daily:
                again = vote.day == vote.until_day and vote.day in days
            if again:
                found.add(vote.vote_id)
            if vote.day == vote.until_day:
                days.add(vote.day)
    return frozenset(found)
