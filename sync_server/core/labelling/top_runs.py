"""`top-run`: so many votes in a row, at one kiosk, that all give the best level that it hardly was chance."""

from collections.abc import Iterable
from itertools import groupby

from protocol.messages import VoteId
from sync_server.core.labelling.cast import Cast


def top_runs(votes: Iterable[Cast], least: int) -> frozenset[VoteId]:
    """Return the votes of one day that stand in a run of at least so many, by their numbers in their stream.

    Numbers that are missing do not end a run: visits without an answer have them too.
    """
    found: set[VoteId] = set()
    in_order = sorted(votes, key=lambda vote: (vote.stream, vote.number))
    for (_, all_best), group in groupby(in_order, key=lambda vote: (vote.stream, vote.all_best)):
        run = [vote.vote_id for vote in group]
        if all_best and len(run) >= least:
            found.update(run)
    return frozenset(found)
