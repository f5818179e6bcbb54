"""Whom a vote is about: the case register says it exactly, who signed in at the counter nearly, the counter roughly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from protocol.messages import CaseToken, Vote
from sync_server.core.book import Book
from sync_server.core.quarter import local_day


@dataclass(frozen=True)
class Attribution:
    """Officer, field and procedure of a vote, as far as they are known."""

    officer: str | None = None
    field: str | None = None
    procedure: str | None = None


UNKNOWN = Attribution()


@dataclass(frozen=True)
class RegisteredCase:
    """What the case register says of a case."""

    procedure: str
    officer: str


@dataclass(frozen=True)
class Known:
    """What is known of several sites: their registered cases, and who worked where on which day."""

    cases: Mapping[tuple[str, CaseToken], RegisteredCase] = field(default_factory=dict)
    books: Mapping[str, Book] = field(default_factory=dict)


def attribute(site: str, vote: Vote, known: Known) -> Attribution:
    """Return what a vote is about: by its registered case, its officer or the counter it was cast at; or nothing.

    Officers and counters as they were on the day of the vote.
    """
    book = known.books.get(site, Book(site))
    day = local_day(vote.hour)
    if vote.case_token is not None and (case := known.cases.get((site, vote.case_token))) is not None:
        return of_case(case, book, day)
    if vote.officer is not None and (officer := book.officers.nearest(vote.officer, day)) is not None:
        return Attribution(vote.officer, officer.field)
    desk = None if vote.counter is None else book.counters.at(str(vote.counter), day)
    if desk is not None and (officer := book.officers.nearest(desk.officer, day)) is not None:
        return Attribution(desk.officer, officer.field)
    return UNKNOWN


def of_case(case: RegisteredCase, book: Book, day: date) -> Attribution:
    """Return what a vote of a day is about whose case is registered."""
    procedure = book.procedures.nearest(case.procedure, day)
    return Attribution(case.officer, None if procedure is None else procedure.field, case.procedure)
