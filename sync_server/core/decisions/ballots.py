"""Votes as they lie in an archive: one row each, whether cast at a kiosk or counted from paper; of nobody. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

ID_DIGITS = 32


@dataclass(frozen=True, repr=False)
class Ballot:
    """A vote of a kiosk, or a line of paper, which may be several votes that were tallied together.

    *answers*: criterion, level, and how many of the votes chose it.
    """

    ballot: str  # its random id
    channel: str
    survey: int
    answers: tuple[tuple[str, int, int], ...]
    labels: tuple[str, ...] = ()  # in force
    votes: int = 1


class Single(NamedTuple):  # made by the million
    """A vote in an archive."""

    vote: str
    survey: int
    answers: str  # "overall=4,time=2", by criterion
    left_out: str  # "duplicate,hasty": the labels for which the rules leave it out; nothing where it counts


def singles(ballot: Ballot, excluded: Collection[str]) -> Iterator[Single]:
    """Yield each vote of a ballot for itself.

    A tally says how often each level was chosen, not by whom together with what: its answers are dealt out to its votes
    question by question, so that each question adds up to the tally.
    """
    left_out = ",".join(sorted(set(ballot.labels) & set(excluded)))
    if ballot.votes == 1:
        answers = ",".join(f"{criterion}={level}" for criterion, level, _ in sorted(ballot.answers))
        yield Single(ballot.ballot, ballot.survey, answers, left_out)
        return
    dealt = _dealt(ballot)
    for place in range(ballot.votes):
        chosen = [(criterion, _at(levels, (place - first) % ballot.votes)) for criterion, first, levels in dealt]
        answers = ",".join(f"{criterion}={level}" for criterion, level in chosen if level is not None)
        yield Single(id_of_part(ballot.ballot, place), ballot.survey, answers, left_out)


def id_of_part(ballot: str, place: int) -> str:
    """Return the id of a vote of a tally: nobody sees by it that it is one."""
    return sha256(f"{ballot}:{place}".encode()).hexdigest()[:ID_DIGITS]


def ids_of(ballot: str, votes: int) -> Iterator[str]:
    """Yield the ids under which the votes of a ballot lie in an archive."""
    yield from (ballot,) if votes == 1 else (id_of_part(ballot, place) for place in range(votes))


_Levels = Sequence[tuple[int, int]]


def _dealt(ballot: Ballot) -> list[tuple[str, int, _Levels]]:
    # Each question goes on where the one before it ended: so no vote stays blank that answered anything.
    dealt: list[tuple[str, int, _Levels]] = []
    first = 0
    for criterion in sorted({asked for asked, _, _ in ballot.answers}):
        levels = sorted((level, votes) for asked, level, votes in ballot.answers if asked == criterion)
        dealt.append((criterion, first, levels))
        first = (first + sum(votes for _, votes in levels)) % ballot.votes
    return dealt


def _at(levels: _Levels, place: int) -> int | None:
    for level, votes in levels:
        if place < votes:
            return level
        place -= votes
    return None
