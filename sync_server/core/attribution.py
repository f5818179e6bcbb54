"""Whom a vote is about: the case register says it exactly, the counter roughly."""

from collections.abc import Mapping
from dataclasses import dataclass

from protocol.messages import CaseToken, Vote


@dataclass(frozen=True)
class Attribution:
    """Officer, field and procedure of a vote, as far as they are known."""

    officer: str | None = None
    field: str | None = None
    procedure: str | None = None


def attribute(vote: Vote, cases: Mapping[CaseToken, Attribution], counters: Mapping[int, Attribution]) -> Attribution:
    """Return what a vote is about: by its registered case, else by the counter it was cast at, else nothing."""
    if vote.case_token is not None and vote.case_token in cases:
        return cases[vote.case_token]
    if vote.counter is not None and vote.counter in counters:
        return counters[vote.counter]
    return Attribution()
