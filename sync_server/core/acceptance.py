"""What of a batch is new, and what must be refused.

A stream is accepted only as its contiguous continuation: what is there already is dropped, what begins
beyond a gap waits until the kiosk has gone back. So every accepted entry is new and counts once.
"""

from dataclasses import dataclass

import msgspec

from protocol.codec import ReadBatch, UnreadableVote
from protocol.messages import Count, Vote
from sync_server.core.surveys import SURVEYS

FIRST_YEAR = 2020
LAST_YEAR = 2099


@dataclass(frozen=True)
class Refused:
    """An entry that takes its number in the stream but is not counted; *raw* is the entry itself."""

    number: int
    reason: str
    raw: bytes


@dataclass(frozen=True)
class Accepted:
    """The new part of a batch; *stored_up_to* is the stream's number once it is in."""

    votes: tuple[Vote, ...]
    refused: tuple[Refused, ...]
    stored_up_to: Count


def accept(stored_up_to: Count, batch: ReadBatch) -> Accepted:
    """Split the new entries of a batch into votes and refusals."""
    if batch.first > stored_up_to + 1:
        return Accepted((), (), stored_up_to)
    votes: list[Vote] = []
    refused: list[Refused] = []
    for entry in batch.entries:
        if entry.number <= stored_up_to:
            continue
        if isinstance(entry, UnreadableVote):
            refused.append(Refused(entry.number, entry.reason, entry.raw))
        elif reason := why_refused(entry):
            refused.append(refuse(entry, reason))
        else:
            votes.append(entry)
    return Accepted(tuple(votes), tuple(refused), max(stored_up_to, batch.last))


def refuse(vote: Vote, reason: str) -> Refused:
    """Turn a well-formed vote into a refusal."""
    return Refused(vote.number, reason, msgspec.json.encode(vote))


def why_refused(vote: Vote) -> str | None:
    """Say why a well-formed vote cannot be counted; None when it can."""
    survey = SURVEYS.get(vote.survey)
    if survey is None:
        return "no such survey"
    if not survey.criteria.issuperset(vote.answers):
        return "answers a question that the survey does not ask"
    if max(vote.answers.values()) > survey.levels:
        return "a level that the survey does not have"
    if not FIRST_YEAR <= vote.hour.year <= LAST_YEAR:
        return f"dated outside {FIRST_YEAR} to {LAST_YEAR}"
    return None
