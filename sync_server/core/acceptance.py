"""What of a batch is new, what is repeated, and what must be refused.

A stream is accepted only as its contiguous continuation: what is there already is dropped, what begins
beyond a gap waits until the kiosk has gone back. So every accepted entry is new and counts once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from protocol.chain import EMPTY, link
from protocol.codec import ReadBatch, UnreadableVote
from protocol.messages import Chain, Count, Number, Vote
from sync_server.core.surveys import Surveys

FIRST_YEAR = 2020
# A kiosk dates by the server's own clock, so only a forgery or a server set wrong comes near this.
FURTHEST_AHEAD = timedelta(days=1)

STORED_ALREADY = "its id is stored already"


@dataclass(frozen=True)
class Held:
    """How much the server holds of a stream, and which votes these are (`protocol.chain`)."""

    stored_up_to: Count = 0
    chain: Chain = EMPTY


@dataclass(frozen=True)
class Refused:
    """An entry that takes its number in the stream but is not counted; *raw* is the entry itself."""

    number: Number
    reason: str
    raw: bytes


@dataclass(frozen=True)
class Accepted:
    """A batch beside what is held: its new part, its old part, and what is held once the new part is in."""

    votes: tuple[Vote, ...]
    refused: tuple[Refused, ...]
    repeated: tuple[Vote | UnreadableVote, ...]  # under numbers that are held; whether they are the same, the ids tell
    held: Held


def accept(held: Held, batch: ReadBatch, surveys: Surveys, now: datetime) -> Accepted:
    """Split the entries of a batch; nothing of one that begins beyond a gap is accepted."""
    repeated: list[Vote | UnreadableVote] = []
    if batch.first > held.stored_up_to + 1:
        return Accepted((), (), (), held)
    votes: list[Vote] = []
    refused: list[Refused] = []
    chain = held.chain
    for entry in batch.entries:
        if entry.number <= held.stored_up_to:
            repeated.append(entry)
            continue
        chain = link(chain, entry.vote_id)
        counted = judge(entry, surveys, now)
        if isinstance(counted, Refused):
            refused.append(counted)
        else:
            votes.append(counted)
    return Accepted(tuple(votes), tuple(refused), tuple(repeated), Held(max(held.stored_up_to, batch.last), chain))


def judge(entry: Vote | UnreadableVote, surveys: Surveys, now: datetime) -> Vote | Refused:
    """Return the vote if it can be counted; *surveys* are those of its office."""
    if isinstance(entry, UnreadableVote):
        return Refused(entry.number, entry.reason, entry.raw)
    reason = why_refused(entry, surveys, now)
    return entry if reason is None else refuse(entry, reason)


def refuse(vote: Vote, reason: str) -> Refused:
    """Turn a well-formed vote into a refusal."""
    return Refused(vote.number, reason, raw_of(vote))


def raw_of(entry: Vote | UnreadableVote) -> bytes:
    """Return an entry as it would travel."""
    return entry.raw if isinstance(entry, UnreadableVote) else msgspec.json.encode(entry)


def why_refused(vote: Vote, surveys: Surveys, now: datetime) -> str | None:
    """Say why a well-formed vote cannot be counted; None when it can."""
    survey = surveys.get(vote.survey)
    if survey is None:
        return "no such survey"
    objection = survey.objection(vote.answers)
    if objection is not None:
        return objection
    if vote.hour.year < FIRST_YEAR:
        return f"dated before {FIRST_YEAR}"
    if vote.hour > now + FURTHEST_AHEAD:
        return "dated in the future"
    return None


def until_hour(vote: Vote, this_hour: datetime) -> datetime:
    """Return the last hour in which a vote may have been cast: none lies ahead of the present one."""
    return vote.hour if vote.latest_hour is None else max(vote.hour, min(vote.latest_hour, this_hour))
