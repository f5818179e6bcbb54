"""From an open quarter to an issued Decision: which step is allowed from where. Pure.

A time has versions, numbered from 1. One at most is being worked on, one at most is in force; a version that was issued
or discarded stays for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How far a version has come."""

    OPEN = "open"  # nothing is done yet; a time without versions is open too
    CLOSING = "closing"  # all that it needs is here, or a leader goes on without it
    DRAFT = "draft"
    REVIEWED = "reviewed"
    ISSUED = "issued"
    AMENDED = "amended"  # in force together with the one that amends it
    REPLACED = "replaced"
    DISCARDED = "discarded"


class Step(StrEnum):
    """What a person does."""

    CLOSE = "close"
    DRAFT = "draft"
    REVIEW = "review"
    ISSUE = "issue"
    DISCARD = "discard"
    AMEND = "amend"  # begins another version
    NUMBER = "number"  # the clerk has given number and day


class Change(StrEnum):
    """What a version does to the one before it."""

    AMENDS = "amends"  # Quyết định sửa đổi, bổ sung
    REPLACES = "replaces"  # Quyết định thay thế


class Kind(StrEnum):
    """What is issued."""

    DECISION = "decision"
    REPORT = "report"


ENDED = frozenset({State.AMENDED, State.REPLACED, State.DISCARDED})
IN_HAND = frozenset({State.OPEN, State.CLOSING, State.DRAFT, State.REVIEWED})
SUPERSEDED: Mapping[Change, State] = {Change.AMENDS: State.AMENDED, Change.REPLACES: State.REPLACED}

_MOVES: Mapping[State, Mapping[Step, State]] = {
    State.OPEN: {Step.CLOSE: State.CLOSING, Step.DISCARD: State.DISCARDED},
    State.CLOSING: {Step.CLOSE: State.CLOSING, Step.DRAFT: State.DRAFT, Step.DISCARD: State.DISCARDED},
    State.DRAFT: {Step.DRAFT: State.DRAFT, Step.REVIEW: State.REVIEWED, Step.DISCARD: State.DISCARDED},
    State.REVIEWED: {Step.ISSUE: State.ISSUED, Step.DRAFT: State.DRAFT, Step.DISCARD: State.DISCARDED},
    State.ISSUED: {Step.AMEND: State.ISSUED, Step.NUMBER: State.ISSUED},
    # The paper of one that was amended may get its number late.
    State.AMENDED: {Step.NUMBER: State.AMENDED},
    State.REPLACED: {Step.NUMBER: State.REPLACED},
    State.DISCARDED: {},
}


class NotNow(Exception):
    """That step is not possible now; the text says why, and what is."""


@dataclass(frozen=True)
class Version:
    """One attempt at a document about a time."""

    number: int
    state: State = State.OPEN
    amends: int | None = None  # the version that it changes
    change: Change | None = None


def moved(state: State, step: Step) -> State:
    """Return where a step leads; NotNow says which steps are possible instead."""
    if step not in _MOVES[state]:
        possible = ", ".join(_MOVES[state]) or "nothing any more"
        raise NotNow(f"it is {state}, so there is nothing to {step}; possible is: {possible}")
    return _MOVES[state][step]


def in_hand(versions: Sequence[Version]) -> Version | None:
    """Return the version that is being worked on."""
    return next((version for version in versions if version.state in IN_HAND), None)


def in_force(versions: Sequence[Version]) -> Version | None:
    """Return the version that was issued last."""
    return next((version for version in versions if version.state is State.ISSUED), None)


def current(versions: Sequence[Version]) -> Version | None:
    """Return the version that a step is about: the one being worked on, else the one in force."""
    return in_hand(versions) or in_force(versions)


def begun(versions: Sequence[Version]) -> Version:
    """Return the first version of a time, or the next one after all were discarded; NotNow where there is another."""
    if (other := current(versions)) is not None:
        raise NotNow(f"version {other.number} of it is {other.state}; {_instead(other.state)}")
    return Version(_next(versions))


def amending(versions: Sequence[Version], change: Change) -> Version:
    """Return the version that is to change the one in force; NotNow where there is none, or one is in hand."""
    if (other := in_hand(versions)) is not None:
        raise NotNow(f"version {other.number} of it is {other.state}: issue or discard that one first")
    issued = in_force(versions)
    if issued is None:
        raise NotNow("nothing was issued yet that could be amended; begin with: decision close")
    return Version(_next(versions), State.OPEN, issued.number, change)


def _next(versions: Sequence[Version]) -> int:
    return max((version.number for version in versions), default=0) + 1


def _instead(state: State) -> str:
    if state is State.ISSUED:
        return "what is issued is changed by: decision amend"
    return "go on with it, or discard it"
