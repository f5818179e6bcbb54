"""`duplicate`: further votes for a case that was rated already, at whatever kiosk."""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from protocol.messages import CaseToken, Number, VoteId
from sync_server.core.labelling.cast import Cast


@dataclass(frozen=True)
class Spent:
    """A case that was rated within these days, by votes that have forgotten it."""

    case_token: CaseToken
    first: date
    last: date

    def was_before(self, vote: Cast) -> bool | None:
        """Whether a vote that still knows this case is a further one; None where nobody can know.

        Those that have forgotten it came first, also where they were cast later on one of these days.
        """
        if vote.day > self.last or (vote.day >= self.first and vote.until_day <= self.last):
            return True
        return False if vote.until_day < self.first else None


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


def again(
    votes: Iterable[Cast], spent: Iterable[Spent], daily: Container[Number]
) -> tuple[frozenset[VoteId], frozenset[VoteId]]:
    """Return those whose case was rated before, by a vote that has forgotten it, and those of which nobody can know.

    Under a *daily* survey a vote follows another only if both are certainly of one day, which nothing tells any more.
    """
    times: defaultdict[CaseToken, list[Spent]] = defaultdict(list)
    for each in spent:
        times[each.case_token].append(each)
    further, unsure = set(), set()
    for vote in votes:
        if vote.case_token is not None and vote.survey not in daily:
            said = {each.was_before(vote) for each in times[vote.case_token]}
            if True in said:
                further.add(vote.vote_id)
            elif None in said:
                unsure.add(vote.vote_id)
    return frozenset(further), frozenset(unsure)
