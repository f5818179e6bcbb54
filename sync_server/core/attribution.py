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


UNKNOWN = Attribution()


def attribute(
    site: str,
    vote: Vote,
    cases: Mapping[tuple[str, CaseToken], Attribution],
    counters: Mapping[tuple[str, int], Attribution],
) -> Attribution:
    """Return what a vote is about: by its registered case, else by the counter it was cast at, else nothing.

    Cases and counters are those of several sites, each under its site's name.
    """
    about: Attribution | None = None
    if vote.case_token is not None:
        about = cases.get((site, vote.case_token))
    if about is None and vote.counter is not None:
        about = counters.get((site, vote.counter))
    return UNKNOWN if about is None else about
