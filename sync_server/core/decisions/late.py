"""Which votes there were when a Decision was made, and how many have come since. Pure."""

from collections.abc import Mapping

import msgspec


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was there: a stream is only ever continued, so its highest number tells the votes that come later apart."""

    votes: int  # of kiosks, cast in the time
    streams: dict[str, int]  # the highest number stored of each
    batches: dict[str, int]  # of forms, in force: how many votes each holds of the time

    def is_same_time(self, other: "Held") -> bool:
        """Whether no vote of the time has come or gone; others may have."""
        return (self.votes, self.batches) == (other.votes, other.batches)


class Late(msgspec.Struct, frozen=True):
    """Votes of a time that came after it was decided on, or were taken back."""

    votes: int = 0  # of kiosks
    forms: int = 0  # on paper
    withdrawn: int = 0  # on paper

    def __bool__(self) -> bool:
        return bool(self.votes or self.forms or self.withdrawn)


def late_forms(before: Mapping[str, int], now: Mapping[str, int]) -> tuple[int, int]:
    """Return how many votes stand in batches that are new, and how many in batches that are gone."""
    new = sum(votes for batch, votes in now.items() if batch not in before)
    gone = sum(votes for batch, votes in before.items() if batch not in now)
    return new, gone
