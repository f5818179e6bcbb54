"""Whom a form is about, by what stands on it and by who worked where on its days. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sync_server.core.book import Book
from sync_server.core.dated import History

ABOUT = ("counter", "officer", "field", "procedure")


@dataclass(frozen=True)
class About:
    """As far as it is known."""

    counter: int | None
    officer: str | None
    field: str | None
    procedure: str | None


def about_of(said: Mapping[str, str], book: Book, first: date, last: date) -> About:
    """Return whom forms of these days are about; ValueError for what there was not on any of them.

    What the form does not say follows as for a kiosk's vote: the officer from the counter, if the day is known; the
    field from the procedure, or else from the officer.
    """
    histories: dict[str, History[Any]] = {
        "counter": book.counters,
        "officer": book.officers,
        "field": book.fields,
        "procedure": book.procedures,
    }
    given = {}
    for name in ABOUT:
        key = said.get(name, "")
        if key and key not in histories[name].during(first, last):
            raise ValueError(f"{name}: the office had no such {name} then")
        given[name] = key or None
    counter, officer, field, procedure = (given[name] for name in ABOUT)
    if officer is None and counter is not None and first == last:
        desk = book.counters.at(counter, first)
        officer = None if desk is None else desk.officer
    if field is None and procedure is not None:
        entry = book.procedures.nearest(procedure, last)
        field = None if entry is None else entry.field
    if field is None and officer is not None:
        sitting = book.officers.nearest(officer, last)
        field = None if sitting is None else sitting.field
    return About(None if counter is None else int(counter), officer, field, procedure)
