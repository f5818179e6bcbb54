"""Votes as they travel."""

from datetime import UTC, datetime
from itertools import count

from protocol.codec import encode
from protocol.messages import Level, Vote, VoteBatch

THE_HOUR = datetime(2026, 11, 20, 3, tzinfo=UTC)

_ids = count(1)


def a_vote(
    number: int,
    *,
    level: Level = 5,
    vote_id: str | None = None,
    survey: int = 1,
    criterion: str = "overall",
    hour: datetime = THE_HOUR,
    counter: int | None = None,
    case_token: str | None = None,
    latest_hour: datetime | None = None,
) -> Vote:
    """A vote with an id of its own, unless told otherwise."""
    return Vote(
        vote_id=vote_id or f"{next(_ids):032x}",
        number=number,
        hour=hour,
        survey=survey,
        answers={criterion: level},
        counter=counter,
        case_token=case_token,
        latest_hour=latest_hour,
    )


def some_votes(first: int, last: int) -> tuple[Vote, ...]:
    return tuple(a_vote(number) for number in range(first, last + 1))


def batch(stream: str, *votes: Vote) -> bytes:
    """The message that carries the votes."""
    return encode(VoteBatch(stream, votes))
