"""How long votes take from the touch to the receipt, by the kiosk's monotonic clock.

Measured here, because no exact time of a vote leaves the kiosk. Pure. Votes of an earlier process of the kiosk, whose
clock was another one, are not measured.
"""

from collections.abc import Iterable

from protocol.messages import Count, Number, Vote, VoteId

BUCKETS = (1, 10, 60, 3600, 86400)  # seconds
MORE = "more"
MOST_MEASURED = 10_000  # votes; a kiosk that is offline for months does not keep a list of them in memory


class Delays:
    """`touched` may be called from another thread than the rest."""

    def __init__(self) -> None:
        self._buckets = dict.fromkeys([*map(str, BUCKETS), MORE], 0)
        self._touched: dict[VoteId, float] = {}
        self._sent: dict[Number, VoteId] = {}

    def touched(self, vote_id: VoteId, at: float) -> None:
        """A vote was stored whose face was touched then."""
        if len(self._touched) < MOST_MEASURED:
            self._touched[vote_id] = at

    def sent(self, votes: Iterable[Vote]) -> None:
        """These votes are on their way."""
        self._sent.update((vote.number, vote.vote_id) for vote in votes)

    def confirmed(self, stored_up_to: Count, at: float) -> None:
        """The server has everything up to this number, and the kiosk knows since *at*."""
        for number in [number for number in self._sent if number <= stored_up_to]:
            touched = self._touched.pop(self._sent.pop(number), None)
            if touched is not None:
                self._buckets[_bucket(at - touched)] += 1

    def renumbered(self) -> None:
        """The votes that wait have new numbers, in a new stream."""
        self._sent.clear()

    def reported(self) -> dict[str, Count]:
        """Votes per bucket; each is named by its upper end in seconds."""
        return {bucket: votes for bucket, votes in self._buckets.items() if votes}


def _bucket(seconds: float) -> str:
    return next((str(bucket) for bucket in BUCKETS if seconds <= bucket), MORE)
