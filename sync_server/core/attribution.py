"""Whom a vote is about: the case register says it exactly, who signed in at the counter nearly, the counter roughly."""

from collections.abc import Mapping
from dataclasses import dataclass

from protocol.messages import CaseToken, Vote


@dataclass(frozen=True)
class Attribution:
    """Officer, field and procedure of a vote, as far as they are known."""

    officer: str | None = None
    field: str | None = None
    procedure: str | None = None


UNKNOWN = Attribution()


@dataclass(frozen=True)
class Known:
    """What is known of several sites: cases, officers and counters, each under its site's name."""

    cases: Mapping[tuple[str, CaseToken], Attribution]
    officers: Mapping[tuple[str, str], Attribution]
    counters: Mapping[tuple[str, int], Attribution]


def attribute(site: str, vote: Vote, known: Known) -> Attribution:
    """Return what a vote is about: by its registered case, its officer or the counter it was cast at; or nothing."""
    about: Attribution | None = None
    if vote.case_token is not None:
        about = known.cases.get((site, vote.case_token))
    if about is None and vote.officer is not None:
        about = known.officers.get((site, vote.officer))
    if about is None and vote.counter is not None:
        about = known.counters.get((site, vote.counter))
    return UNKNOWN if about is None else about
