"""Which votes of an older file a damaged one must have had. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from kiosk.outbox.records import VoteRow
from protocol.messages import Count, VoteId


def missing(
    known: Mapping[VoteId, VoteRow], older: Sequence[VoteRow], stored_up_to: Count, first: int
) -> Iterator[VoteRow]:
    """Return the votes of a file set aside that waited in the one that took them over, but cannot be read there.

    *known* are those that can, *older* those of the file set aside, ascending. Votes keep their order when they are
    taken over, so each one's number follows from a neighbour that both files have; if they have none, from the number
    that the *first* of the older ones got. What the server has confirmed, up to *stored_up_to*, does not come back to
    life: neither what was erased since, nor an exact time that was blanked.
    """
    shift = next((known[vote.vote_id].number - at for at, vote in enumerate(older) if vote.vote_id in known), first)
    for at, vote in enumerate(older):
        if vote.vote_id in known:
            shift = known[vote.vote_id].number - at
        elif at + shift > stored_up_to:
            yield vote._replace(number=at + shift, confirmed_at=None)
